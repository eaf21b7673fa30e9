//! The paths that the gateway answers itself.

use kfwasm_config::{AbsolutePath, Config};

use crate::normalized_path::NormalizedPath;
use crate::providers::{ProviderId, Providers};

/// One of our own endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Where the first provider of the host sends the browser back to.
    Callback,
    /// Where a further one does.
    CallbackOf(ProviderId),
    /// Where a sign-in at a provider begins that somebody has chosen.
    Start(ProviderId),
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
pub(crate) fn at(
    path: &NormalizedPath<'_>,
    config: &Config,
    providers: &Providers,
) -> Option<Endpoint> {
    let text = path.as_str();
    let is_here = |it: &AbsolutePath| it.as_str().len() == text.len() && it.as_str() == text;
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
    let for_program = for_programs.find(|(it, _)| is_here(it));
    for_program
        .map(|(_, endpoint)| endpoint)
        .or_else(|| of_a_provider(path, config, providers))
}

fn of_a_provider(
    path: &NormalizedPath<'_>,
    config: &Config,
    providers: &Providers,
) -> Option<Endpoint> {
    let (provider, begins) = providers.at(path, &config.callback)?;
    Some(match begins {
        true => Endpoint::Start(provider),
        false => Endpoint::CallbackOf(provider),
    })
}
