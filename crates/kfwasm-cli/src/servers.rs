//! The servers of a Gateway: which of them browsers come to.

use std::cmp::Reverse;

use serde_json::Value;

/// Where browsers come that are told of no port (RFC 9110 §4.2.2).
const HTTPS: u64 = 443;

/// The Secret with the certificate that browsers are shown at a public host, or at any.
///
/// Servers that pass TLS or TCP through, or end TLS for something that is no HTTP, are none of theirs. Of several, Envoy
/// takes the one of the port that is asked, and there the one whose host says most; of those, Istio keeps the first.
pub(crate) fn credential<'g>(gateway: &'g Value, public_host: Option<&str>) -> Option<&'g str> {
    let servers = gateway.pointer("/spec/servers")?.as_array()?;
    let ours = || servers.iter().filter(|server| is_for_browsers(server));
    let nearest = |host| {
        let near = ours().filter_map(|server| Some((Reverse(nearness(server, host)?), server)));
        let nearest = near.min_by_key(|(nearness, _)| *nearness);
        nearest.map(|(_, server)| server)
    };
    let server = public_host.and_then(nearest).or_else(|| ours().next());
    server?.pointer("/tls/credentialName")?.as_str()
}

/// Whether it ends TLS with a certificate from a Secret, and speaks HTTP.
fn is_for_browsers(server: &Value) -> bool {
    let text = |pointer| server.pointer(pointer).and_then(Value::as_str);
    let speaks_http = text("/port/protocol").is_none_or(|it| it.eq_ignore_ascii_case("HTTPS"));
    let passes = text("/tls/mode").is_some_and(|mode| mode.ends_with("PASSTHROUGH"));
    speaks_http && !passes && text("/tls/credentialName").is_some()
}

/// How near a server is to who asks for a host: by the port first, then by its name.
fn nearness(server: &Value, host: &str) -> Option<(bool, Named)> {
    let (name, port) = parts(host);
    let hosts = server.get("hosts").and_then(Value::as_array);
    let hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
    let named = hosts.filter_map(|pattern| named(pattern, name)).max()?;
    let is_asked = server.pointer("/port/number").and_then(Value::as_u64) == Some(port);
    Some((is_asked, named))
}

/// The name and the port of an authority (RFC 3986 §3.2).
fn parts(host: &str) -> (&str, u64) {
    let split = host.rsplit_once(':');
    let split = split.and_then(|(name, port)| Some((name, port.parse().ok()?)));
    split.unwrap_or((host, HTTPS))
}

/// How much a server's host says of a name; the last says most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// By this many characters after `*`: of `*` by none.
    ByEnd(usize),
    Exactly,
}

/// Whether a host of a server (`NAMESPACE/NAME`, where the name may begin with `*`) is this one.
fn named(pattern: &str, name: &str) -> Option<Named> {
    let pattern = pattern.rsplit('/').next().unwrap_or(pattern);
    match pattern.strip_prefix('*') {
        Some(end) => name.ends_with(end).then_some(Named::ByEnd(end.len())),
        None => (name == pattern).then_some(Named::Exactly),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn server(protocol: &str, host: &str, tls: Value) -> Value {
        json!({ "hosts": [host], "port": { "protocol": protocol }, "tls": tls })
    }

    fn shown(servers: &[Value], host: &str) -> Option<String> {
        let gateway = json!({ "spec": { "servers": servers } });
        credential(&gateway, Some(host)).map(str::to_owned)
    }

    #[test]
    fn what_passes_through_shows_browsers_no_certificate() {
        let servers = [
            json!({ "hosts": ["*"], "port": { "protocol": "TCP" } }),
            server("TLS", "*", json!({ "mode": "PASSTHROUGH" })),
            server(
                "TLS",
                "*",
                json!({ "mode": "SIMPLE", "credentialName": "broker" }),
            ),
            server(
                "HTTPS",
                "*",
                json!({ "mode": "AUTO_PASSTHROUGH", "credentialName": "mesh" }),
            ),
            server("HTTP", "*", json!({ "httpsRedirect": true })),
            server(
                "HTTPS",
                "*",
                json!({ "mode": "SIMPLE", "credentialName": "ours" }),
            ),
        ];
        assert_eq!(shown(&servers, "ml.example.com").as_deref(), Some("ours"));
        assert_eq!(shown(&servers[..5], "ml.example.com"), None);
    }

    #[test]
    fn of_several_the_one_for_the_public_host_counts() {
        let simple = |name: &str| json!({ "mode": "SIMPLE", "credentialName": name });
        let servers = [
            server("HTTPS", "shop.example.com", simple("shop")),
            server("HTTPS", "kubeflow/*.example.com", simple("ours")),
        ];
        assert_eq!(
            shown(&servers, "ml.example.com:8443").as_deref(),
            Some("ours")
        );
        assert_eq!(shown(&servers, "ml.example.org").as_deref(), Some("shop"));
    }

    #[test]
    fn the_one_is_shown_whose_port_is_asked_and_whose_host_says_most() {
        let server = |port: u16, host: &str| {
            json!({ "hosts": [host], "tls": { "credentialName": format!("{port} {host}") },
            "port": { "number": port, "protocol": "HTTPS" } })
        };
        let servers = [
            server(443, "*"),
            server(443, "*.example.com"),
            server(443, "*.ml.example.com"),
            server(443, "kubeflow/ml.example.com"),
            server(8443, "*"),
            server(8443, "*.example.com"),
        ];
        for (host, wanted) in [
            ("ml.example.com", "443 kubeflow/ml.example.com"),
            ("ml.example.com:443", "443 kubeflow/ml.example.com"),
            ("ml.example.com:9443", "443 kubeflow/ml.example.com"),
            ("ml.example.com:8443", "8443 *.example.com"),
            ("a.ml.example.com", "443 *.ml.example.com"),
            ("shop.example.com", "443 *.example.com"),
            ("example.com", "443 *"),
            ("[2001:db8::1]", "443 *"),
            ("[2001:db8::1]:8443", "8443 *"),
        ] {
            let mut turned = servers.to_vec();
            turned.reverse();
            for servers in [&servers[..], &turned] {
                assert_eq!(shown(servers, host).as_deref(), Some(wanted), "{host}");
            }
        }
    }

    #[test]
    fn of_two_that_are_as_near_the_first_is_shown() {
        let simple = |name: &str| json!({ "mode": "SIMPLE", "credentialName": name });
        let servers = ["older", "younger"].map(|name| server("HTTPS", "*", simple(name)));
        assert_eq!(shown(&servers, "ml.example.com").as_deref(), Some("older"));
    }
}
