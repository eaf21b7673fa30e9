//! What becomes of settings that nobody has all at once.

use std::fs;

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Variables of oidc-authservice beside those that its releases set.
const AUTHSERVICE: [(&str, &str); 30] = [
    (
        "REDIRECT_URL",
        "http://ml.example.com/authservice/oidc/callback",
    ),
    ("OIDC_PROVIDER", "https://id.example.com"),
    ("OIDC_AUTH_URL", "/dex/auth"),
    ("CLIENT_ID", "kubeflow"),
    ("CLIENT_SECRET", "in clear"),
    ("OIDC_SCOPES", "profile"),
    ("AUTHSERVICE_URL_PREFIX", "/authservice/"),
    ("USERID_TRANSFORMERS", "none"),
    ("SESSION_MAX_AGE", "a day"),
    ("SESSION_SAME_SITE", "strict"),
    ("SESSION_DOMAIN", "example.com"),
    ("AFTER_LOGIN_URL", "/"),
    ("HOMEPAGE_URL", "/"),
    ("LOG_LEVEL", "debug"),
    ("VERIFY_AUTH_URL", "/verify"),
    ("TEMPLATE_PATH", "/templates"),
    ("TEMPLATE_CONTEXT_TITLE", "ml"),
    ("THEMES_URL", "/themes"),
    ("THEME", "dark"),
    ("CA_BUNDLE", "/ca.pem"),
    ("STRICT_SESSION_VALIDATION", "true"),
    ("AUTH_HEADER", "x-token"),
    ("ID_TOKEN_HEADER", "x-id-token"),
    ("AUTH_METHOD_HEADER", "x-method"),
    ("AUDIENCES", "ml-pipeline"),
    ("CLIENT_NAME", "ML"),
    ("GROUPS_ALLOWLIST", "*"),
    ("AFTER_LOGOUT_URL", "/bye"),
    ("SERVER_PORT", "8080"),
    ("SESSION_STORE_TYPE", "redis"),
];

/// Options of oauth2-proxy beside those that Kubeflow sets.
const OAUTH2_PROXY: [&str; 44] = [
    "--oidc-issuer-url=https://id.example.com",
    "--azure-tenant=72f988bf-86f1-41af-91ab-2d7cd011db47",
    "--client-id=kubeflow",
    "--login-url=/dex/auth",
    "--prompt=login",
    "--acr-values=mfa",
    "--profile-url=https://id.example.com/me",
    "--insecure-oidc-allow-unverified-email=false",
    "--allowed-group=data",
    "--email-domain=example.com",
    "--skip-auth-regex=^/a|^/b",
    "--api-route=/api/",
    "--api-route=^/ml_metadata",
    "--api-route=/notebook",
    "--cookie-expire=1.5h",
    "--cookie-samesite=none",
    "--cookie-name=theirs",
    "--extra-jwt-issuers=https://ci.example.com=kubeflow",
    "--extra-jwt-issuers=https://ci.example.com",
    "--skip-provider-button",
    "--skip-jwt-bearer-tokens=true",
    "--code-challenge-method=S256",
    "--approval-prompt=force",
    "--cookie-secure=true",
    "--cookie-httponly=true",
    "--cookie-path=/",
    "--cookie-refresh=1h",
    "--cookie-csrf-per-request=true",
    "--cookie-csrf-expire=5m",
    "--redis-connection-url=redis://redis",
    "--banner=ML",
    "--set-authorization-header=true",
    "--pass-authorization-header=false",
    "--pass-access-token=true",
    "--set-xauthrequest=true",
    "--ssl-insecure-skip-verify=true",
    "--provider-ca-files=/ca.pem",
    "--cookie-domain=example.com",
    "--whitelist-domain=example.com",
    "--skip-auth-preflight=true",
    "--htpasswd-file=/htpasswd",
    "--authenticated-emails-file=/emails",
    "--custom-templates-dir=/templates",
    "--flavour=vanilla",
];

#[test]
fn every_setting_of_oidc_authservice_has_a_fate_and_a_reason() {
    let mut operator = Operator::at(World::with([authservice()]));
    operator.run("kfwasm migrate ml");
    Operator::is_recorded([operator], "migrate-authservice");
}

#[test]
fn every_setting_of_oauth2_proxy_has_a_fate_and_a_reason() {
    let mut operator = Operator::at(World::with([oauth2_proxy(&OAUTH2_PROXY)]));
    operator.run("kfwasm migrate ml --host ml.example.com");
    operator.run("kfwasm migrate other");
    operator.run("kfwasm migrate third --host https://ml.example.com");
    Operator::is_recorded([operator], "migrate-oauth2-proxy");
}

#[test]
fn what_cannot_be_taken_over_as_a_whole_is_told() {
    let both = [authservice(), oauth2_proxy(&OAUTH2_PROXY)];
    let mut of_both = Operator::at(World::with(both));
    of_both.run("kfwasm migrate ml");
    let configuration = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "oauth2-proxy", "namespace": "oauth2-proxy" },
        "data": { "proxy.cfg": "provider = oidc\n" },
    });
    let mut proxy = oauth2_proxy(&["--config=/etc/proxy.cfg"]);
    let pod = &mut proxy["spec"]["template"]["spec"];
    pod["containers"][0]["volumeMounts"] = json!([{ "name": "config", "mountPath": "/etc" }]);
    pod["volumes"] = json!([{ "name": "config", "configMap": { "name": "oauth2-proxy" } }]);
    let mut of_broken = Operator::at(World::with([configuration, proxy]));
    of_broken.run("kfwasm migrate ml");
    Operator::is_recorded([of_both, of_broken], "not-to-migrate");
}

fn authservice() -> Value {
    let env = AUTHSERVICE.map(|(name, value)| json!({ "name": name, "value": value }));
    workload(
        "StatefulSet",
        "authservice",
        "istio-system",
        json!({ "env": env }),
    )
}

fn oauth2_proxy(arguments: &[&str]) -> Value {
    let container = json!({ "args": arguments });
    workload("Deployment", "oauth2-proxy", "oauth2-proxy", container)
}

fn workload(kind: &str, name: &str, namespace: &str, container: Value) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": { "name": name, "namespace": namespace },
        "spec": { "template": { "spec": { "containers": [container] } } },
    })
}

/// What Istio was told beside it, and a configuration in oauth2-proxy's newer form.
#[test]
fn tokens_of_programs_and_further_providers_have_a_fate_too() {
    let alpha = "providers:\n- {clientID: kubeflow, oidcConfig: {issuerURL: 'https://id.example.com'}}\n- {id: second}\n";
    let configuration = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "oauth2-proxy", "namespace": "oauth2-proxy" },
        "data": { "alpha.yaml": alpha },
    });
    let issuers = "--extra-jwt-issuers=https://ci.example.com=kubeflow";
    let mut proxy = oauth2_proxy(&["--alpha-config=/etc/alpha.yaml", issuers]);
    let pod = &mut proxy["spec"]["template"]["spec"];
    pod["containers"][0]["volumeMounts"] = json!([{ "name": "config", "mountPath": "/etc" }]);
    pod["volumes"] = json!([{ "name": "config", "configMap": { "name": "oauth2-proxy" } }]);
    let rule =
        json!({ "issuer": "https://ci.example.com", "jwksUri": "https://ci.example.com/keys" });
    let tokens = objects::security("RequestAuthentication", "ci", json!({ "jwtRules": [rule] }));
    let mut operator = Operator::at(World::with([configuration, proxy, tokens]));
    operator.run("kfwasm migrate ml --host ml.example.com");
    Operator::is_recorded([operator], "migrate-tokens");
}

/// Without a backstop, what goes would leave the gateway open if the filter were gone.
#[test]
fn nothing_is_removed_where_nothing_would_deny() {
    let nobody = json!({ "from": [{ "source": { "notRequestPrincipals": ["*"] } }] });
    let selector = json!({ "matchLabels": { "istio": "ingressgateway" } });
    let spec = json!({ "action": "DENY", "rules": [nobody], "selector": selector });
    let policy = objects::security("AuthorizationPolicy", "require-jwt", spec);
    let world = World::with([policy, objects::deployment(), objects::service()]);
    let mut operator = Operator::at(world).with_directory("none");
    let file = operator.folder().join("ml/kfwasm.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("backstop: envoyFilter", "backstop: none"),
    )
    .unwrap();
    operator.run("kfwasm migrate ml --cut-over --yes");
    Operator::is_recorded([operator], "no-backstop");
}
