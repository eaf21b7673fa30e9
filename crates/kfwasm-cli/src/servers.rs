//! The servers of a Gateway: which of them browsers come to.

use serde_json::Value;

/// The Secret with the certificate that browsers are shown at a public host, or at any.
///
/// Servers that pass TLS or TCP through, or end TLS for something that is no HTTP, are none of theirs.
pub(crate) fn credential<'g>(gateway: &'g Value, public_host: Option<&str>) -> Option<&'g str> {
    let servers = gateway.pointer("/spec/servers")?.as_array()?;
    let ours = || servers.iter().filter(|server| is_for_browsers(server));
    let of_host = |host| ours().find(|server| serves(server, host));
    let server = public_host.and_then(of_host).or_else(|| ours().next());
    server?.pointer("/tls/credentialName")?.as_str()
}

/// Whether it ends TLS with a certificate from a Secret, and speaks HTTP.
fn is_for_browsers(server: &Value) -> bool {
    let text = |pointer| server.pointer(pointer).and_then(Value::as_str);
    let speaks_http = text("/port/protocol").is_none_or(|it| it.eq_ignore_ascii_case("HTTPS"));
    let passes = text("/tls/mode").is_some_and(|mode| mode.ends_with("PASSTHROUGH"));
    speaks_http && !passes && text("/tls/credentialName").is_some()
}

/// Whether one of its hosts (`NAMESPACE/NAME`, where the name may begin with `*`) is this one, whose port is not compared.
fn serves(server: &Value, host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let hosts = server.get("hosts").and_then(Value::as_array);
    let mut hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
    hosts.any(|pattern| {
        let pattern = pattern.rsplit('/').next().unwrap_or(pattern);
        match pattern.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => name == pattern,
        }
    })
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
}
