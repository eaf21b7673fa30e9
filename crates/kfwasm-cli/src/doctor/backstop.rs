mod difference;
mod wanted;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_config::Provider;
use kfwasm_config::installation::Backstop;
use serde_json::Value;

use super::survey::{items, object, of_kind};
use super::{Finding, Survey};
use crate::install::BACKSTOP;
use crate::object::Object;

const MARK: &str = "EnvoyFilter";
const AUTHENTICATION: &str = "RequestAuthentication";
const POLICY: &str = "AuthorizationPolicy";

/// Without the filter nobody gets in.
pub(super) fn backstop(survey: &Survey) -> Finding {
    const RULE: &str = "backstop";
    const APPLY: &str = "`kfwasm apply` brings them together";
    let parts = match parts(survey) {
        Ok(parts) => parts,
        Err((kind, reason)) => {
            return Finding::unchecked(
                RULE,
                reason,
                &format!("ask for the right to list kind {kind}"),
            );
        }
    };
    let kind = wanted::kind(survey, &parts);
    if !parts.iter().any(|part| denies(kind, part)) {
        return Finding::wrong(
            RULE,
            "without the filter the gateway would let everyone in",
            match kind {
                Backstop::None => "write another backstop into kfwasm.yaml: none is what it says",
                _ => "`kfwasm apply` puts kfwasm-backstop there",
            },
        );
    }
    let refused = || parts.iter().find_map(|part| refused(kind, part, survey));
    if let Some(what) = left_over(kind, &parts).or_else(refused) {
        return Finding::wrong(RULE, what, APPLY);
    }
    match wanted::objects(survey, kind, &parts) {
        Err(why) => Finding::unchecked(RULE, &why, ""),
        Ok(wanted) => match wanted.iter().find_map(|it| difference::of(it, &parts)) {
            Some(what) => Finding::wrong(RULE, what, APPLY),
            None => Finding::good(RULE, "the gateway denies what the filter has not seen"),
        },
    }
}

/// What is called as ours is, or demands the mark; or of which kind nothing can be seen, and why.
fn parts(survey: &Survey) -> Result<Vec<Object>, (&'static str, &str)> {
    let mut parts = Vec::new();
    for (kind, list) in [
        (MARK, &survey.envoy_filters),
        (AUTHENTICATION, &survey.authentications),
        (POLICY, &survey.policies),
    ] {
        if let Err(reason) = list {
            return Err((kind, reason));
        }
        let objects = items(list).filter_map(|item| of_kind(kind, item));
        parts.extend(objects.filter(is_part));
    }
    Ok(parts)
}

fn is_part(object: &Object) -> bool {
    object.text("/metadata/name") == BACKSTOP
        || object.text("/kind") == MARK && object.value().to_string().contains("wasm.kfwasm_gate")
}

/// Whether a backstop of this kind denies by it.
fn denies(kind: Backstop, part: &Object) -> bool {
    match kind {
        Backstop::EnvoyFilter => part.text("/kind") == MARK,
        Backstop::Header | Backstop::Jwt => part.text("/kind") == POLICY,
        Backstop::None => false,
    }
}

/// What is of another kind of backstop, and may deny what this one lets through.
fn left_over(kind: Backstop, parts: &[Object]) -> Option<String> {
    let is_of_it = |part: &Object| {
        denies(kind, part) || kind == Backstop::Jwt && part.text("/kind") == AUTHENTICATION
    };
    let left = parts.iter().find(|part| !is_of_it(part))?;
    Some(format!("{} is left over from another backstop", left.id()))
}

/// Why nobody gets in, or not everybody who should.
fn refused(kind: Backstop, part: &Object, survey: &Survey) -> Option<String> {
    match (kind, part.text("/kind")) {
        (Backstop::Header, POLICY) => refused_secret(part.value(), survey),
        (Backstop::Jwt, POLICY) => refused_tokens(part.value(), survey),
        _ => None,
    }
}

/// What is wrong when the tokens that the filter sends are not those that the gateway knows: then nobody gets in, or some
/// do not.
fn refused_tokens(policy: &Value, survey: &Survey) -> Option<String> {
    let config = survey.config()?.ok()?;
    let name = policy.pointer("/metadata/name").and_then(Value::as_str)?;
    if !config.session.forward_id_token {
        return Some(format!(
            "AuthorizationPolicy {name} demands a token that the filter does not send: nobody gets in"
        ));
    }
    let unknown = |provider: &&Provider| !knows(survey, provider);
    let unknown = config.providers.iter().find(unknown)?;
    Some(format!(
        "no RequestAuthentication knows the tokens of {} for {}: nobody from there gets in",
        unknown.issuer.as_str(),
        unknown.client_id.as_str()
    ))
}

/// Whether Istio is told of the provider's tokens for this client.
fn knows(survey: &Survey, provider: &Provider) -> bool {
    let rules = items(&survey.authentications).filter_map(|it| it.pointer("/spec/jwtRules"));
    let mut rules = rules.filter_map(Value::as_array).flatten();
    rules.any(|rule| {
        let audiences = rule.get("audiences").and_then(Value::as_array);
        let mut audiences = audiences.into_iter().flatten();
        rule.get("issuer") == Some(&provider.issuer.as_str().into())
            && audiences.any(|it| *it == provider.client_id.as_str())
    })
}

/// What is wrong when the policy demands another value than the filter has: then nobody gets in at all.
fn refused_secret(policy: &Value, survey: &Survey) -> Option<String> {
    let name = survey.config()?.ok()?.backstop.secret?;
    let secret = object(&survey.secret)?
        .get("data")?
        .get(name.as_str())?
        .as_str()?;
    let known = BASE64_STANDARD.decode(secret).ok()?;
    let demanded = policy
        .pointer("/spec/rules/0/when/0/notValues")?
        .as_array()?;
    let demands = |value: &Value| {
        value
            .as_str()
            .is_some_and(|value| value.as_bytes() == known)
    };
    (!demanded.iter().any(demands)).then(|| {
        format!(
            "AuthorizationPolicy {} demands another value than the Secret kfwasm has in {}: nobody gets in",
            policy.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default(),
            name.as_str()
        )
    })
}

#[cfg(test)]
mod tests;
