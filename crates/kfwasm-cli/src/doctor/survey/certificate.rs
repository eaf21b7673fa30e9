use super::{Survey, object};
use crate::cluster::{Reader, Seen};
use crate::servers::credential;

/// The Secret with the certificate that browsers are shown: it is in the namespace of the gateway's pods.
pub(super) async fn of(reader: &Reader, survey: &Survey) -> Seen {
    let config = survey.config().and_then(Result::ok);
    let host = config
        .as_ref()
        .and_then(|config| config.public_hosts.first());
    let host = host.map(|host| host.as_str());
    let Some(name) = object(&survey.gateway).and_then(|it| credential(it, host)) else {
        return Ok(None);
    };
    let namespace = survey.names.namespace.as_str();
    reader
        .see(&format!("/api/v1/namespaces/{namespace}/secrets/{name}"))
        .await
}
