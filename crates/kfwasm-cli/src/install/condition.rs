//! Pure answers about objects.

use serde_json::Value;

use crate::cluster::MANAGER;
use crate::object::Object;

/// What is not what somebody wants, but what the cluster keeps about it.
const BOOKKEEPING: [&str; 7] = [
    "/status",
    "/metadata/managedFields",
    "/metadata/resourceVersion",
    "/metadata/uid",
    "/metadata/creationTimestamp",
    "/metadata/generation",
    "/metadata/selfLink",
];

/// The object without what the cluster keeps about it.
pub(super) fn cleaned(object: &Object) -> Object {
    let without = |object: Object, place: &&str| object.without(place);
    BOOKKEEPING.iter().fold(object.clone(), without)
}

/// Whether kfwasm made it.
pub(crate) fn is_ours(object: &Object) -> bool {
    object.text("/metadata/labels/app.kubernetes.io~1part-of") == "kfwasm"
}

/// The Secret in which cert-manager keeps the key of our account at an ACME authority (deploy/components/certificate-acme).
const ACCOUNT: &str = "kfwasm-acme-account";

/// Whether kfwasm manages some of its fields, or cert-manager has made it for a Certificate or for our Issuer.
pub(super) fn is_managed(object: &Object) -> bool {
    let managers = object.get("/metadata/managedFields");
    let mut managers = managers.and_then(Value::as_array).into_iter().flatten();
    let is_ours = |entry: &Value| entry.get("manager") == Some(&MANAGER.into());
    let certificate = "/metadata/annotations/cert-manager.io~1certificate-name";
    // Nothing but its name says whose account it is.
    let is_made = !object.text(certificate).is_empty() || object.text("/metadata/name") == ACCOUNT;
    let is_made = object.text("/kind") == "Secret" && is_made;
    is_made || managers.any(is_ours)
}

/// What an object that is not ready yet is waiting for; nothing when it is ready.
pub(super) fn awaited(object: &Object) -> Option<String> {
    match object.text("/kind") {
        "Deployment" => rollout(object),
        "Certificate" => certificate(object),
        "Service" => address(object),
        _ => None,
    }
}

fn rollout(deployment: &Object) -> Option<String> {
    let number = |place: &str| deployment.get(place).and_then(Value::as_u64).unwrap_or(0);
    let wanted = deployment
        .get("/spec/replicas")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    if number("/status/observedGeneration") < number("/metadata/generation") {
        return Some("the rollout has not begun".to_owned());
    }
    let updated = number("/status/updatedReplicas");
    let available = number("/status/availableReplicas");
    let all = number("/status/replicas");
    (updated < wanted || available < wanted || all > wanted).then(|| {
        format!("{updated} of {wanted} replicas updated, {available} available, {all} in all")
    })
}

fn certificate(certificate: &Object) -> Option<String> {
    match readiness(certificate) {
        Some(_) => unready(certificate),
        None => Some("cert-manager has not looked at it".to_owned()),
    }
}

/// What cert-manager says of an object of its own that is not ready; nothing where it has said nothing.
pub(super) fn unready(object: &Object) -> Option<String> {
    let ready = readiness(object)?;
    let text = |field: &str| ready.get(field).and_then(Value::as_str).unwrap_or_default();
    (text("status") != "True").then(|| text("message").to_owned())
}

fn readiness(object: &Object) -> Option<&Value> {
    let conditions = object.get("/status/conditions").and_then(Value::as_array);
    let is_ready = |it: &&Value| it.get("type") == Some(&"Ready".into());
    conditions.into_iter().flatten().find(is_ready)
}

fn address(service: &Object) -> Option<String> {
    let is_balanced = service.text("/spec/type") == "LoadBalancer";
    let has_address = addresses(service).next().is_some();
    (is_balanced && !has_address).then(|| "the load balancer has no address".to_owned())
}

/// The addresses and host names that a load balancer was given.
pub(super) fn addresses(service: &Object) -> impl Iterator<Item = &str> {
    let ingress = service.get("/status/loadBalancer/ingress");
    let ingress = ingress.and_then(Value::as_array).into_iter().flatten();
    ingress.flat_map(|entry| {
        ["ip", "hostname"]
            .into_iter()
            .filter_map(|field| entry.get(field).and_then(Value::as_str))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::deploy;

    fn deployment(generation: u64, status: Value) -> Object {
        Object::new(json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "gateway", "generation": generation}, "spec": {"replicas": 2}, "status": status}))
        .unwrap()
    }

    #[test]
    fn of_secrets_that_we_did_not_write_those_are_ours_that_were_made_for_us() {
        let secret = |name: &str, annotations: Value| {
            Object::new(json!({"apiVersion": "v1", "kind": "Secret",
                "metadata": {"name": name, "annotations": annotations}}))
            .unwrap()
        };
        let issued = json!({"cert-manager.io/certificate-name": "certs"});
        assert!(is_managed(&secret("certs", issued)));
        assert!(is_managed(&secret(ACCOUNT, json!({}))));
        assert!(!is_managed(&secret("others-acme-account", json!({}))));
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ACCOUNT}});
        assert!(!is_managed(&Object::new(map).unwrap()));
    }

    #[test]
    fn the_account_is_the_one_of_our_issuer() {
        let issuer = deploy::CERTIFICATE_ACME.object("Issuer").unwrap();
        assert_eq!(issuer.text("/spec/acme/privateKeySecretRef/name"), ACCOUNT);
    }

    #[test]
    fn a_rollout_ends_when_the_old_pods_are_gone() {
        let status = |updated, available, all| json!({"observedGeneration": 2, "updatedReplicas": updated, "availableReplicas": available, "replicas": all});
        assert_eq!(awaited(&deployment(2, status(2, 2, 2))), None);
        assert!(awaited(&deployment(2, status(2, 2, 3))).is_some());
        assert!(awaited(&deployment(2, status(2, 1, 2))).is_some());
        assert!(awaited(&deployment(2, status(1, 2, 2))).is_some());
        assert!(awaited(&deployment(3, status(2, 2, 2))).is_some());
    }

    #[test]
    fn a_certificate_is_ready_when_it_says_so() {
        let certificate = |conditions: Value| {
            Object::new(
                json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
                "metadata": {"name": "c"}, "status": {"conditions": conditions}}),
            )
            .unwrap()
        };
        let ready =
            json!([{"type": "Issuing", "status": "False"}, {"type": "Ready", "status": "True"}]);
        assert_eq!(awaited(&certificate(ready)), None);
        let waiting = json!([{"type": "Ready", "status": "False", "message": "no issuer"}]);
        assert_eq!(awaited(&certificate(waiting)).as_deref(), Some("no issuer"));
        assert!(awaited(&certificate(json!([]))).is_some());
    }

    #[test]
    fn only_a_load_balancer_waits_for_an_address() {
        let service = |kind: &str, ingress: Value| {
            Object::new(
                json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
                "spec": {"type": kind}, "status": {"loadBalancer": {"ingress": ingress}}}),
            )
            .unwrap()
        };
        assert_eq!(awaited(&service("ClusterIP", json!([]))), None);
        assert!(awaited(&service("LoadBalancer", json!([]))).is_some());
        let given = service("LoadBalancer", json!([{"hostname": "lb.example.com"}]));
        assert_eq!(awaited(&given), None);
        assert_eq!(addresses(&given).collect::<Vec<_>>(), ["lb.example.com"]);
    }
}
