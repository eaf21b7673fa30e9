use super::{Survey, object};
use crate::cluster::{Reader, Seen};

/// The Secret that the Gateway's TLS server names: it is in the namespace of the gateway's pods.
pub(super) async fn of(reader: &Reader, survey: &Survey) -> Seen {
    let servers = object(&survey.gateway).and_then(|it| it.pointer("/spec/servers")?.as_array());
    let mut names = servers
        .into_iter()
        .flatten()
        .filter_map(|server| server.pointer("/tls/credentialName")?.as_str());
    let Some(name) = names.next() else {
        return Ok(None);
    };
    let namespace = survey.names.namespace.as_str();
    reader
        .see(&format!("/api/v1/namespaces/{namespace}/secrets/{name}"))
        .await
}
