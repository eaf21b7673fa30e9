//! What may be broken, one at a time.

use kfwasm_rig::RigError;
use serde_json::{Value, json};

use super::fault::{Fault, Step, change};
use super::patient::{CERTIFICATE, Patient, SECRETS, certificate, encoded};
use crate::canned::Canned;
use crate::load_balancer::SERVICE;

const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";
const BACKSTOP: &str =
    "/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters/kfwasm-backstop";
const ISTIOD: &str = "/apis/apps/v1/namespaces/istio-system/deployments/istiod";
/// What everybody knows, because Kubeflow's manifests publish it.
const PUBLISHED: &str = "pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok";
const PUBLISHED_HASH: &str = "$2y$12$4K/VkmDd1q1Orb3xAt82zu8gk7Ad6ReFR4LCP9UeYE90NLiN9Df72";

pub(super) fn all(patient: &Patient) -> Result<Vec<Fault>, RigError> {
    let mut faults = of_the_filter(patient)?;
    faults.extend(of_others());
    faults.extend(of_the_certificate(patient)?);
    faults.extend(of_the_surroundings(patient)?);
    faults.extend(of_users(patient)?);
    Ok(faults)
}

fn wrong(rule: &'static str, step: Step) -> Fault {
    Fault {
        rule,
        mark: "wrong",
        steps: vec![step],
    }
}

fn of_the_filter(patient: &Patient) -> Result<Vec<Fault>, RigError> {
    let plugin = |spec: Value| change(patient, PLUGIN, json!({ "spec": spec }));
    let api = patient.cluster.api();
    let mut backstop = api.get(BACKSTOP)?;
    for field in [
        "resourceVersion",
        "uid",
        "managedFields",
        "creationTimestamp",
        "generation",
    ] {
        backstop["metadata"].as_object_mut().unwrap().remove(field);
    }
    let secret = format!("{SECRETS}/kfwasm");
    let secret = |data: Value| change(patient, &secret, json!({ "data": data }));
    Ok(vec![
        wrong("plugin", plugin(json!({ "failStrategy": "FAIL_OPEN" }))?),
        wrong("plugin", plugin(json!({ "phase": "AUTHZ" }))?),
        wrong(
            "plugin",
            plugin(json!({ "selector": { "matchLabels": { "istio": "another" } } }))?,
        ),
        wrong(
            "configuration",
            plugin(json!({ "pluginConfig": { "colour": "blue" } }))?,
        ),
        wrong("replicas", Step::LoseFilter),
        wrong("backstop", Step::Delete(backstop)),
        wrong(
            "backstop",
            change(
                patient,
                BACKSTOP,
                json!({ "spec": { "workloadSelector": { "labels": { "istio": "another" } } } }),
            )?,
        ),
        wrong("secrets", secret(json!({ "KFWASM_SESSION_KEYS": null }))?),
        wrong(
            "client secret",
            secret(json!({ "KFWASM_CLIENT_SECRET": encoded("of yesterday") }))?,
        ),
        // The provider would not take it.
        wrong(
            "published secrets",
            secret(json!({ "FORMER_CLIENT_SECRET": encoded(PUBLISHED) }))?,
        ),
    ])
}

/// What others decide before or after the filter.
fn of_others() -> Vec<Fault> {
    let security = |kind: &str, name: &str, spec: Value| {
        Step::Create(json!({
            "apiVersion": "security.istio.io/v1beta1",
            "kind": kind,
            "metadata": { "name": name, "namespace": "istio-system" },
            "spec": spec,
        }))
    };
    let selector = json!({ "matchLabels": { "istio": "ingressgateway" } });
    let provider = json!({ "name": "oauth2-proxy" });
    let custom =
        json!({ "action": "CUSTOM", "provider": provider, "rules": [{}], "selector": selector });
    let nobody = json!({ "from": [{ "source": { "notRequestPrincipals": ["*"] } }] });
    let output = json!({ "header": "Kubeflow-UserID", "claim": "email" });
    let rule = json!({ "issuer": "https://id.example.com", "outputClaimToHeaders": [output] });
    vec![
        wrong(
            "external authorization",
            security(
                "AuthorizationPolicy",
                "istio-ingressgateway-oauth2-proxy",
                custom,
            ),
        ),
        wrong("other filters", Step::Create(authn_filter())),
        wrong(
            "identity headers",
            security(
                "RequestAuthentication",
                "dex-jwt",
                json!({ "jwtRules": [rule] }),
            ),
        ),
        wrong(
            "demanded token",
            security(
                "AuthorizationPolicy",
                "require-jwt",
                json!({ "action": "DENY", "rules": [nobody] }),
            ),
        ),
    ]
}

fn authn_filter() -> Value {
    let uri = "http://authservice.istio-system.svc.cluster.local";
    let value = json!({ "name": "envoy.filters.http.ext_authz", "server_uri": { "uri": uri } });
    let patch = json!({ "operation": "INSERT_BEFORE", "value": value });
    json!({
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": { "name": "authn-filter", "namespace": "istio-system" },
        "spec": { "configPatches": [{ "applyTo": "HTTP_FILTER", "patch": patch }] },
    })
}

fn of_the_certificate(patient: &Patient) -> Result<Vec<Fault>, RigError> {
    let path = format!("{SECRETS}/{CERTIFICATE}");
    let secret = |data: Value| change(patient, &path, json!({ "data": data }));
    let soon = Fault {
        rule: "lifetime",
        mark: "doubtful",
        steps: vec![secret(certificate(&["localhost"], 5))?],
    };
    Ok(vec![
        wrong("certificate", secret(json!({ "tls.crt": null }))?),
        wrong(
            "certificate",
            secret(json!({ "tls.crt": encoded("none") }))?,
        ),
        wrong("lifetime", secret(certificate(&["localhost"], -1))?),
        soon,
        wrong("names", secret(certificate(&["other.example.com"], 90))?),
    ])
}

fn of_the_surroundings(patient: &Patient) -> Result<Vec<Fault>, RigError> {
    let image = |version: &str| {
        let image = format!("docker.io/istio/pilot:{version}");
        let containers = json!([{ "name": "discovery", "image": image }]);
        let spec = json!({ "template": { "spec": { "containers": containers } } });
        change(patient, ISTIOD, json!({ "spec": spec }))
    };
    let elsewhere = json!({ "loadBalancer": { "ingress": [{ "ip": "203.0.113.10" }] } });
    let status = format!("{SERVICE}/status");
    let provider = |issuer: &str| {
        let mut plugin = patient.plugin();
        plugin["providers"][0]["issuer"] = issuer.into();
        change(
            patient,
            PLUGIN,
            json!({ "spec": { "pluginConfig": plugin } }),
        )
    };
    let other_name = patient
        .rig
        .provider
        .issuer()
        .replace("127.0.0.1", "localhost");
    let other_name = match other_name == patient.rig.provider.issuer() {
        true => other_name.replace("localhost", "127.0.0.1"),
        false => other_name,
    };
    let late = late_provider()?;
    Ok(vec![
        wrong("istio", image("1.13.9")?),
        wrong("istio", image("1.26.1-distroless")?),
        wrong(
            "redirect URI",
            change(patient, &status, json!({ "status": elsewhere }))?,
        ),
        wrong("discovery", provider(&other_name)?),
        wrong("clock", provider(&late)?),
    ])
}

/// A provider whose clock is an hour late, as no real one would be on request.
fn late_provider() -> Result<String, RigError> {
    let canned = Canned::start([127, 0, 0, 1].into(), "")?;
    let issuer = format!("http://{}", canned.address());
    let date = time::OffsetDateTime::now_utc() - time::Duration::hours(1);
    let date = date
        .format(&time::format_description::well_known::Rfc2822)
        .unwrap();
    let date = date.replace("+0000", "GMT");
    canned.answer(
        &json!({ "issuer": issuer }).to_string(),
        &format!("date: {date}\r\n"),
    );
    Ok(issuer)
}

fn of_users(patient: &Patient) -> Result<Vec<Fault>, RigError> {
    let contributor = |name: &str, user: &str| {
        Step::Create(json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": { "name": name, "namespace": "kubeflow", "annotations": { "user": user, "role": "edit" } },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit" },
        }))
    };
    let lower_case = json!({ "spec": { "pluginConfig": { "identity": { "lowerCase": true } } } });
    let auth = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "auth" } });
    patient.cluster.api().apply(&auth)?;
    let dex = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "dex", "namespace": "auth" },
        "data": { "config.yaml": format!("staticPasswords:\n- hash: {PUBLISHED_HASH}\n") },
    });
    let passwords = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": { "name": "dex-passwords", "namespace": "auth" },
        "data": { "DEX_USER_PASSWORD": encoded(PUBLISHED_HASH) },
    });
    let alice = || contributor("alice", "alice@example.com");
    let capital_alice = || contributor("capital-alice", "Alice@example.com");
    let of = |rule, steps| Fault {
        rule,
        mark: "wrong",
        steps,
    };
    Ok(vec![
        of("users", vec![alice(), capital_alice()]),
        of(
            "case",
            vec![capital_alice(), change(patient, PLUGIN, lower_case)?],
        ),
        wrong("published secrets", Step::Create(dex)),
        wrong("published secrets", Step::Create(passwords)),
    ])
}
