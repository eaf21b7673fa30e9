use serde_json::json;

use super::*;

fn judge() -> Judge {
    let labels = json!({ "app": "istio-ingressgateway", "istio": "ingressgateway" });
    Judge {
        labels: labels.as_object().cloned().unwrap(),
        providers: vec!["our-sign-in".to_owned()],
        headers: ["kubeflow-userid".to_owned(), "kubeflow-groups".to_owned()],
    }
}

fn rank(kind: &str, spec: Value) -> Option<u8> {
    let metadata = json!({ "name": "it", "namespace": "istio-system" });
    let object =
        json!({ "apiVersion": "example.com/v1", "kind": kind, "metadata": metadata, "spec": spec });
    judge().rank(&Object::new(object).unwrap())
}

fn custom(provider: &str) -> Value {
    json!({ "action": "CUSTOM", "provider": { "name": provider }, "rules": [{}] })
}

fn owner(header: &str) -> Value {
    let output = json!({ "header": header, "claim": "email" });
    json!({ "jwtRules": [{ "issuer": "https://id.example.com", "outputClaimToHeaders": [output] }] })
}

fn denial(principals: &Value) -> Value {
    json!({ "action": "DENY", "rules": [{ "from": [{ "source": { "notRequestPrincipals": principals } }] }] })
}

#[test]
fn what_asks_goes_first_then_what_owns_headers_then_what_denies() {
    assert_eq!(rank("AuthorizationPolicy", custom("oauth2-proxy")), Some(0));
    assert_eq!(rank("AuthorizationPolicy", custom("our-sign-in")), Some(0));
    let filter = json!({ "configPatches": [{ "patch": { "value": {
        "name": "envoy.filters.http.ext_authz", "cluster": "outbound|8080||authservice.istio-system.svc.cluster.local" } } }] });
    assert_eq!(rank("EnvoyFilter", filter), Some(0));
    assert_eq!(
        rank("RequestAuthentication", owner("Kubeflow-Userid")),
        Some(1)
    );
    assert_eq!(rank("AuthorizationPolicy", denial(&json!(["*"]))), Some(2));
}

#[test]
fn what_belongs_to_others_stays() {
    let elsewhere = json!({ "matchLabels": { "app": "another-gateway" } });
    let mut of_another_gateway = custom("oauth2-proxy");
    of_another_gateway["selector"] = elsewhere;
    for (kind, spec) in [
        ("AuthorizationPolicy", custom("rate-limiter")),
        ("AuthorizationPolicy", of_another_gateway),
        (
            "AuthorizationPolicy",
            denial(&json!(["https://id.example.com/*"])),
        ),
        (
            "AuthorizationPolicy",
            json!({ "action": "DENY", "rules": [{ "from": [{ "source": { "ipBlocks": ["192.0.2.0/24"] } }] }] }),
        ),
        ("RequestAuthentication", owner("x-tenant")),
        (
            "RequestAuthentication",
            json!({ "jwtRules": [{ "issuer": "https://id.example.com" }] }),
        ),
        (
            "EnvoyFilter",
            json!({ "configPatches": [{ "patch": { "value": { "name": "envoy.filters.http.lua" } } }] }),
        ),
        (
            "EnvoyFilter",
            json!({ "configPatches": [{ "patch": { "value": { "name": "envoy.filters.http.ext_authz", "cluster": "opa" } } }] }),
        ),
    ] {
        assert_eq!(rank(kind, spec.clone()), None, "{kind} {spec}");
    }
}

#[test]
fn the_authorizers_of_a_predecessor_are_known_by_their_service() {
    let mesh = "extensionProviders:\n- name: ours\n  envoyExtAuthzHttp:\n    service: oauth2-proxy.oauth2-proxy.svc.cluster.local\n\
                - name: theirs\n  envoyExtAuthzGrpc:\n    service: opa/opa.opa.svc.cluster.local\n\
                - name: old\n  envoyExtAuthzHttp:\n    service: istio-system/authservice.istio-system.svc.cluster.local\n";
    let map = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "istio" }, "data": { "mesh": mesh } });
    assert_eq!(providers(&Object::new(map).unwrap()), ["ours", "old"]);
}
