//! Where a backstop that demands a token of the provider cannot work.

use crate::config::Config;
use crate::path_match::PathMatch;
use crate::provider::Provider;
use crate::read::object::Object;
use crate::refusal::Refusal;
use crate::skip_rule::SkipRule;

/// Skip rules that are not for every host and method are more than one condition each, and multiply.
const MOST_CONDITIONS: usize = 64;

/// Refuses what would be denied although somebody has signed in, and what Istio would understand differently.
pub(super) fn check(object: &mut Object<'_>, plugin: &Config) {
    refuse_without_token(object, plugin);
    refuse_programs(object, plugin);
    refuse_many_tenants(object, plugin);
    refuse_other_issuers(object, plugin);
    refuse_kept_tokens(object, plugin);
    refuse_suffixes(object, &plugin.skip);
    refuse_skip_rules(object, &plugin.skip);
}

fn refuse_without_token(object: &mut Object<'_>, plugin: &Config) {
    if !plugin.session.forward_id_token {
        object.refuse(
            "backstop",
            "is jwt, and plugin.session.forwardIdToken is not true: no request would have the token",
            "write plugin.session: {forwardIdToken: true, refresh: true}",
        );
    }
}

fn refuse_programs(object: &mut Object<'_>, plugin: &Config) {
    if plugin.programs.enabled {
        object.refuse(
            "backstop",
            "is jwt, and plugin.programs is on: what `kfwasm login` gets has no token",
            "write plugin.programs: {enabled: false}; programs bring a token of their own (plugin.bearer)",
        );
    }
}

fn refuse_many_tenants(object: &mut Object<'_>, plugin: &Config) {
    for (place, provider) in plugin.providers.iter().enumerate() {
        if provider.issuer.has_many_tenants() {
            let refusal = Refusal::of(
                "stands for many tenants, and backstop is jwt: Istio knows one issuer by its name",
                "write a provider for each tenant, with the issuer that its tokens name, or another backstop",
            );
            object.refuse_at(format!("plugin.providers[{place}].issuer"), refusal);
        }
    }
}

/// Whatever they are asked for, their tokens would open the gateway when the filter is gone, with its rules for them.
fn refuse_other_issuers(object: &mut Object<'_>, plugin: &Config) {
    for (place, issuer) in plugin.bearer.issuers.iter().enumerate() {
        let is_it = |it: &Provider| it.issuer.as_str() == issuer.issuer.as_str();
        if !plugin.providers.iter().any(is_it) {
            let refusal = Refusal::of(
                "is none of the providers, and backstop is jwt: without the filter whoever gets a token there could be anybody",
                "let programs use tokens of a provider, or write another backstop",
            );
            object.refuse_at(format!("plugin.bearer.issuers[{place}].issuer"), refusal);
        }
    }
}

fn refuse_kept_tokens(object: &mut Object<'_>, plugin: &Config) {
    for (place, issuer) in plugin.bearer.issuers.iter().enumerate() {
        if !issuer.forward_token {
            let refusal = Refusal::of(
                "is not true, and backstop is jwt: requests with its tokens would be denied",
                "write forwardToken: true, or another backstop",
            );
            object.refuse_at(
                format!("plugin.bearer.issuers[{place}].forwardToken"),
                refusal,
            );
        }
    }
}

/// Istio compares the end of a path as it was sent, and the filter that of its only reading. Whoever can choose a path could
/// write an end behind it that its upstream does not read (`/pipeline/runs;.css`).
fn refuse_suffixes(object: &mut Object<'_>, skip: &[SkipRule]) {
    for (place, rule) in skip.iter().enumerate() {
        if matches!(rule.path, PathMatch::Suffix(_)) {
            let refusal = Refusal::of(
                "is a suffix, and backstop is jwt: without the filter it would open paths such as /x;.css, which the filter calls ambiguous",
                "write exact or prefix, or another backstop",
            );
            object.refuse_at(format!("plugin.skip[{place}]"), refusal);
        }
    }
}

fn refuse_skip_rules(object: &mut Object<'_>, skip: &[SkipRule]) {
    for (place, rule) in skip.iter().enumerate() {
        if text(&rule.path).contains('*') {
            let refusal = Refusal::of(
                "has a *, and backstop is jwt: Istio would take it for any text",
                "write the paths without it, or another backstop",
            );
            object.refuse_at(format!("plugin.skip[{place}]"), refusal);
        }
    }
    let conditions = skip.iter().map(conditions);
    if conditions.fold(1, usize::saturating_mul) > MOST_CONDITIONS {
        object.refuse(
            "backstop",
            "is jwt, and too many skip rules have hosts or methods",
            "write fewer of them, or another backstop",
        );
    }
}

fn text(path: &PathMatch) -> &str {
    match path {
        PathMatch::Exact(path) => path.as_str(),
        PathMatch::Prefix(prefix) => prefix.as_str(),
        PathMatch::Suffix(suffix) => suffix.as_str(),
    }
}

/// In how many ways a request can miss the rule.
fn conditions(rule: &SkipRule) -> usize {
    let restrictions = [!rule.hosts.is_empty(), !rule.methods.is_empty()];
    let others = restrictions.into_iter().filter(|is_there| *is_there);
    others.count().saturating_add(1)
}
