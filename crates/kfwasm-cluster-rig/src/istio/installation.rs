//! The objects that Istio's charts install, as far as a gateway and `kfwasm` meet them.

use serde_json::{Value, json};

use super::{IngressGateway, NAMESPACE};

const GATEWAY: &str = "istio-ingressgateway";
/// Where the gateway's Deployment is.
pub(super) const GATEWAY_PATH: &str =
    "/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway";
const ACCOUNT: &str = "istio-ingressgateway-service-account";
/// The release that the module is a development of.
const IMAGE: &str = "docker.io/istio/pilot:1.31.0";

/// What stands before istiod starts.
pub(super) fn foundation() -> [Value; 4] {
    [
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NAMESPACE } }),
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": of(NAMESPACE, "istio"),
            "data": { "mesh": "defaultConfig: {}\n", "meshNetworks": "networks: {}\n" } }),
        json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": of(NAMESPACE, ACCOUNT) }),
        control_plane(),
    ]
}

/// That the gateway may be handed the Secrets with its certificates.
pub(super) fn permissions() -> [Value; 2] {
    let name = format!("{GATEWAY}-sds");
    let group = "rbac.authorization.k8s.io";
    [
        json!({ "apiVersion": format!("{group}/v1"), "kind": "Role", "metadata": of(NAMESPACE, &name),
            "rules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "watch", "list"] }] }),
        json!({ "apiVersion": format!("{group}/v1"), "kind": "RoleBinding", "metadata": of(NAMESPACE, &name),
            "roleRef": { "apiGroup": group, "kind": "Role", "name": name },
            "subjects": [{ "kind": "ServiceAccount", "name": ACCOUNT, "namespace": NAMESPACE }] }),
    ]
}

/// The Deployment by which one sees which Istio there is. Its one process runs outside of the cluster.
fn control_plane() -> Value {
    let labels = json!({ "app": "istiod", "istio": "pilot" });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "istiod", "namespace": NAMESPACE, "labels": labels },
        "spec": {
            "replicas": 0,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "discovery", "image": IMAGE }] },
            },
        },
    })
}

/// That istiod is asked about each of its objects. It fills in by which certificate it is known, and then demands to be asked.
pub(super) fn webhook(port: u16) -> Value {
    let groups = [
        "security.istio.io",
        "networking.istio.io",
        "telemetry.istio.io",
        "extensions.istio.io",
    ];
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {
            "name": format!("istio-validator-{NAMESPACE}"),
            "labels": { "app": "istiod", "istio": "istiod", "istio.io/rev": "default" },
        },
        "webhooks": [{
            "name": "rev.validation.istio.io",
            "clientConfig": { "url": format!("https://localhost:{port}/validate") },
            "rules": [{
                "operations": ["CREATE", "UPDATE"],
                "apiGroups": groups,
                "apiVersions": ["*"],
                "resources": ["*"],
            }],
            "failurePolicy": "Ignore",
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
        }],
    })
}

/// The gateway: a Deployment, and a Service as Istio's charts make it.
pub(super) fn gateway(gateway: &IngressGateway) -> [Value; 2] {
    let labels = json!({ "app": GATEWAY, "istio": "ingressgateway" });
    let metadata = json!({ "name": GATEWAY, "namespace": NAMESPACE, "labels": labels });
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "replicas": gateway.replicas,
            "selector": { "matchLabels": labels },
            // All replicas are on one machine: a new one comes when an old one has gone.
            "strategy": { "rollingUpdate": { "maxSurge": 0, "maxUnavailable": 1 } },
            "template": { "metadata": { "labels": labels }, "spec": pod(gateway) },
        },
    });
    let service = json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "selector": labels,
            "type": "LoadBalancer",
            "ports": [
                { "name": "http2", "port": 80, "targetPort": gateway.http_port },
                { "name": "https", "port": 443, "targetPort": gateway.https_port },
            ],
        },
    });
    [deployment, service]
}

fn pod(gateway: &IngressGateway) -> Value {
    let authorities = "certificate-authorities";
    let mut pod = json!({
        "serviceAccountName": ACCOUNT,
        "terminationGracePeriodSeconds": 0,
        "containers": [{ "name": "istio-proxy", "image": "auto" }],
    });
    if let Some(fields) = pod.as_object_mut()
        && !gateway.local_names.is_empty()
    {
        let names = json!([{ "ip": "127.0.0.1", "hostnames": gateway.local_names }]);
        fields.insert("hostAliases".to_owned(), names);
    }
    if gateway.authorities.is_some() {
        let mount = json!([{ "name": authorities, "mountPath": "/etc/ssl/certs" }]);
        if let Some(container) = pod
            .pointer_mut("/containers/0")
            .and_then(Value::as_object_mut)
        {
            container.insert("volumeMounts".to_owned(), mount);
        }
        let volume = json!([{ "name": authorities, "configMap": { "name": authorities } }]);
        if let Some(fields) = pod.as_object_mut() {
            fields.insert("volumes".to_owned(), volume);
        }
    }
    pod
}

/// The certificate authorities that the gateway trusts when it calls others, in PEM.
pub(super) fn authorities(pem: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": of(NAMESPACE, "certificate-authorities"),
        "data": { "ca-certificates.crt": pem } })
}

fn of(namespace: &str, name: &str) -> Value {
    json!({ "name": name, "namespace": namespace })
}
