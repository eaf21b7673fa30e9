//! Why a Certificate does not become ready, where its own condition does not say it: by ACME, others know.

use serde_json::Value;

use super::condition::unready;
use crate::cluster::Cluster;
use crate::object::{Object, ObjectId};

const CHALLENGES: &str = "acme.cert-manager.io/v1";

/// What cert-manager says of the account at the ACME authority, or else of the authority's questions. Nothing of what may
/// not be read, and of objects of other kinds.
pub(super) async fn obstacle(cluster: &Cluster, certificate: &Object) -> Option<String> {
    let issuer = cluster.get(&issuer_of(certificate)?).await.ok()??;
    issuer.get("/spec/acme")?;
    if let Some(why) = unready(&issuer) {
        return Some(why);
    }
    let namespace = certificate.id().namespace?;
    let challenges = cluster.list(CHALLENGES, "Challenge", &namespace).await;
    let challenges = challenges.ok()?;
    let mut reasons = challenges.iter().filter(|it| is_for(it, certificate));
    reasons.find_map(|challenge| {
        let reason = challenge.text("/status/reason");
        (!reason.is_empty()).then(|| reason.to_owned())
    })
}

fn issuer_of(certificate: &Object) -> Option<ObjectId> {
    let of = |field: &str| certificate.text(&format!("/spec/issuerRef/{field}"));
    (certificate.text("/kind") == "Certificate" && of("kind") == "Issuer").then(|| ObjectId {
        api_version: certificate.text("/apiVersion").to_owned(),
        kind: "Issuer".to_owned(),
        namespace: certificate.id().namespace,
        name: of("name").to_owned(),
    })
}

/// Whether the challenge is one for this Certificate, and not for another of the same namespace.
fn is_for(challenge: &Object, certificate: &Object) -> bool {
    let issuer = "/spec/issuerRef/name";
    let names = certificate.get("/spec/dnsNames").and_then(Value::as_array);
    let mut names = names.into_iter().flatten().filter_map(Value::as_str);
    challenge.text(issuer) == certificate.text(issuer)
        && names.any(|name| name == challenge.text("/spec/dnsName"))
}
