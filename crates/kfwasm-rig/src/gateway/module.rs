/// Which module a gateway runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Module {
    /// The one that was built.
    #[default]
    Built,
    /// None: somebody deleted the plugin, or it never applied to this gateway.
    Removed,
    /// One that is to be fetched from a server that is not there.
    Unreachable,
    /// Another one, by its bytes.
    Other(Vec<u8>),
}
