use kfwasm_config::installation::IstioVersion;
use serde_json::{Value, json};

use super::*;
use crate::doctor::finding::Mark;
use crate::render;
use crate::settings::Settings;

const GATE: &str = "a-value-of-thirty-two-bytes-or-more";

fn settings(kind: &str) -> Settings {
    let text = format!(
        "name: ml\nbackstop: {kind}\nplugin:\n  publicHosts: [ml.example.com]\n  \
         providers: [{{issuer: \"https://id.example.com\", clientId: kubeflow, clientSecret: {{env: SECRET}}}}]\n  \
         backstop: {{header: x-kfwasm-gate, secret: {{env: GATE}}}}\n  \
         session: {{forwardIdToken: true}}\n  programs: {{enabled: false}}\n  skip: [{{prefix: /public}}]\n"
    );
    Settings::parse(&text).unwrap()
}

/// A gateway with the filter of these settings, and with these objects.
fn gateway(settings: &Settings, objects: &[Object]) -> Survey {
    let of_kind = |kind: &str| {
        let items = objects.iter().filter(|it| it.text("/kind") == kind);
        let items: Vec<_> = items.map(Object::value).collect();
        Ok(Some(json!({ "items": items })))
    };
    Survey {
        plugin: Ok(Some(json!({ "spec": { "pluginConfig": settings.plugin } }))),
        envoy_filters: of_kind(MARK),
        authentications: of_kind(AUTHENTICATION),
        policies: of_kind(POLICY),
        secret: Ok(Some(
            json!({ "data": { "GATE": BASE64_STANDARD.encode(GATE) } }),
        )),
        ..Survey::of_nothing()
    }
}

/// A backstop as it is applied.
fn applied(kind: &str) -> (Settings, Vec<Object>) {
    let settings = settings(kind);
    let mut objects = render::backstop(&settings);
    if kind == "header" {
        objects = vec![objects[0].clone().with(VALUE, GATE)];
    }
    (settings, objects)
}

const VALUE: &str = "/spec/rules/0/when/0/notValues/0";
const KINDS: [&str; 3] = ["envoyFilter", "header", "jwt"];

/// Without a kfwasm.yaml, and with it.
fn surveys(settings: &Settings, objects: &[Object]) -> [Survey; 2] {
    let mut known = gateway(settings, objects);
    known.settings = Some(settings.clone());
    [gateway(settings, objects), known]
}

#[test]
fn each_backstop_is_good_as_it_is_applied() {
    for kind in KINDS {
        let (settings, objects) = applied(kind);
        for survey in surveys(&settings, &objects) {
            let finding = backstop(&survey);
            assert_eq!(finding.mark, Mark::Good, "{kind}: {finding:?}");
        }
    }
}

#[test]
fn the_one_for_an_older_istio_is_good_there() {
    let (mut settings, _) = applied("envoyFilter");
    settings.installation.istio = IstioVersion::FILTER_STATE;
    let objects = render::backstop(&settings);
    for survey in surveys(&settings, &objects) {
        assert_eq!(backstop(&survey).mark, Mark::Good);
    }
}

#[test]
fn one_that_is_not_as_kfwasm_makes_it_is_wrong_and_where_is_told() {
    let selector = "/spec/selector/matchLabels/istio";
    let cases: [(&str, usize, &str, Value, &str); 7] = [
        (
            "envoyFilter",
            0,
            "/spec/workloadSelector/labels/istio",
            "other".into(),
            "labels.istio is other, and should be ingressgateway",
        ),
        (
            "envoyFilter",
            0,
            "/spec/configPatches/0/patch/value/typed_config/extension_config/typed_config/rules/action",
            "LOG".into(),
            "rules.action is another",
        ),
        (
            "header",
            0,
            selector,
            "other".into(),
            "matchLabels.istio is other",
        ),
        (
            "header",
            0,
            "/spec/rules/0/when/0/notValues/1",
            "x-second-value".into(),
            "notValues[1] should not be there",
        ),
        (
            "header",
            0,
            "/spec/rules/0/to",
            json!([{}]),
            "rules[0].to should not be there",
        ),
        (
            "jwt",
            0,
            "/spec/jwtRules/0/audiences/1",
            "x-second-value".into(),
            "audiences[1] should not be there",
        ),
        (
            "jwt",
            1,
            "/spec/rules/0/to/0/operation/notPaths/0",
            "/*".into(),
            "notPaths[0] is another",
        ),
    ];
    for (kind, which, place, value, told) in cases {
        let (settings, mut objects) = applied(kind);
        objects[which] = put(objects[which].clone(), place, value);
        for survey in surveys(&settings, &objects) {
            let finding = backstop(&survey);
            assert_eq!(finding.mark, Mark::Wrong, "{place}: {finding:?}");
            assert!(finding.what.contains(told), "{place}: {finding:?}");
            assert!(!finding.what.contains("x-second-value"), "{finding:?}");
        }
    }
}

/// At the end of a list too.
fn put(object: Object, place: &str, value: Value) -> Object {
    let (list, _) = place.rsplit_once('/').unwrap();
    let Some(Value::Array(mut elements)) = object.get(list).cloned() else {
        return object.with(place, value);
    };
    let at: usize = place.rsplit('/').next().unwrap().parse().unwrap();
    elements.truncate(at);
    elements.push(value);
    object.with(list, elements)
}

#[test]
fn what_another_backstop_has_left_is_wrong_beside_one_that_is_good() {
    let (settings, mut objects) = applied("envoyFilter");
    objects.extend(applied("header").1);
    for survey in surveys(&settings, &objects) {
        let finding = backstop(&survey);
        assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
        let left = "AuthorizationPolicy istio-system/kfwasm-backstop is left over";
        assert!(finding.what.contains(left), "{finding:?}");
    }
}

#[test]
fn what_cannot_be_read_is_not_checked() {
    let (settings, objects) = applied("header");
    for at in 0..3 {
        let mut survey = gateway(&settings, &objects);
        let lists = [
            &mut survey.envoy_filters,
            &mut survey.authentications,
            &mut survey.policies,
        ];
        *lists.into_iter().nth(at).unwrap() = Err("may not look".to_owned());
        assert_eq!(backstop(&survey).mark, Mark::Unchecked);
    }
    let mut survey = gateway(&settings, &objects);
    survey.plugin = Ok(None);
    assert_eq!(backstop(&survey).mark, Mark::Unchecked);
}

#[test]
fn without_one_everybody_would_get_in() {
    for kind in KINDS {
        let (settings, _) = applied(kind);
        for survey in surveys(&settings, &[]) {
            assert_eq!(backstop(&survey).mark, Mark::Wrong);
        }
    }
    let (settings, objects) = (settings("none"), applied("header").1);
    let [_, survey] = surveys(&settings, &objects);
    assert_eq!(backstop(&survey).mark, Mark::Wrong);
}

#[test]
fn a_policy_that_demands_another_value_lets_nobody_in() {
    let (settings, objects) = applied("header");
    let objects = [objects[0].clone().with(VALUE, "the-value-of-KFWASM_GATE")];
    let finding = backstop(&gateway(&settings, &objects));
    assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
    assert!(!format!("{finding:?}").contains(GATE), "{finding:?}");
}

#[test]
fn a_policy_for_another_header_is_no_backstop() {
    let (settings, objects) = applied("header");
    let key = "/spec/rules/0/when/0/key";
    let objects = [objects[0].clone().with(key, "request.headers[x-other]")];
    let finding = backstop(&gateway(&settings, &objects));
    assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
}

#[test]
fn a_token_that_the_filter_does_not_send_lets_nobody_in() {
    let (mut settings, objects) = applied("jwt");
    settings.plugin["session"]["forwardIdToken"] = false.into();
    let finding = backstop(&gateway(&settings, &objects));
    assert!(finding.what.contains("nobody gets in"), "{finding:?}");
    settings.plugin["session"]["forwardIdToken"] = true.into();
    settings.plugin["providers"][0]["clientId"] = "other".into();
    let finding = backstop(&gateway(&settings, &objects));
    assert!(finding.what.contains("nobody from there"), "{finding:?}");
}
