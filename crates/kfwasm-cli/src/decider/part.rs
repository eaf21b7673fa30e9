use serde_json::Value;

use super::{Place, Role, SERVICES};
use crate::object::Object;

/// How much of an object is a predecessor's.
pub(super) enum Share {
    None,
    Some,
    All,
}

impl Share {
    /// By each of its rules.
    fn of<'a>(rules: &'a [Value], is_ones: impl Fn(&'a Value) -> bool) -> Self {
        match rules.iter().filter(|rule| is_ones(rule)).count() {
            0 => Self::None,
            some if some < rules.len() => Self::Some,
            _ => Self::All,
        }
    }
}

impl Place {
    /// What an object does about requests, and for whom.
    pub(super) fn part(&self, object: &Object) -> Option<(Role, Share)> {
        match (object.text("/kind"), object.text("/spec/action")) {
            ("EnvoyFilter", _) => asking_filter(object),
            ("AuthorizationPolicy", "CUSTOM") => Some((Role::Asks, self.asked_of(object))),
            ("RequestAuthentication", _) => self.header_owner(object),
            ("AuthorizationPolicy", "DENY") => demanded_token(object),
            _ => None,
        }
    }

    fn asked_of(&self, policy: &Object) -> Share {
        let name = policy.text("/spec/provider/name");
        let known = self.authorizers.iter().any(|authorizer| authorizer == name);
        match known || SERVICES.contains(&name) {
            true => Share::All,
            false => Share::None,
        }
    }

    /// One that sets our headers is always in the way, whoever made it.
    fn header_owner(&self, authentication: &Object) -> Option<(Role, Share)> {
        let rules = elements(authentication, "/spec/jwtRules");
        if !rules.iter().any(|rule| self.headers_of(rule).0) {
            return None;
        }
        let only_ours = |rule| self.headers_of(rule) == (true, false);
        let share = match Share::of(rules, only_ours) {
            Share::None => Share::Some,
            share => share,
        };
        Some((Role::OwnsHeaders, share))
    }

    /// Whether a rule sets headers of ours, and whether it sets others.
    fn headers_of(&self, rule: &Value) -> (bool, bool) {
        let outputs = rule.get("outputClaimToHeaders").and_then(Value::as_array);
        let headers = outputs.into_iter().flatten();
        let headers = headers.filter_map(|output| output.get("header")?.as_str());
        let is_ours = |name: &str| self.headers.contains(&name.to_ascii_lowercase());
        headers.fold((false, false), |(ours, others), name| {
            (ours || is_ours(name), others || !is_ours(name))
        })
    }
}

fn asking_filter(filter: &Object) -> Option<(Role, Share)> {
    let patches = elements(filter, "/spec/configPatches");
    let asks = |patch: &Value| patch.to_string().contains("ext_authz");
    let is_ones = |patch: &Value| {
        let text = patch.to_string();
        asks(patch) && SERVICES.iter().any(|service| text.contains(service))
    };
    let asking = patches.iter().any(asks);
    asking.then(|| (Role::Asks, Share::of(patches, is_ones)))
}

fn demanded_token(policy: &Object) -> Option<(Role, Share)> {
    let share = Share::of(elements(policy, "/spec/rules"), demands_token);
    (!matches!(share, Share::None)).then_some((Role::DemandsToken, share))
}

/// Whether a rule is about nothing but those who bring no token.
fn demands_token(rule: &Value) -> bool {
    let sources = rule.get("from").and_then(Value::as_array);
    let is_nobody =
        |from: &Value| from.pointer("/source/notRequestPrincipals/0") == Some(&"*".into());
    sources.is_some_and(|sources| !sources.is_empty() && sources.iter().all(is_nobody))
}

fn elements<'a>(object: &'a Object, place: &str) -> &'a [Value] {
    let list = object.get(place).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}
