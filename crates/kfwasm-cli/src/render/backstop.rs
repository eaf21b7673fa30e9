use kfwasm_config::installation::{Backstop, IstioVersion};
use kfwasm_config::{AbsolutePath, Config};
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway, token_backstop};
use crate::deploy;
use crate::object::Object;
use crate::settings::Settings;

/// Where the EnvoyFilter says at which paths bodies are handed over to the module.
const PATHS: &str = "/spec/configPatches/1/patch/value/typed_config/xds_matcher/matcher_list/matchers/0/predicate/not_matcher";
const EITHER: &str = "/or_matcher/predicate";
/// Where it demands the mark: the matcher that keeps marked requests from the filter, and that filter.
const GATE: &str = "/spec/configPatches/0/patch/value/typed_config";
const DEMANDING: &str = "/extension_config/typed_config";

/// What denies everything when the filter is gone.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let (file, objects) = match settings.installation.backstop {
        Backstop::EnvoyFilter => (deploy::BACKSTOP, vec![mark(settings)?]),
        Backstop::Header => (deploy::BACKSTOP_HEADER, vec![header(settings)?]),
        Backstop::Jwt => (deploy::BACKSTOP_JWT, token_backstop::objects(settings)),
        Backstop::None => return None,
    };
    let placed = objects.into_iter();
    let placed = placed.map(|object| beside_the_gateway(object, settings));
    Some(Manifest {
        name: "backstop.yaml",
        comment: file.comment(),
        objects: placed.collect(),
    })
}

/// A mark in the filter state, and the bodies of our own endpoints.
fn mark(settings: &Settings) -> Option<Object> {
    let installation = &settings.installation;
    let filter = deploy::BACKSTOP.object("EnvoyFilter")?.with(
        "/spec/workloadSelector/labels/istio",
        installation.gateway.label.as_str(),
    );
    let paths = paths_with_bodies(&installation.plugin);
    let first = filter.get(&format!("{PATHS}{EITHER}/0"))?.clone();
    let filter = filter.with(PATHS, at_one_of(&first, &paths));
    Some(for_istio(filter, installation.istio))
}

/// Where the matcher cannot read the mark, every request goes through the filter.
fn for_istio(filter: Object, istio: IstioVersion) -> Object {
    let demanding = filter.get(&format!("{GATE}{DEMANDING}")).cloned();
    match demanding {
        Some(demanding) if istio < IstioVersion::FILTER_STATE_MATCHED => {
            filter.with(GATE, demanding)
        }
        _ => filter,
    }
}

/// The endpoints of ours that are posted a form (decision 019).
fn paths_with_bodies(plugin: &Config) -> Vec<&str> {
    let programs = &plugin.programs;
    let of_programs = [&programs.authorize_path, &programs.token_path];
    let of_programs = of_programs.into_iter().filter(|_| programs.enabled);
    [&plugin.sign_out.back_channel_path]
        .into_iter()
        .chain(of_programs)
        .map(AbsolutePath::as_str)
        .collect()
}

/// Envoy's matcher for one of these paths, made of that for some path. "Or" is of two at the least.
fn at_one_of(some: &Value, paths: &[&str]) -> Value {
    let at = |path: &&str| {
        let mut predicate = some.clone();
        if let Some(exact) = predicate.pointer_mut("/single_predicate/value_match/exact") {
            *exact = (*path).into();
        }
        predicate
    };
    match paths {
        [path] => at(path),
        paths => json!({"or_matcher": {"predicate": paths.iter().map(at).collect::<Vec<_>>()}}),
    }
}

/// A header that only the filter knows the value of. The value comes in when it is applied.
fn header(settings: &Settings) -> Option<Object> {
    let installation = &settings.installation;
    let header = installation.plugin.backstop.header.as_ref()?.as_str();
    let policy = deploy::BACKSTOP_HEADER
        .object("AuthorizationPolicy")?
        .with(
            "/spec/selector/matchLabels/istio",
            installation.gateway.label.as_str(),
        )
        .with(
            "/spec/rules/0/when/0/key",
            format!("request.headers[{header}]"),
        );
    Some(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(more: &str) -> Object {
        let text = format!(
            "name: ml\nplugin:\n  publicHosts: [ml.example.com]\n  \
             providers: [{{issuer: \"https://id.example.com\", clientId: kubeflow, clientSecret: {{env: SECRET}}}}]\n{more}"
        );
        let settings = Settings::parse(&text).unwrap();
        manifest(&settings).unwrap().objects[0].clone()
    }

    fn paths(filter: &Object) -> Vec<&str> {
        let matcher = filter.get(PATHS).unwrap();
        let either = matcher.pointer(EITHER).and_then(Value::as_array);
        let predicates = either.map_or(vec![matcher], |either| either.iter().collect());
        predicates.into_iter().filter_map(path).collect()
    }

    fn path(predicate: &Value) -> Option<&str> {
        let exact = predicate.pointer("/single_predicate/value_match/exact")?;
        exact.as_str()
    }

    #[test]
    fn bodies_are_handed_over_at_the_paths_that_the_configuration_names() {
        assert_eq!(
            paths(&built("")),
            [
                "/authservice/backchannel-logout",
                "/authservice/programs/authorize",
                "/authservice/programs/token"
            ]
        );
        let others = "  signOut: {backChannelPath: /ends}\n  programs: {authorizePath: /may, tokenPath: /code}\n";
        assert_eq!(paths(&built(others)), ["/ends", "/may", "/code"]);
    }

    #[test]
    fn an_endpoint_that_is_switched_off_takes_no_bodies_from_others() {
        let off = "  programs: {enabled: false}\n";
        assert_eq!(paths(&built(off)), ["/authservice/backchannel-logout"]);
    }

    #[test]
    fn marked_requests_pass_by_the_filter_where_istio_is_new_enough() {
        let typed = |more: &str| built(more).text(&format!("{GATE}/@type")).to_owned();
        let rule = |more: &str, at: &str| built(more).get(&format!("{GATE}{at}/rules")).cloned();
        for more in ["", "istio: '1.25'\n"] {
            assert!(typed(more).ends_with("ExtensionWithMatcher"), "{more}");
        }
        let older = "istio: '1.24'\n";
        assert!(typed(older).ends_with("rbac.v3.RBAC"));
        assert_eq!(rule(older, ""), rule("", DEMANDING));
        assert!(rule(older, "").is_some());
    }

    #[test]
    fn the_header_is_the_one_of_the_configuration_and_its_value_is_none_that_a_filter_has() {
        let policy = built(
            "  backstop: {header: X-Gate, secret: {env: GATE}}\nbackstop: header\ngateway: {label: other}\n",
        );
        let condition = policy.get("/spec/rules/0/when/0").unwrap();
        assert_eq!(condition["key"], "request.headers[x-gate]");
        assert!(condition["notValues"][0].as_str().unwrap().len() < 32);
        assert_eq!(policy.text("/spec/selector/matchLabels/istio"), "other");
    }
}
