//! The memory that all workers of an Envoy share.

/// Entries by name, each with a version for compare-and-swap (proxy-wasm `proxy_get_shared_data`,
/// `proxy_set_shared_data`).
///
/// Other plugins of the same Envoy can read and write it too: what is put there is sealed.
pub trait SharedData {
    /// The entry's value and version.
    fn get(&mut self, name: &str) -> Option<(Vec<u8>, Version)>;

    /// Writes an entry if it still has the `version` that was read; always, when there was none.
    ///
    /// # Errors
    /// Another worker was faster, or the host has no room.
    fn set(&mut self, name: &str, value: &[u8], version: Option<Version>)
    -> Result<(), NotWritten>;
}

/// The version of an entry that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub u32);

/// The entry was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWritten;
