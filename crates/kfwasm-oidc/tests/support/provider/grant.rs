/// A sign-in that a code stands for (RFC 6749 §4.1.2).
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) redirect_uri: String,
    pub(super) nonce: String,
    pub(super) code_challenge: String,
    /// When the user proved who they are.
    pub(super) auth_time: u64,
    /// In which way they did.
    pub(super) acr: Option<String>,
    /// Which sign-in it comes of.
    pub(super) family: usize,
}
