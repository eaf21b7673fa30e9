use kfwasm_config::installation::CertificateIssuer;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};
use crate::settings::Settings;

/// What Istio reads from a certificate's Secret.
const KEYS: [&str; 2] = ["tls.crt", "tls.key"];

/// Refuses, before anything is changed, where the operator's own certificate is not where the settings say.
///
/// A gateway without it resets every connection by TLS, and says so only in its log.
pub(crate) async fn own_certificate(cluster: &Cluster, settings: &Settings) -> Result<(), Failure> {
    let certificate = &settings.installation.certificate;
    if certificate.issuer != CertificateIssuer::Existing {
        return Ok(());
    }
    let id = ObjectId::of(
        "v1",
        "Secret",
        settings.installation.gateway.namespace.as_str(),
        certificate.secret_name.as_str(),
    );
    match cluster.get(&id).await? {
        None => Err(absent(&id)),
        Some(secret) => {
            lacking(&secret).map_or(Ok(()), |keys| Err(incomplete(&id, &secret, &keys)))
        }
    }
}

fn lacking(secret: &Object) -> Option<String> {
    let has = |key: &str| secret.get("/data").and_then(|data| data.get(key)).is_some();
    let lacking: Vec<_> = KEYS.into_iter().filter(|key| !has(key)).collect();
    (!lacking.is_empty()).then(|| lacking.join(" and "))
}

fn absent(id: &ObjectId) -> Failure {
    Failure::not_ready(
        format!(
            "there is no {id}, which is to hold the gateway's certificate; nothing was changed"
        ),
        "create it with `kubectl create secret tls`, in the namespace of the gateway's pods, or let certificate.issuer make one",
    )
}

fn incomplete(id: &ObjectId, secret: &Object, lacking: &str) -> Failure {
    let keys = secret.get("/data").and_then(Value::as_object);
    let keys: Vec<_> = keys
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    let has = if keys.is_empty() {
        "nothing".to_owned()
    } else {
        keys.join(", ")
    };
    Failure::not_ready(
        format!("{id} has no {lacking}, but {has}; nothing was changed"),
        "make it with `kubectl create secret tls`, which names them as Istio reads them",
    )
}
