use serde_json::json;

use super::*;

fn place() -> Place {
    let labels = json!({ "app": "istio-ingressgateway", "istio": "ingressgateway" });
    Place {
        labels: labels.as_object().cloned().unwrap(),
        authorizers: vec!["our-sign-in".to_owned()],
        headers: vec!["kubeflow-userid".to_owned(), "kubeflow-groups".to_owned()],
    }
}

fn seen(kind: &str, spec: Value) -> Option<(Role, Owner)> {
    let metadata = json!({ "name": "it", "namespace": "istio-system" });
    let object =
        json!({ "apiVersion": "example.com/v1", "kind": kind, "metadata": metadata, "spec": spec });
    let decider = place().decider(&Object::new(object).unwrap());
    decider.map(|it| (it.role, it.owner))
}

/// The same for the gateway's pods only.
fn at_the_gateway(mut spec: Value) -> Value {
    spec["selector"] = json!({ "matchLabels": { "app": "istio-ingressgateway" } });
    spec
}

fn custom(provider: &str) -> Value {
    json!({ "action": "CUSTOM", "provider": { "name": provider }, "rules": [{}] })
}

fn owner(headers: &[&str]) -> Value {
    let outputs = headers
        .iter()
        .map(|it| json!({ "header": it, "claim": "c" }));
    json!({ "jwtRules": [{ "issuer": "i", "outputClaimToHeaders": outputs.collect::<Vec<_>>() }] })
}

fn denial(principals: &Value) -> Value {
    json!({ "action": "DENY", "rules": [{ "from": [{ "source": { "notRequestPrincipals": principals } }] }] })
}

fn asking_filter(cluster: &str) -> Value {
    let patch = json!({ "patch": { "value": { "name": "envoy.filters.http.ext_authz", "cluster": cluster } } });
    json!({ "workloadSelector": { "labels": { "istio": "ingressgateway" } }, "configPatches": [patch] })
}

const AUTHSERVICE: &str = "outbound|8080||authservice.istio-system.svc.cluster.local";

#[test]
fn what_a_predecessor_left_at_the_gateway_is_known_by_what_it_does() {
    let nobody = denial(&json!(["*"]));
    let headers = owner(&["Kubeflow-Userid", "kubeflow-groups"]);
    for (kind, spec, role) in [
        (
            "AuthorizationPolicy",
            at_the_gateway(custom("oauth2-proxy")),
            Role::Asks,
        ),
        (
            "AuthorizationPolicy",
            at_the_gateway(custom("our-sign-in")),
            Role::Asks,
        ),
        ("EnvoyFilter", asking_filter(AUTHSERVICE), Role::Asks),
        (
            "RequestAuthentication",
            at_the_gateway(headers),
            Role::OwnsHeaders,
        ),
        (
            "AuthorizationPolicy",
            at_the_gateway(nobody),
            Role::DemandsToken,
        ),
    ] {
        assert_eq!(
            seen(kind, spec.clone()),
            Some((role, Owner::Predecessor)),
            "{spec}"
        );
    }
}

#[test]
fn what_asks_goes_first_then_what_owns_headers_then_what_denies() {
    assert!(Role::Asks < Role::OwnsHeaders && Role::OwnsHeaders < Role::DemandsToken);
}

#[test]
fn what_protects_other_workloads_too_is_not_a_predecessors_alone() {
    for (kind, spec) in [
        ("AuthorizationPolicy", custom("oauth2-proxy")),
        ("AuthorizationPolicy", denial(&json!(["*"]))),
        ("RequestAuthentication", owner(&["kubeflow-userid"])),
    ] {
        let (_, whose) = seen(kind, spec.clone()).unwrap();
        assert_eq!(whose, Owner::Shared(Reason::EveryWorkload), "{spec}");
        let mut empty = spec.clone();
        empty["selector"] = json!({ "matchLabels": {} });
        assert_eq!(
            seen(kind, empty).unwrap().1,
            Owner::Shared(Reason::EveryWorkload)
        );
        let mut bound = spec;
        bound["targetRefs"] = json!([{ "kind": "Gateway", "name": "kubeflow-gateway" }]);
        assert_eq!(seen(kind, bound).unwrap().1, Owner::Shared(Reason::Targets));
    }
}

#[test]
fn what_has_rules_of_others_is_not_a_predecessors_alone() {
    let mut denial = at_the_gateway(denial(&json!(["*"])));
    let block = json!({ "from": [{ "source": { "ipBlocks": ["192.0.2.0/24"] } }] });
    denial["rules"].as_array_mut().unwrap().push(block);
    let mut filter = asking_filter(AUTHSERVICE);
    let lua = json!({ "patch": { "value": { "name": "envoy.filters.http.lua" } } });
    filter["configPatches"].as_array_mut().unwrap().push(lua);
    let both = at_the_gateway(owner(&["kubeflow-userid", "x-tenant"]));
    let mut plain = at_the_gateway(owner(&["kubeflow-userid"]));
    plain["jwtRules"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "issuer": "another" }));
    for (kind, spec) in [
        ("AuthorizationPolicy", denial),
        ("EnvoyFilter", filter),
        ("RequestAuthentication", both),
        ("RequestAuthentication", plain),
    ] {
        let (_, whose) = seen(kind, spec.clone()).unwrap();
        assert_eq!(whose, Owner::Shared(Reason::OtherRules), "{spec}");
    }
}

#[test]
fn another_authorizer_decides_too_but_is_nobodys_predecessor() {
    let policy = at_the_gateway(custom("opa"));
    assert_eq!(
        seen("AuthorizationPolicy", policy),
        Some((Role::Asks, Owner::Others))
    );
    assert_eq!(
        seen("EnvoyFilter", asking_filter("opa")),
        Some((Role::Asks, Owner::Others))
    );
}

#[test]
fn what_does_not_decide_about_the_gateways_requests_is_none() {
    let mut of_another_gateway = custom("oauth2-proxy");
    of_another_gateway["selector"] = json!({ "matchLabels": { "app": "another-gateway" } });
    for (kind, spec) in [
        ("AuthorizationPolicy", of_another_gateway),
        (
            "AuthorizationPolicy",
            at_the_gateway(denial(&json!(["https://id.example.com/*"]))),
        ),
        (
            "AuthorizationPolicy",
            json!({ "action": "ALLOW", "rules": [{}] }),
        ),
        (
            "RequestAuthentication",
            at_the_gateway(owner(&["x-tenant"])),
        ),
        (
            "RequestAuthentication",
            json!({ "jwtRules": [{ "issuer": "https://id.example.com" }] }),
        ),
        (
            "EnvoyFilter",
            json!({ "configPatches": [{ "patch": { "value": { "name": "envoy.filters.http.lua" } } }] }),
        ),
    ] {
        assert_eq!(seen(kind, spec.clone()), None, "{kind} {spec}");
    }
}

#[test]
fn what_kfwasm_has_made_is_no_predecessors() {
    let labels = json!({ "app.kubernetes.io/part-of": "kfwasm" });
    let metadata =
        json!({ "name": "kfwasm-backstop", "namespace": "istio-system", "labels": labels });
    let object = json!({ "apiVersion": "istio.io", "kind": "AuthorizationPolicy", "metadata": metadata,
        "spec": at_the_gateway(denial(&json!(["*"]))) });
    assert_eq!(place().decider(&Object::new(object).unwrap()), None);
}

#[test]
fn the_authorizers_of_a_predecessor_are_known_by_their_service() {
    let mesh = "extensionProviders:\n- name: ours\n  envoyExtAuthzHttp:\n    service: oauth2-proxy.oauth2-proxy.svc.cluster.local\n\
                - name: theirs\n  envoyExtAuthzGrpc:\n    service: opa/opa.opa.svc.cluster.local\n\
                - name: old\n  envoyExtAuthzHttp:\n    service: istio-system/authservice.istio-system.svc.cluster.local\n";
    let map = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "istio" }, "data": { "mesh": mesh } });
    assert_eq!(authorizers(&map), ["ours", "old"]);
}
