use crate::cluster::{Reader, Seen};

/// The Secret that the Gateway's TLS server names: it is in the namespace of the gateway's pods.
pub(super) async fn of(reader: &Reader, gateway: &Seen) -> Seen {
    let servers = gateway
        .as_ref()
        .ok()
        .and_then(|gateway| gateway.as_ref()?.pointer("/spec/servers")?.as_array());
    let mut names = servers
        .into_iter()
        .flatten()
        .filter_map(|server| server.pointer("/tls/credentialName")?.as_str());
    let Some(name) = names.next() else {
        return Ok(None);
    };
    reader
        .see(&format!("/api/v1/namespaces/istio-system/secrets/{name}"))
        .await
}
