use std::collections::BTreeSet;

use kfwasm_config::{EndpointUrl, Issuer, Provider, Scheme, is_in_cluster};

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::object::Object;
use crate::settings::Settings;

/// A host outside of the cluster that the filter calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Outside {
    host: String,
    port: u16,
    https: bool,
}

/// Hosts that the discovery documents of well-known providers name beside their own.
const COMPANIONS: [(&str, &[&str]); 3] = [
    ("login.microsoftonline.com", &["graph.microsoft.com"]),
    ("login.microsoftonline.us", &["graph.microsoft.us"]),
    (
        "accounts.google.com",
        &[
            "oauth2.googleapis.com",
            "openidconnect.googleapis.com",
            "www.googleapis.com",
        ],
    ),
];

/// The way to the provider, unless it is in the cluster.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let objects: Vec<Object> = outside(settings)
        .iter()
        .flat_map(objects)
        .map(|object| beside_the_gateway(object, settings))
        .collect();
    (!objects.is_empty()).then(|| Manifest {
        name: "egress.yaml",
        comment: deploy::EGRESS.comment(),
        objects,
    })
}

/// The ports of what the filter calls, in the cluster too.
pub(super) fn ports(settings: &Settings) -> BTreeSet<u16> {
    called_by(settings).iter().map(|it| it.port).collect()
}

fn outside(settings: &Settings) -> BTreeSet<Outside> {
    let mut hosts = called_by(settings);
    // Istio knows the Services of the cluster by itself, and no ServiceEntry has an address of IPv6 for a host.
    hosts.retain(|Outside { host, .. }| !is_in_cluster(host) && !host.starts_with('['));
    hosts
}

fn called_by(settings: &Settings) -> BTreeSet<Outside> {
    let installation = &settings.installation;
    let mut hosts: BTreeSet<Outside> = installation
        .plugin
        .providers
        .iter()
        .flat_map(called)
        .collect();
    hosts.extend(installation.provider_hosts.iter().map(|named| Outside {
        host: named.host.clone(),
        port: named.port,
        https: true,
    }));
    hosts
}

/// Where the filter itself goes. Authorization and end session endpoints are visited by browsers.
fn called(provider: &Provider) -> Vec<Outside> {
    let endpoints = [
        &provider.token_endpoint,
        &provider.jwks_uri,
        &provider.userinfo_endpoint,
        &provider.graph_endpoint,
    ];
    let mut hosts: Vec<Outside> = endpoints.into_iter().flatten().map(of_endpoint).collect();
    hosts.push(of_issuer(&provider.issuer));
    let companions = COMPANIONS
        .iter()
        .filter(|(host, _)| *host == provider.issuer.host());
    hosts.extend(
        companions
            .flat_map(|(_, others)| others.iter())
            .map(|host| Outside {
                host: (*host).to_owned(),
                port: 443,
                https: true,
            }),
    );
    hosts
}

fn of_endpoint(url: &EndpointUrl) -> Outside {
    Outside {
        host: url.host().to_owned(),
        port: url.port(),
        https: url.scheme() == Scheme::Https,
    }
}

fn of_issuer(issuer: &Issuer) -> Outside {
    Outside {
        host: issuer.host().to_owned(),
        port: issuer.port(),
        https: issuer.scheme() == Scheme::Https,
    }
}

/// The rule first: the entry alone would be a way without TLS, and what is written is applied from the top.
fn objects(outside: &Outside) -> Vec<Object> {
    let Outside { host, port, https } = outside;
    let name = match port {
        443 => format!("kfwasm-{host}"),
        port => format!("kfwasm-{host}-{port}"),
    };
    let (word, protocol) = if *https {
        ("https", "HTTPS")
    } else {
        ("http", "HTTP")
    };
    let entry = deploy::EGRESS.object("ServiceEntry").map(|entry| {
        entry
            .with("/metadata/name", name.as_str())
            .with("/spec/hosts/0", host.as_str())
            .with("/spec/ports/0/number", *port)
            .with("/spec/ports/0/name", word)
            .with("/spec/ports/0/protocol", protocol)
    });
    let rule = deploy::EGRESS
        .object("DestinationRule")
        .filter(|_| *https)
        .map(|rule| {
            rule.with("/metadata/name", name.as_str())
                .with("/spec/host", host.as_str())
                .with("/spec/trafficPolicy/tls/sni", host.as_str())
                .with("/spec/trafficPolicy/tls/subjectAltNames/0", host.as_str())
        });
    [rule, entry].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Istio before 1.21 verifies nothing without `caCertificates`, and no Istio asks for a name without `subjectAltNames`.
    #[test]
    fn the_providers_certificate_is_checked_by_any_istio() {
        let provider = Outside {
            host: "id.example.com".to_owned(),
            port: 8443,
            https: true,
        };
        let objects = objects(&provider);
        let rule = objects
            .iter()
            .find(|it| it.text("/kind") == "DestinationRule");
        let tls = rule.unwrap().get("/spec/trafficPolicy/tls").unwrap();
        assert_eq!(tls["mode"], "SIMPLE");
        assert_eq!(tls["caCertificates"], "/etc/ssl/certs/ca-certificates.crt");
        assert_eq!(tls["sni"], "id.example.com");
        assert_eq!(tls["subjectAltNames"][0], "id.example.com");
    }
}
