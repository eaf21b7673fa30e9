use std::collections::{BTreeMap, BTreeSet};

use kfwasm_config::{EndpointUrl, Issuer, Provider, Scheme, is_in_cluster};
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::object::Object;
use crate::settings::Settings;

/// A host that the filter calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Called {
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

/// The way to the provider; to one in the cluster only what makes TLS of it.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let called = called_by(settings);
    let (inside, outside): (Vec<&Called>, Vec<&Called>) =
        called.iter().partition(|it| is_in_cluster(&it.host));
    // No ServiceEntry has an address of IPv6 for a host.
    let outside = outside.into_iter().filter(|it| !it.host.starts_with('['));
    let objects: Vec<Object> = outside
        .flat_map(objects)
        .chain(rules_inside(&inside))
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

fn called_by(settings: &Settings) -> BTreeSet<Called> {
    let installation = &settings.installation;
    let mut hosts: BTreeSet<Called> = installation
        .plugin
        .providers
        .iter()
        .flat_map(called)
        .collect();
    let issuers = installation.plugin.bearer.issuers.iter();
    let keys = issuers.filter_map(|issuer| issuer.jwks_uri.as_ref());
    hosts.extend(keys.map(of_endpoint));
    let named = installation.provider_hosts.iter().map(|named| Called {
        host: named.host.clone(),
        port: named.port,
        https: true,
    });
    // What is called without TLS at one place must not be given it at another.
    let named = named.filter(|it| {
        let without = Called {
            https: false,
            ..it.clone()
        };
        !hosts.contains(&without)
    });
    let named: Vec<Called> = named.collect();
    hosts.extend(named);
    hosts
}

/// Where the filter itself goes. Authorization and end session endpoints are visited by browsers.
fn called(provider: &Provider) -> Vec<Called> {
    let endpoints = [
        &provider.token_endpoint,
        &provider.jwks_uri,
        &provider.userinfo_endpoint,
        &provider.graph_endpoint,
    ];
    let mut hosts: Vec<Called> = endpoints.into_iter().flatten().map(of_endpoint).collect();
    if provider.is_discovered() {
        hosts.push(of_issuer(&provider.issuer));
    }
    let companions = COMPANIONS
        .iter()
        .filter(|(host, _)| *host == provider.issuer.host());
    hosts.extend(
        companions
            .flat_map(|(_, others)| others.iter())
            .map(|host| Called {
                host: (*host).to_owned(),
                port: 443,
                https: true,
            }),
    );
    hosts
}

fn of_endpoint(url: &EndpointUrl) -> Called {
    Called {
        host: url.host().to_owned(),
        port: url.port(),
        https: url.scheme() == Scheme::Https,
    }
}

fn of_issuer(issuer: &Issuer) -> Called {
    Called {
        host: issuer.host().to_owned(),
        port: issuer.port(),
        https: issuer.scheme() == Scheme::Https,
    }
}

/// The rule first: the entry alone would be a way without TLS, and what is written is applied from the top.
fn objects(called: &Called) -> Vec<Object> {
    let Called { host, port, https } = called;
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
    let rule = https.then(|| rule(&name, host)).flatten();
    [rule, entry].into_iter().flatten().collect()
}

/// That the gateway speaks TLS to that host.
fn rule(name: &str, host: &str) -> Option<Object> {
    let rule = deploy::EGRESS.object("DestinationRule")?;
    Some(
        rule.with("/metadata/name", name)
            .with("/spec/host", host)
            .with(&format!("{TLS}/sni"), host)
            .with(&format!("{TLS}/subjectAltNames/0"), host),
    )
}

const TLS: &str = "/spec/trafficPolicy/tls";

/// That the gateway speaks TLS to Services of the cluster, which Istio knows by itself. At these ports alone, because a Service
/// may have others.
fn rules_inside(called: &[&Called]) -> Vec<Object> {
    let mut ports: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for Called { host, port, .. } in called.iter().filter(|it| it.https) {
        ports.entry(host).or_default().push(*port);
    }
    let rules = ports.into_iter().filter_map(|(host, ports)| {
        let rule = rule(&format!("kfwasm-{host}"), host)?;
        let tls = rule.get(TLS)?.clone();
        let ports = ports.into_iter();
        let ports = ports.map(|port| json!({ "port": { "number": port }, "tls": tls }));
        let ports: Vec<Value> = ports.collect();
        let rule = rule.without(TLS);
        Some(rule.with("/spec/trafficPolicy/portLevelSettings", ports))
    });
    rules.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str, port: u16, https: bool) -> Called {
        let host = host.to_owned();
        Called { host, port, https }
    }

    /// Its other ports are none of the provider's, and a second rule for the same Service would not count.
    #[test]
    fn a_provider_in_the_cluster_is_spoken_to_by_tls_at_its_ports_alone() {
        let dex = "dex.auth.svc.cluster.local";
        let all = [
            at(dex, 443, true),
            at(dex, 5556, true),
            at(dex, 5558, false),
        ];
        let rules = rules_inside(&all.each_ref());
        let [rule] = &rules[..] else {
            panic!("{rules:?}");
        };
        assert_eq!(
            rule.text("/metadata/name"),
            "kfwasm-dex.auth.svc.cluster.local"
        );
        assert_eq!(rule.text("/spec/host"), dex);
        assert_eq!(rule.get("/spec/exportTo"), Some(&json!(["."])));
        let tls = json!({ "mode": "SIMPLE", "caCertificates": "/etc/ssl/certs/ca-certificates.crt",
            "sni": dex, "subjectAltNames": [dex] });
        let ports = [443, 5556].map(|port| json!({ "port": { "number": port }, "tls": tls }));
        assert_eq!(
            rule.get("/spec/trafficPolicy"),
            Some(&json!({ "portLevelSettings": ports }))
        );
    }

    #[test]
    fn over_plain_http_a_provider_in_the_cluster_needs_no_rule() {
        assert!(rules_inside(&[&at("dex.auth.svc.cluster.local", 5556, false)]).is_empty());
    }

    fn called_with(provider: &str, hosts: &str) -> BTreeSet<Called> {
        let plugin = "publicHosts: [ml.example.com], plainHttp: accept";
        let text = format!(
            "name: ml\ncertificate: {{issuer: none}}\nproviderHosts: [{hosts}]\nplugin: {{{plugin}, providers: [{{clientId: kubeflow, clientSecret: {{env: A_SECRET}}, {provider}}}]}}\n"
        );
        called_by(&Settings::parse(&text).unwrap())
    }

    #[test]
    fn what_is_called_without_tls_is_not_given_it_by_another_name() {
        let dex = "dex.auth.svc.cluster.local";
        let provider = format!("issuer: \"http://{dex}:5556/dex\", insecureHttp: true");
        let called = called_with(&provider, &format!("\"{dex}:5556\", \"{dex}:5557\""));
        let wanted = [at(dex, 5556, false), at(dex, 5557, true)];
        assert_eq!(called, BTreeSet::from(wanted));
    }

    #[test]
    fn an_issuer_that_is_not_asked_needs_no_way() {
        let provider = "issuer: https://keycloak/realms/ml, authorizationEndpoint: https://id.example.com/auth, \
            tokenEndpoint: https://id.example.com/token, jwksUri: https://id.example.com/keys, \
            clientAuthentication: client_secret_basic";
        let called = called_with(provider, "");
        assert_eq!(called, BTreeSet::from([at("id.example.com", 443, true)]));
    }

    #[test]
    fn the_keys_of_programs_issuers_are_reached_too() {
        let plugin = "publicHosts: [ml.example.com], plainHttp: accept";
        let provider =
            "issuer: https://id.example.com, clientId: kubeflow, clientSecret: {env: A_SECRET}";
        let issuer = "issuer: https://ci.example.com, audiences: [kubeflow], jwksUri: https://keys.example.com/jwks";
        let text = format!(
            "name: ml\ncertificate: {{issuer: none}}\nplugin: {{{plugin}, providers: [{{{provider}}}], bearer: {{issuers: [{{{issuer}}}]}}}}\n"
        );
        let objects = manifest(&Settings::parse(&text).unwrap()).unwrap().objects;
        let hosts = objects.iter().map(|it| it.text("/spec/hosts/0"));
        let hosts: Vec<&str> = hosts.filter(|it| !it.is_empty()).collect();
        assert_eq!(hosts, ["id.example.com", "keys.example.com"]);
    }

    /// A pod with a sidecar that speaks TLS to the provider itself would have it twice.
    #[test]
    fn the_way_to_a_provider_is_the_gateways_alone() {
        for (host, objects) in [
            ("id.example.com", objects(&at("id.example.com", 443, true))),
            ("id.example.com", objects(&at("id.example.com", 80, false))),
            (
                "dex.auth.svc.cluster.local",
                rules_inside(&[&at("dex.auth.svc.cluster.local", 443, true)]),
            ),
        ] {
            assert!(!objects.is_empty(), "{host}");
            let is_private = |it: &Object| it.get("/spec/exportTo") == Some(&json!(["."]));
            assert!(objects.iter().all(is_private), "{objects:?}");
        }
    }

    /// Istio before 1.21 verifies nothing without `caCertificates`, and no Istio asks for a name without `subjectAltNames`.
    #[test]
    fn the_providers_certificate_is_checked_by_any_istio() {
        let provider = Called {
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
