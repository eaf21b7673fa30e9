//! The paths that the gateway answers itself.

use kfwasm_config::{AbsolutePath, Config};

use crate::normalized_path::NormalizedPath;

/// One of our own endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Where the provider sends the browser back to.
    Callback,
    /// Where sign-outs begin.
    SignOut,
}

/// The endpoint at exactly this path.
pub(crate) fn at(path: &NormalizedPath<'_>, config: &Config) -> Option<Endpoint> {
    let is_here = |it: &AbsolutePath| it.as_str() == path.as_str();
    if is_here(&config.callback.path) || config.callback.aliases.iter().any(is_here) {
        return Some(Endpoint::Callback);
    }
    let signs_out = config.sign_out.paths.iter().any(is_here);
    signs_out.then_some(Endpoint::SignOut)
}
