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
    /// Where the provider's pages, in a frame, end a session.
    FrontChannelLogout,
    /// Where the provider itself ends sessions.
    BackChannelLogout,
    /// Where a person is asked whether a program may act for them.
    ProgramAuthorization,
    /// Where a program gets its session.
    ProgramToken,
}

/// The endpoint at exactly this path.
pub(crate) fn at(path: &NormalizedPath<'_>, config: &Config) -> Option<Endpoint> {
    let is_here = |it: &AbsolutePath| it.as_str() == path.as_str();
    if is_here(&config.callback.path) || config.callback.aliases.iter().any(is_here) {
        return Some(Endpoint::Callback);
    }
    if config.sign_out.paths.iter().any(is_here) {
        return Some(Endpoint::SignOut);
    }
    if is_here(&config.sign_out.front_channel_path) {
        return Some(Endpoint::FrontChannelLogout);
    }
    if is_here(&config.sign_out.back_channel_path) {
        return Some(Endpoint::BackChannelLogout);
    }
    let programs = &config.programs;
    let for_programs = [
        (&programs.authorize_path, Endpoint::ProgramAuthorization),
        (&programs.token_path, Endpoint::ProgramToken),
    ];
    let mut for_programs = for_programs.into_iter().filter(|_| programs.enabled);
    for_programs.find_map(|(it, endpoint)| is_here(it).then_some(endpoint))
}
