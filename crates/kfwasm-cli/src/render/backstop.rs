use kfwasm_config::installation::{Backstop, IstioVersion};
use kfwasm_config::{AbsolutePath, Config};
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway, token_backstop};
use crate::deploy::{self, DeployFile};
use crate::object::Object;
use crate::settings::Settings;

/// What the EnvoyFilter puts into a gateway: two filters, and the routes of the paths whose bodies are handed over to the
/// module.
const PATCHES: &str = "/spec/configPatches";
const ROUTE: &str = "HTTP_ROUTE";
const PATH: &str = "/patch/value/match/path";
/// Where the one for an older Istio says at which paths.
const PATHS: &str = "/spec/configPatches/1/patch/value/typed_config/xds_matcher/matcher_list/matchers/0/predicate/not_matcher";
const EITHER: &str = "/or_matcher/predicate";

/// What denies everything when the filter is gone.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let (file, objects) = match settings.installation.backstop {
        Backstop::EnvoyFilter => mark(settings)?,
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
fn mark(settings: &Settings) -> Option<(DeployFile, Vec<Object>)> {
    let installation = &settings.installation;
    let is_older = installation.istio < IstioVersion::FILTER_STATE_MATCHED;
    let file = match is_older {
        true => deploy::BACKSTOP_OLDER_ISTIO,
        false => deploy::BACKSTOP,
    };
    let filter = file.object("EnvoyFilter")?.with(
        "/spec/workloadSelector/labels/istio",
        installation.gateway.label.as_str(),
    );
    let paths = paths_with_bodies(&installation.plugin);
    let filter = match is_older {
        true => matched(filter, &paths)?,
        false => routed(filter, &paths)?,
    };
    Some((file, vec![filter]))
}

/// With a route for each of these paths, made of that for some path.
fn routed(filter: Object, paths: &[&str]) -> Option<Object> {
    let patches = filter.get(PATCHES)?.as_array()?;
    let is_route = |patch: &&Value| patch.get("applyTo").is_some_and(|place| place == ROUTE);
    let some = patches.iter().find(is_route)?;
    let routes = paths.iter().map(|path| at_path(some, PATH, path));
    let filters = patches.iter().filter(|patch| !is_route(patch)).cloned();
    let patches: Vec<_> = filters.chain(routes).collect();
    Some(filter.with(PATCHES, patches))
}

/// With a matcher for one of these paths, made of that for some path. "Or" is of two at the least.
fn matched(filter: Object, paths: &[&str]) -> Option<Object> {
    let some = filter.get(&format!("{PATHS}{EITHER}/0"))?;
    let at = |path: &&str| at_path(some, "/single_predicate/value_match/exact", path);
    let predicate = match paths {
        [path] => at(path),
        paths => json!({"or_matcher": {"predicate": paths.iter().map(at).collect::<Vec<_>>()}}),
    };
    Some(filter.with(PATHS, predicate))
}

/// The same for another path.
fn at_path(some: &Value, place: &str, path: &str) -> Value {
    let mut other = some.clone();
    if let Some(its) = other.pointer_mut(place) {
        *its = path.into();
    }
    other
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
        let patches = filter.get(PATCHES).and_then(Value::as_array).unwrap();
        let routes = patches.iter().filter(|patch| patch["applyTo"] == ROUTE);
        routes
            .map(|route| route.pointer(PATH).and_then(Value::as_str).unwrap())
            .collect()
    }

    /// Those of the filter for an older Istio.
    fn matched_paths(filter: &Object) -> Vec<&str> {
        let matcher = filter.get(PATHS).unwrap();
        let either = matcher.pointer(EITHER).and_then(Value::as_array);
        let predicates = either.map_or(vec![matcher], |either| either.iter().collect());
        predicates.into_iter().filter_map(path).collect()
    }

    fn path(predicate: &Value) -> Option<&str> {
        let exact = predicate.pointer("/single_predicate/value_match/exact")?;
        exact.as_str()
    }

    const OLDER: &str = "istio: '1.24'\n";

    #[test]
    fn bodies_are_handed_over_at_the_paths_that_the_configuration_names() {
        let standard = [
            "/authservice/backchannel-logout",
            "/authservice/programs/authorize",
            "/authservice/programs/token",
        ];
        assert_eq!(paths(&built("")), standard);
        assert_eq!(matched_paths(&built(OLDER)), standard);
        let others = "  signOut: {backChannelPath: /ends}\n  programs: {authorizePath: /may, tokenPath: /code}\n";
        assert_eq!(paths(&built(others)), ["/ends", "/may", "/code"]);
        let older = [others, OLDER].concat();
        assert_eq!(matched_paths(&built(&older)), ["/ends", "/may", "/code"]);
    }

    #[test]
    fn an_endpoint_that_is_switched_off_takes_no_bodies_from_others() {
        let off = "  programs: {enabled: false}\n";
        assert_eq!(paths(&built(off)), ["/authservice/backchannel-logout"]);
        let older = [off, OLDER].concat();
        assert_eq!(
            matched_paths(&built(&older)),
            ["/authservice/backchannel-logout"]
        );
    }

    #[test]
    fn marked_requests_pass_by_the_filter_where_istio_is_new_enough() {
        const GATE: &str = "/spec/configPatches/0/patch/value/typed_config";
        let typed = |more: &str| built(more).text(&format!("{GATE}/@type")).to_owned();
        let rule = |more: &str, at: &str| built(more).get(&format!("{GATE}{at}/rules")).cloned();
        for more in ["", "istio: '1.25'\n"] {
            assert!(typed(more).ends_with("ExtensionWithMatcher"), "{more}");
        }
        assert!(typed(OLDER).ends_with("rbac.v3.RBAC"));
        assert_eq!(rule(OLDER, ""), rule("", "/extension_config/typed_config"));
        assert!(rule(OLDER, "").is_some());
    }

    /// What is handed over, and how, is the same.
    #[test]
    fn bodies_are_handed_over_in_the_same_way_with_an_older_istio() {
        const BODIES: &str = "/spec/configPatches/1/patch/value/typed_config";
        let script = |more: &str, at: &str| {
            let filter = built(more);
            filter
                .text(&format!("{BODIES}{at}/inline_string"))
                .to_owned()
        };
        let older = script(OLDER, "/extension_config/typed_config/default_source_code");
        assert_eq!(older, script("", "/source_codes/hand_over"));
        assert!(older.contains("x-kfwasm-body"));
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
