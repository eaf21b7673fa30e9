//! The objects of an installation, in short.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// 32 bytes in base64.
pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) fn deployment() -> Value {
    let labels = json!({ "istio": "ingressgateway" });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "istio-ingressgateway", "namespace": "istio-system", "generation": 1 },
        "spec": {
            "replicas": 1,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "istio-proxy", "image": "auto" }] },
            },
        },
        "status": { "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1 },
    })
}

pub(crate) fn service() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": { "name": "istio-ingressgateway", "namespace": "istio-system" },
        "spec": { "type": "ClusterIP" },
    })
}

/// The plugin; what its configuration says of sessions.
pub(crate) fn plugin(session: Value) -> Value {
    let provider = json!({ "issuer": "https://id.invalid", "clientId": "kubeflow", "clientSecret": { "env": "KFWASM_CLIENT_SECRET" } });
    json!({
        "apiVersion": "extensions.istio.io/v1alpha1",
        "kind": "WasmPlugin",
        "metadata": { "name": "kfwasm", "namespace": "istio-system" },
        "spec": {
            "selector": { "matchLabels": { "istio": "ingressgateway" } },
            "url": "oci://registry.example.com/kfwasm:1",
            "phase": "AUTHN",
            "failStrategy": "FAIL_RELOAD",
            "vmConfig": { "env": [{ "name": "KFWASM_CLIENT_SECRET", "valueFrom": "HOST" }] },
            "pluginConfig": { "publicHosts": ["ml.invalid"], "providers": [provider], "session": session },
        },
    })
}

/// The Gateway, with a certificate.
pub(crate) fn gateway() -> Value {
    let server =
        json!({ "hosts": ["*"], "port": { "number": 443 }, "tls": { "credentialName": "certs" } });
    json!({
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "Gateway",
        "metadata": { "name": "kubeflow-gateway", "namespace": "kubeflow" },
        "spec": { "selector": { "istio": "ingressgateway" }, "servers": [server] },
    })
}

/// cert-manager's word about it.
pub(crate) fn certificate(end: &str) -> Value {
    json!({
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": { "name": "certs", "namespace": "istio-system" },
        "status": { "notAfter": end },
    })
}

pub(crate) fn istiod(image: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "istiod", "namespace": "istio-system" },
        "spec": { "template": { "spec": { "containers": [{ "image": image }] } } },
    })
}

/// A pod of the gateway.
pub(crate) fn pod() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": "gateway-0", "namespace": "istio-system" },
        "status": { "phase": "Running" },
    })
}

pub(crate) fn security(kind: &str, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1beta1",
        "kind": kind,
        "metadata": { "name": name, "namespace": "istio-system" },
        "spec": spec,
    })
}

/// With these texts in it.
pub(crate) fn secret(name: &str, texts: Value) -> Value {
    let encoded = |(key, text): (&String, &Value)| {
        (
            key.clone(),
            BASE64_STANDARD.encode(text.as_str().unwrap()).into(),
        )
    };
    let data: serde_json::Map<String, Value> =
        texts.as_object().unwrap().iter().map(encoded).collect();
    let metadata = json!({ "name": name, "namespace": "istio-system" });
    json!({ "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data })
}

/// A way to a provider that an earlier kfwasm.yaml has named.
pub(crate) fn earlier_entry() -> Value {
    let managed = json!({ "manager": "kfwasm", "operation": "Apply",
        "apiVersion": "networking.istio.io/v1beta1", "fieldsV1": {} });
    json!({
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "ServiceEntry",
        "metadata": { "name": "earlier", "namespace": "istio-system", "managedFields": [managed],
            "labels": { "app.kubernetes.io/part-of": "kfwasm" } },
        "spec": { "hosts": ["earlier.example.com"] },
    })
}

/// What is kept of what was there before: these, and nothing before them, or themselves.
pub(crate) fn previous(touched: &[(&Value, Value)]) -> Value {
    let entry = |(ours, before): &(&Value, Value)| kept(ours, before, ours);
    previous_of(touched.iter().map(entry).collect())
}

/// The same; this was removed too.
pub(crate) fn previous_removing(touched: &[(&Value, Value)], removed: &Value) -> Value {
    let entry = |(ours, before): &(&Value, Value)| kept(ours, before, ours);
    let entries = touched.iter().map(entry);
    let removed = kept(removed, removed, &Value::Null);
    previous_of(entries.chain([removed]).collect())
}

fn kept(object: &Value, before: &Value, ours: &Value) -> Value {
    json!({
        "apiVersion": object["apiVersion"],
        "kind": object["kind"],
        "namespace": object["metadata"]["namespace"],
        "name": object["metadata"]["name"],
        "before": before,
        "ours": ours,
    })
}

fn previous_of(entries: Vec<Value>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "kfwasm-previous", "namespace": "istio-system" },
        "data": { "installation": "ml", "objects.json": Value::from(entries).to_string() },
    })
}
