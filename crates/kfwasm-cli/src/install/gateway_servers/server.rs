//! One server of a Gateway.

use serde_json::Value;

use crate::web::without_controls;

/// `https (port 8443, shop.example.com)`
pub(super) fn described(server: &Value) -> String {
    let (name, hosts) = (
        port_name(server),
        hosts(server).collect::<Vec<_>>().join(", "),
    );
    let number = port(server).map_or_else(String::new, |number| number.to_string());
    without_controls(&format!("{name} (port {number}, {hosts})"))
}

/// Both would be at the same port for the same host, or speak what Istio does not serve beside each other there.
pub(super) fn stands_in_for(ours: &Value, theirs: &Value) -> bool {
    let shares = hosts(theirs).any(|it| hosts(ours).any(|ours| ours == it));
    port(ours) == port(theirs) && (shares || family(ours) != family(theirs))
}

pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    port(one) == port(other) && one.get("hosts") == other.get("hosts")
}

/// A Gateway in which two ports have one name is refused by Istio.
pub(super) fn named_apart(ours: &Value, taken: &[&str]) -> Value {
    let name = port_name(ours);
    let mut ours = ours.clone();
    if taken.contains(&name)
        && let Some(place) = ours.pointer_mut("/port/name")
    {
        *place = format!("{name}-kfwasm").into();
    }
    ours
}

pub(super) fn port(server: &Value) -> Option<u64> {
    server.pointer("/port/number").and_then(Value::as_u64)
}

pub(super) fn port_name(server: &Value) -> &str {
    let name = server.pointer("/port/name").and_then(Value::as_str);
    name.unwrap_or_default()
}

/// What Istio serves at one port for several hosts, and nothing else beside it.
#[derive(PartialEq, Eq)]
pub(super) enum Family {
    Http,
    Tls,
    /// Of these there is one at a port: nothing in them names a host.
    Tcp,
}

pub(super) fn family(server: &Value) -> Family {
    let protocol = server.pointer("/port/protocol").and_then(Value::as_str);
    match protocol.unwrap_or_default().to_ascii_uppercase().as_str() {
        "HTTP" | "HTTP2" | "HTTP_PROXY" | "GRPC" | "GRPC-WEB" => Family::Http,
        "HTTPS" | "TLS" => Family::Tls,
        _ if server.get("tls").is_some() => Family::Tls,
        _ => Family::Tcp,
    }
}

/// The names (`NAMESPACE/NAME`) for which a server is.
fn hosts(server: &Value) -> impl Iterator<Item = &str> {
    let hosts = server.get("hosts").and_then(Value::as_array);
    let hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
    hosts.map(|host| host.rsplit('/').next().unwrap_or(host))
}
