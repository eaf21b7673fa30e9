//! What `kfwasm doctor` says of what no healthy cluster shows, nor the faults of `tests/cluster`.

use std::fs;

use rcgen::{CertificateParams, KeyPair, date_time_ymd, generate_simple_self_signed};
use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::objects;
use crate::operator::{HERE, Operator};
use crate::server::World;

const METRICS: &str = "/api/v1/namespaces/istio-system/pods/gateway-0:15020/proxy/stats/prometheus";

const UNFETCHED: &str = "istio_agent_wasm_config_conversion_count{result=\"fetch_failure\"} 1\n";

/// Each world, looked at by these rules.
pub(crate) fn looked_at(worlds: impl IntoIterator<Item = World>, rules: &[&str], name: &str) {
    let operators = worlds.into_iter().map(|world| {
        let mut operator = Operator::at(world);
        operator.ask_the_doctor(&["--address", "127.0.0.1:1"], rules);
        operator
    });
    Operator::is_recorded(operators.collect::<Vec<_>>(), name);
}

#[test]
fn what_the_account_may_not_read_is_told_with_the_right_to_ask_for() {
    let world = World::default();
    let forbidding = |world: World, path| {
        world.refusing(
            "GET",
            path,
            403,
            "forbidden: User \"dora\" cannot look at it",
        )
    };
    let nothing = ["/api/v1/", "/apis/"].into_iter().fold(world, forbidding);
    let plugin = World::with([objects::plugin(json!({})), objects::deployment()]);
    let all_but_the_plugin = ["/secrets/", "/services/", "/pods", "/profiles"]
        .into_iter()
        .fold(plugin, forbidding);
    let mut of_nothing = Operator::at(nothing);
    let nothing_seen = of_nothing.run("kfwasm doctor");
    assert_eq!(nothing_seen.status.code(), Some(3));
    let mut of_little = Operator::at(all_but_the_plugin);
    of_little.ask_the_doctor(
        &[],
        &[
            "replicas",
            "secrets",
            "redirect URI",
            "users",
            "published secrets",
        ],
    );
    Operator::is_recorded([of_nothing, of_little], "doctor-forbidden");
}

#[test]
fn istio_and_the_gateway_may_be_too_old_unknown_or_not_ready() {
    let of_istio = |image: &str, strategy: &str| {
        let mut plugin = objects::plugin(json!({}));
        plugin["spec"]["failStrategy"] = strategy.into();
        World::with([plugin, objects::istiod(image), objects::deployment()])
    };
    let mut rolling = objects::deployment();
    rolling["spec"]["replicas"] = 3.into();
    let pod = objects::pod();
    let worlds = [
        of_istio("pilot:latest", "FAIL_RELOAD"),
        of_istio("pilot:1.31.4", "FAIL_CLOSE"),
        World::with([rolling, pod.clone()]).saying(METRICS, "kfwasm_requests_forwarded{} 0\n"),
        World::with([objects::deployment(), pod.clone()]).refusing(
            "GET",
            "/proxy/",
            403,
            "may not look",
        ),
        World::with([objects::deployment(), pod.clone()])
            .saying(METRICS, "envoy_server_uptime{} 7\n"),
        World::with([objects::deployment(), pod]).saying(METRICS, UNFETCHED),
    ];
    looked_at(worlds, &["istio", "gateway", "replicas"], "doctor-platform");
}

/// What a predecessor shares with others, and what others decide, is not kfwasm's to remove.
#[test]
fn what_else_decides_is_told_with_whose_it_is() {
    let selector = json!({ "matchLabels": { "istio": "ingressgateway" } });
    let nobody = json!({ "from": [{ "source": { "notRequestPrincipals": ["*"] } }] });
    let policy = |name: &str, spec: Value| objects::security("AuthorizationPolicy", name, spec);
    let custom = |provider: &str| json!({ "action": "CUSTOM", "provider": { "name": provider } });
    let targets = json!({ "action": "DENY", "rules": [nobody], "targetRefs": [{ "name": "kubeflow-gateway" }] });
    let mixed = json!({ "action": "DENY", "rules": [nobody, {}], "selector": selector });
    let mut of_others = custom("opa");
    of_others["selector"] = selector;
    let worlds = [custom("oauth2-proxy"), targets, mixed, of_others]
        .map(|spec| World::with([policy("somebodys", spec), objects::deployment()]));
    looked_at(
        worlds,
        &["external authorization", "demanded token"],
        "doctor-conflicts",
    );
}

#[test]
fn a_certificate_may_be_none_or_of_the_future() {
    let mut parameters = CertificateParams::new(vec!["ml.invalid".to_owned()]).unwrap();
    parameters.not_before = date_time_ymd(2101, 1, 1);
    parameters.not_after = date_time_ymd(2102, 1, 1);
    let key = KeyPair::generate().unwrap();
    let of_the_future = parameters.self_signed(&key).unwrap().pem();
    let worlds = [of_the_future.as_str(), "none"].map(|pem| {
        let secret = objects::secret("certs", json!({ "tls.crt": pem, "tls.key": "key" }));
        World::with([objects::plugin(json!({})), objects::gateway(), secret])
    });
    looked_at(worlds, &["certificate", "lifetime"], "doctor-certificate");
}

/// As after an apply by somebody who prunes nothing.
#[test]
fn a_filter_may_be_there_twice_or_as_a_traffic_extension() {
    let plugin = objects::plugin(json!({}));
    let mut extension = objects::plugin(json!({}));
    extension["kind"] = "TrafficExtension".into();
    let spec = extension["spec"].take();
    let beside = ["selector", "phase"].map(|field| (field.to_owned(), spec[field].clone()));
    extension["spec"] = beside.into_iter().collect();
    extension["spec"]["wasm"] = spec;
    let alone = World::with([extension.clone(), objects::deployment()]);
    let both = World::with([plugin, extension, objects::deployment()]);
    looked_at(
        [alone, both],
        &["plugin", "configuration"],
        "doctor-filters",
    );
}

/// Of a gateway whose provider has these fields beside the usual ones; what is `null` it has not.
pub(crate) fn of_provider(provider: Value) -> World {
    let mut plugin = objects::plugin(json!({}));
    let fields = plugin["spec"]["pluginConfig"]["providers"][0].as_object_mut();
    let fields = fields.unwrap();
    fields.extend(provider.as_object().unwrap().clone());
    fields.retain(|_, value| !value.is_null());
    let secret = objects::secret("kfwasm", json!({ "KFWASM_CLIENT_SECRET": "a secret" }));
    World::with([plugin, objects::deployment(), secret])
}

#[test]
fn a_provider_may_have_no_document_or_be_in_the_cluster() {
    let here = json!({ "issuer": HERE, "insecureHttp": true });
    let mut with_endpoints = here.clone();
    for endpoint in ["authorizationEndpoint", "tokenEndpoint", "jwksUri"] {
        with_endpoints[endpoint] = format!("{HERE}/{endpoint}").into();
    }
    let in_cluster =
        json!({ "issuer": "http://dex.auth.svc.cluster.local:5556/dex", "insecureHttp": true });
    looked_at(
        [here, with_endpoints, in_cluster].map(of_provider),
        &["discovery"],
        "doctor-provider",
    );
}

#[test]
fn a_provider_may_list_claims_of_which_none_names_a_user() {
    let saying = |claims: Value| {
        let document = json!({ "issuer": HERE, "claims_supported": claims });
        of_provider(json!({ "issuer": HERE, "insecureHttp": true }))
            .saying("/.well-known/openid-configuration", &document.to_string())
    };
    looked_at(
        [
            saying(json!(["sub", "name"])),
            saying(json!(["sub", "upn"])),
            saying(Value::Null),
        ],
        &["discovery"],
        "doctor-claims",
    );
}

#[test]
fn a_load_balancer_may_have_no_address_or_a_name_that_nobody_knows() {
    let balanced = |ingress: Value| {
        let mut service = objects::service();
        service["status"] = json!({ "loadBalancer": { "ingress": ingress } });
        let mut plugin = objects::plugin(json!({}));
        plugin["spec"]["pluginConfig"]["publicHosts"] = json!(["localhost"]);
        World::with([plugin, service])
    };
    let unknown = {
        let mut service = objects::service();
        service["status"] = json!({ "loadBalancer": { "ingress": [{ "ip": "203.0.113.7" }] } });
        World::with([objects::plugin(json!({})), service])
    };
    let worlds = [
        balanced(json!([])),
        balanced(json!([{ "hostname": "balancer.invalid" }])),
        unknown,
    ];
    looked_at(worlds, &["redirect URI"], "doctor-address");
}

/// Policies for the filter's header.
#[test]
fn a_backstop_may_demand_another_value_or_be_another_than_kfwasm_makes() {
    const GATE: &str = "a-value-of-thirty-two-bytes-or-more";
    let mut plugin = objects::plugin(json!({}));
    plugin["spec"]["pluginConfig"]["backstop"] =
        json!({ "header": "x-kfwasm-gate", "secret": { "env": "KFWASM_GATE" } });
    let secret = objects::secret("kfwasm", json!({ "KFWASM_GATE": GATE }));
    let policy = |selector: Value, action: &str, values: Value| {
        let condition = json!({ "key": "request.headers[x-kfwasm-gate]", "notValues": values });
        let spec =
            json!({ "selector": selector, "action": action, "rules": [{ "when": [condition] }] });
        objects::security("AuthorizationPolicy", "kfwasm-backstop", spec)
    };
    let at = |gateway: &str| json!({ "matchLabels": { "istio": gateway } });
    let here = at("ingressgateway");
    let world = |policy: Value| World::with([plugin.clone(), secret.clone(), policy]);
    let ours = policy(here.clone(), "DENY", json!([GATE]));
    let mark = json!({
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": { "name": "kfwasm-backstop", "namespace": "istio-system" },
    });
    let worlds = [
        world(ours.clone()),
        world(policy(here.clone(), "DENY", json!(["another"]))),
        world(policy(at("another"), "DENY", json!([GATE]))),
        world(policy(json!({}), "DENY", json!([GATE]))),
        world(policy(here.clone(), "AUDIT", json!([GATE]))),
        world(policy(here, "DENY", json!([GATE, "another"]))),
        World::with([plugin.clone(), secret.clone(), ours.clone(), mark]),
        World::with([secret.clone(), ours]),
        World::with([plugin.clone()]),
        World::default().refusing("GET", "/authorizationpolicies", 403, "may not look"),
    ];
    looked_at(worlds, &["backstop"], "doctor-backstop");
}

/// What there should be stands in kfwasm.yaml.
#[test]
fn a_kfwasm_yaml_says_which_backstop_there_should_be() {
    let operators = ["header", "none"].map(|kind| {
        let mut operator =
            Operator::at(World::with([objects::plugin(json!({}))])).with_directory("none");
        let file = operator.folder().join("ml/kfwasm.yaml");
        let settings = fs::read_to_string(&file).unwrap();
        let header = "plugin:\n  backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}\n";
        let settings = settings
            .replace("backstop: envoyFilter", &format!("backstop: {kind}"))
            .replace("plugin:\n", header);
        fs::write(file, settings).unwrap();
        operator.ask_the_doctor(&["ml", "--address", "127.0.0.1:1"], &["backstop"]);
        operator
    });
    Operator::is_recorded(operators, "doctor-settings");
}

/// By what the gateway answers.
#[test]
fn somebody_else_may_answer_at_the_gateway() {
    let theirs = "https://id.invalid/auth?client_id=other";
    let ours_elsewhere =
        "https://id.invalid/auth?client_id=kubeflow&redirect_uri=https%3A%2F%2Fother.example.com";
    let worlds = [(302, theirs), (302, ours_elsewhere), (404, "")].map(|(status, location)| {
        let mut plugin = objects::plugin(json!({ "idle": "1h" }));
        let config = &mut plugin["spec"]["pluginConfig"];
        config["publicHosts"] = json!(["localhost"]);
        config["insecureHttp"] = true.into();
        World::with([plugin]).with_gateway(status, location)
    });
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world);
        let address = operator.address().to_owned();
        let rules = ["provider", "page", "script", "forged header", "WebSocket"];
        operator.ask_the_doctor(&["--address", &address], &rules);
        operator
    });
    Operator::is_recorded(operators, "doctor-answers");
}

#[test]
fn owners_may_be_as_the_filter_writes_them() {
    let mut plugin = objects::plugin(json!({}));
    plugin["spec"]["pluginConfig"]["identity"] = json!({ "lowerCase": true });
    looked_at([World::with([plugin])], &["case"], "doctor-case");
}

#[test]
fn a_clock_that_is_a_little_late_is_to_be_looked_at() {
    let mut plugin = objects::plugin(json!({}));
    let config = &mut plugin["spec"]["pluginConfig"];
    config["publicHosts"] = json!(["localhost"]);
    config["insecureHttp"] = true.into();
    config["providers"][0]["issuer"] = HERE.into();
    config["providers"][0]["insecureHttp"] = true.into();
    let world = World::with([plugin])
        .with_gateway(302, "")
        .with_late_provider(45);
    let mut operator = Operator::at(world);
    let address = operator.address().to_owned();
    operator.run(&format!("kfwasm doctor --address {address}"));
    Operator::is_recorded([operator], "doctor-clock");
}

/// By a gateway that shows its own certificate, whatever the Secret has.
#[test]
fn the_certificate_that_is_served_is_compared_with_the_secret() {
    let gateway = Gateway::with_tls();
    let address = gateway.origin.trim_start_matches("https://");
    let other = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let operators = [gateway.authority.clone(), other.cert.pem()].map(|pem| {
        let mut plugin = objects::plugin(json!({}));
        plugin["spec"]["pluginConfig"]["publicHosts"] = json!(["localhost"]);
        let secret = objects::secret("certs", json!({ "tls.crt": pem, "tls.key": "key" }));
        let mut operator = Operator::at(World::with([plugin, objects::gateway(), secret]));
        operator.ask_the_doctor(&["--address", address], &["served"]);
        operator
    });
    Operator::is_recorded(operators, "doctor-served");
}

/// Where TLS is expected.
#[test]
fn a_gateway_without_tls_is_told_as_one() {
    let mut plugin = objects::plugin(json!({}));
    plugin["spec"]["pluginConfig"]["publicHosts"] = json!(["localhost"]);
    let mut operator = Operator::at(World::with([plugin]));
    let address = operator.address().to_owned();
    operator.ask_the_doctor(&["--address", &address], &["script"]);
    Operator::is_recorded([operator], "doctor-plain");
}

/// The bytes that pods mount are those that the plugin was built for.
#[test]
fn a_mounted_module_may_be_absent_another_or_of_unknown_origin() {
    let world =
        |url: Option<&str>, pinned: Option<&str>, started: Option<&str>, file: Option<&str>| {
            let mut plugin = objects::plugin(json!({}));
            plugin["spec"]["url"] = json!(url);
            plugin["spec"]["sha256"] = json!(pinned);
            let mut deployment = objects::deployment();
            let annotations = json!({ "kfwasm.io/module": started });
            deployment["spec"]["template"]["metadata"]["annotations"] = annotations;
            let metadata = json!({ "name": "kfwasm-module", "namespace": "istio-system" });
            let module = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
            "binaryData": { "kfwasm.wasm": file } });
            World::with([plugin, deployment, module])
        };
    // `YQ==` is `a`, with this digest.
    let own = Some("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    let (there, others) = (Some("file:///kfwasm/kfwasm.wasm"), Some("0123456789abcdef"));
    let worlds = [
        world(there, own, own, Some("YQ==")),
        world(there, own, own, None),
        world(there, others, others, Some("YQ==")),
        world(there, own, others, Some("YQ==")),
        world(there, None, None, Some("YQ==")),
        world(there, own, own, Some("YQ==")).refusing("GET", "/configmaps/", 403, "may not look"),
        world(None, None, None, None),
    ];
    looked_at(worlds, &["module"], "doctor-module");
}

/// Where the backstop demands the ID token.
#[test]
fn a_token_that_is_demanded_must_be_sent_and_be_known() {
    let nobody = json!({ "from": [{ "source": { "notRequestPrincipals": ["*"] } }] });
    let spec = json!({ "action": "DENY", "rules": [nobody] });
    let policy = || objects::security("AuthorizationPolicy", "kfwasm-backstop", spec.clone());
    let worlds = [false, true].map(|forwards| {
        let plugin = objects::plugin(json!({ "forwardIdToken": forwards }));
        World::with([plugin, policy()])
    });
    looked_at(worlds, &["backstop"], "doctor-token");
}
