//! Services that are written short of their full names.

use std::borrow::Cow;

use crate::config::Config;
use crate::in_cluster::is_in_cluster;
use crate::provider::Provider;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The gateway has a way to `dex.auth.svc.cluster.local`, by that name alone: whatever asks for `dex` or `dex.auth.svc` there asks
/// for nobody.
pub(super) fn check(object: &mut Object<'_>, plugin: &Config) {
    let providers = plugin.providers.iter().enumerate();
    let of_providers = providers.flat_map(|(index, provider)| {
        let place = move |field| format!("plugin.providers[{index}].{field}");
        asked(provider).map(move |(field, host)| (place(field), host))
    });
    let issuers = plugin.bearer.issuers.iter().enumerate();
    let of_issuers = issuers.filter_map(|(index, issuer)| {
        let url = issuer.jwks_uri.as_ref()?;
        Some((
            format!("plugin.bearer.issuers[{index}].jwksUri"),
            url.host(),
        ))
    });
    for (place, host) in of_providers.chain(of_issuers) {
        let Some(mut refusal) = refusal(host) else {
            continue;
        };
        if place.ends_with(".issuer") {
            refusal.advice.to_mut().push_str(THERE_TOO);
        }
        object.refuse_at(place, refusal);
    }
}

/// Discovery takes an issuer that is, letter for letter, what was asked for (OpenID Connect Discovery 1.0 §4.3).
const THERE_TOO: &str = ", and give the provider that name too: its issuer has to be the same";

/// What the filter asks a provider at, and where that is written. An issuer of which nothing is discovered is a name and no
/// place.
fn asked(provider: &Provider) -> impl Iterator<Item = (&'static str, &str)> {
    let endpoints = [
        ("tokenEndpoint", &provider.token_endpoint),
        ("jwksUri", &provider.jwks_uri),
        ("userinfoEndpoint", &provider.userinfo_endpoint),
        ("graphEndpoint", &provider.graph_endpoint),
    ];
    let endpoints = endpoints.into_iter();
    let endpoints = endpoints.filter_map(|(field, url)| Some((field, url.as_ref()?.host())));
    let issuer = provider.is_discovered().then(|| provider.issuer.host());
    issuer
        .map(|host| ("issuer", host))
        .into_iter()
        .chain(endpoints)
}

/// Why a short name is refused; nothing, where it is none.
pub(super) fn refusal(host: &str) -> Option<Refusal> {
    const WHAT: &str = "is short for a Service, which Istio knows by its full name alone";
    let full = full_name(host)?;
    let advice =
        format!("write {full}, with your cluster's domain if that is another than cluster.local");
    Some(Refusal {
        advice: Cow::Owned(advice),
        ..Refusal::quoting(host, WHAT, "")
    })
}

/// The full name of a Service that is written short of it (`dex`, `dex.auth.svc`), with a stand-in for a namespace that it does
/// not say. Istio calls its clusters by full names alone.
fn full_name(host: &str) -> Option<String> {
    if !is_in_cluster(host) || host == "localhost" {
        return None;
    }
    match host.split('.').count() {
        1 => Some([host, ".NAMESPACE.svc.cluster.local"].concat()),
        3 => Some([host, ".cluster.local"].concat()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::full_name;

    #[test]
    fn a_short_name_has_a_full_one() {
        for (host, full) in [
            ("dex", Some("dex.NAMESPACE.svc.cluster.local")),
            ("dex.auth.svc", Some("dex.auth.svc.cluster.local")),
            ("dex.auth.svc.cluster.local", None),
            ("dex.auth.svc.k8s.example.com", None),
            ("dex.auth", None),
            ("id.example.com", None),
            ("localhost", None),
            ("[::1]", None),
        ] {
            assert_eq!(full_name(host).as_deref(), full, "{host}");
        }
    }
}
