use super::{IstioVersion, token_backstop};
use crate::config::Config;
use crate::read::object::Object;

choice_type! {
    /// What denies requests when the filter is gone.
    Backstop {
        /// An EnvoyFilter that lets only requests pass that the filter has marked.
        EnvoyFilter = "envoyFilter",
        /// An AuthorizationPolicy that lets only requests pass that have the header of `plugin.backstop`, for clusters
        /// where EnvoyFilter is forbidden.
        Header = "header",
        /// A RequestAuthentication and an AuthorizationPolicy that let only requests pass that have a token of the provider,
        /// which the filter sends with those of a session (`plugin.session.forwardIdToken`). Whoever can get such a token
        /// passes without the filter too, as whomever they say: it keeps out those who have no account.
        Jwt = "jwt",
        /// Nothing. Whoever deletes the plugin then opens the gateway.
        None = "none",
    }
}

/// Refuses one that would deny nothing, or everything.
pub(super) fn check(
    object: &mut Object<'_>,
    backstop: Option<Backstop>,
    istio: Option<IstioVersion>,
    plugin: Option<&Config>,
) {
    match (backstop, plugin) {
        (Some(Backstop::EnvoyFilter), _) => refuse_mark_unread(object, istio),
        (Some(Backstop::Header), Some(plugin)) => refuse_header_without_name(object, plugin),
        (Some(Backstop::Jwt), Some(plugin)) => token_backstop::check(object, plugin),
        _ => {}
    }
}

/// Envoy 1.25, which Istio 1.17 brings, is the first that can demand the mark. An older one refuses the EnvoyFilter, and its
/// gateway keeps what it had: no backstop.
fn refuse_mark_unread(object: &mut Object<'_>, istio: Option<IstioVersion>) {
    if istio.is_some_and(|istio| istio < IstioVersion::FILTER_STATE) {
        object.refuse(
            "backstop",
            "is envoyFilter, which needs Istio 1.17 or newer",
            "upgrade Istio, or write backstop: header with plugin.backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}",
        );
    }
}

/// A policy that demands no header would deny nothing.
fn refuse_header_without_name(object: &mut Object<'_>, plugin: &Config) {
    if plugin.backstop.header.is_none() {
        object.refuse(
            "backstop",
            "is header, and plugin.backstop names none",
            "write plugin.backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}; `kfwasm apply` makes the secret",
        );
    }
}
