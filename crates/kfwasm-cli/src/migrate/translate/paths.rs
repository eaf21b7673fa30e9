use serde_json::{Map, Value, json};

use super::super::{Draft, Setting};
use super::route_pattern::RoutePattern;

const CALLBACKS: [&str; 3] = [
    "/authservice/oidc/callback",
    "/login/oidc",
    "/oauth2/callback",
];
const SIGN_OUTS: [&str; 3] = ["/logout", "/authservice/logout", "/oauth2/sign_out"];
/// Paths below which the filter takes every request for a program's.
const KNOWN_API: [&str; 2] = ["/api", "/apis"];

/// The registered redirect URI: its host becomes the gateway's, its path stays, so that the registration does.
pub(crate) fn redirect_url(draft: &mut Draft, setting: &Setting) {
    let url = setting.text();
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => ("", url.as_str()),
    };
    let (host, path) = match rest.find('/').and_then(|at| rest.split_at_checked(at)) {
        Some((host, path)) => (host, path),
        None => (rest, ""),
    };
    if draft.host.is_none() && !host.is_empty() {
        draft.host = Some(host.to_lowercase());
    }
    callback(draft, path);
    let registered = format!("https://{}{path}", draft.host.clone().unwrap_or_default());
    match scheme {
        "https" => draft.tell_taken(setting, "publicHosts, callback.path"),
        "" => draft.tell_change(
            setting,
            format!(
                "callback.path: the provider is sent {registered}, which must be registered there"
            ),
        ),
        _ => draft.tell_change(
            setting,
            format!("publicHosts, callback.path: with https; register {registered}"),
        ),
    }
}

fn callback(draft: &mut Draft, path: &str) {
    if path.is_empty() {
        return;
    }
    let others = CALLBACKS.into_iter().filter(|other| *other != path);
    let others: Vec<Value> = others.map(Value::from).collect();
    draft.put("callback.path", path.into());
    draft.put("callback.aliases", others.into());
}

/// Below it were the callback and sign-out of oidc-authservice.
pub(crate) fn url_prefix(draft: &mut Draft, setting: &Setting) {
    let prefix = setting.text();
    let prefix = prefix.trim_end_matches('/');
    let sign_out = format!("{prefix}/logout");
    let mut paths: Vec<Value> = SIGN_OUTS.map(Value::from).to_vec();
    if SIGN_OUTS.contains(&sign_out.as_str()) {
        return draft.drop(setting, "these paths are known");
    }
    paths.push(sign_out.into());
    draft.take(setting, "signOut.paths", paths);
}

/// Paths that need no sign-in, each with what begins so.
pub(crate) fn skip_prefixes(draft: &mut Draft, setting: &Setting) {
    for path in setting.parts() {
        let one = Setting::new(setting.name.as_str(), path.as_str());
        match path.trim_end_matches('/') {
            "" => draft.leave(&one, format!("{path} would let everyone in everywhere")),
            prefix => {
                draft.add("skip", json!({ "prefix": prefix }));
                draft.tell_taken(&one, &format!("skip: {prefix} and what is below it"));
            }
        }
    }
}

/// Patterns of paths that need no sign-in.
pub(crate) fn skip_routes(draft: &mut Draft, setting: &Setting) {
    for pattern in &setting.values {
        let one = Setting::new(setting.name.as_str(), pattern.as_str());
        let Some(route) = RoutePattern::parse(pattern) else {
            let why =
                format!("{pattern} is more than a path: write what is meant as a rule of skip");
            draft.leave(&one, why);
            continue;
        };
        let place = format!(
            "skip: {}{}",
            route.path,
            if route.exact {
                ""
            } else {
                " and what is below it"
            }
        );
        draft.add("skip", rule(route));
        draft.tell_taken(&one, &place);
    }
}

fn rule(route: RoutePattern) -> Value {
    let kind = if route.exact { "exact" } else { "prefix" };
    let mut rule = Map::new();
    rule.insert(kind.to_owned(), route.path.into());
    if let Some(method) = route.method {
        rule.insert("methods".to_owned(), json!([method]));
    }
    rule.into()
}

/// Patterns of paths that answer 401 rather than a redirect.
pub(crate) fn api_routes(draft: &mut Draft, setting: &Setting) {
    for pattern in &setting.values {
        let one = Setting::new(setting.name.as_str(), pattern.as_str());
        let anchored = format!("^{}", pattern.trim_start_matches('^'));
        match RoutePattern::parse(&anchored) {
            Some(route) if KNOWN_API.contains(&route.path.as_str()) => {
                draft.drop(&one, &format!("{pattern} is a program's path anyway"));
            }
            Some(route) if pattern.starts_with('^') => {
                draft.add("apiPaths", route.path.as_str().into());
                draft.tell_taken(&one, &format!("apiPaths: {}", route.path));
            }
            _ => draft.leave(
                &one,
                format!(
                    "{pattern} is no beginning of a path; a request of a script gets 401 anyway"
                ),
            ),
        }
    }
}

pub(crate) fn landing_after_sign_out(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "signOut.returnTo", setting.text());
}
