use serde_json::Value;

use super::survey::items;
use super::{Finding, Survey};

/// An external authorizer runs before the filter, so that one that is left over still decides.
pub(super) fn external_authorization(survey: &Survey) -> Finding {
    const RULE: &str = "external authorization";
    if let Err(reason) = &survey.policies {
        return Finding::unchecked(
            RULE,
            reason,
            "ask for the right to list AuthorizationPolicies",
        );
    }
    let is_custom = |policy: &&Value| policy.pointer("/spec/action") == Some(&"CUSTOM".into());
    match items(&survey.policies).find(is_custom) {
        Some(policy) => Finding::wrong(
            RULE,
            format!(
                "AuthorizationPolicy istio-system/{} asks another service first",
                name(policy)
            ),
            "`kfwasm migrate --cut-over` removes it, and can put it back",
        ),
        None => Finding::good(RULE, "no policy asks another service"),
    }
}

/// What oidc-authservice left behind.
pub(super) fn authservice(survey: &Survey) -> Finding {
    const RULE: &str = "other filters";
    if let Err(reason) = &survey.envoy_filters {
        return Finding::unchecked(RULE, reason, "ask for the right to list EnvoyFilters");
    }
    let asks = |filter: &&Value| filter.to_string().contains("ext_authz");
    match items(&survey.envoy_filters).find(asks) {
        Some(filter) => Finding::wrong(
            RULE,
            format!(
                "EnvoyFilter istio-system/{} asks another service first",
                name(filter)
            ),
            "`kfwasm migrate --cut-over` removes it, and can put it back",
        ),
        None => Finding::good(RULE, "no EnvoyFilter asks another service"),
    }
}

/// A RequestAuthentication that makes the identity headers of claims takes away ours.
pub(super) fn identity_headers(survey: &Survey) -> Finding {
    const RULE: &str = "identity headers";
    let (Ok(_), Some(Ok(config))) = (&survey.authentications, survey.config()) else {
        let why = "RequestAuthentications or the plugin's configuration could not be read";
        return Finding::unchecked(RULE, why, "");
    };
    let identity = &config.identity;
    let ours = [identity.header.as_str(), identity.groups_header.as_str()];
    let owns = |object: &&Value| {
        let rules = object.pointer("/spec/jwtRules").and_then(Value::as_array);
        let outputs = rules
            .into_iter()
            .flatten()
            .filter_map(|rule| rule.get("outputClaimToHeaders")?.as_array());
        let mut headers = outputs
            .flatten()
            .filter_map(|output| output.get("header")?.as_str());
        headers.any(|header| ours.iter().any(|ours| ours.eq_ignore_ascii_case(header)))
    };
    match items(&survey.authentications).find(owns) {
        Some(found) => Finding::wrong(
            RULE,
            format!(
                "RequestAuthentication istio-system/{} removes them from requests without its token",
                name(found)
            ),
            "`kfwasm migrate --cut-over` removes it, and can put it back",
        ),
        None => Finding::good(RULE, "nothing but the filter sets them"),
    }
}

/// A policy that demands somebody's token denies who has a session.
pub(super) fn demanded_token(survey: &Survey) -> Finding {
    const RULE: &str = "demanded token";
    if let Err(reason) = &survey.policies {
        return Finding::unchecked(
            RULE,
            reason,
            "ask for the right to list AuthorizationPolicies",
        );
    }
    let demands = |policy: &&Value| {
        let principals = policy
            .to_string()
            .contains(r#""notRequestPrincipals":["*"]"#);
        principals && policy.pointer("/spec/action") == Some(&"DENY".into())
    };
    match items(&survey.policies).find(demands) {
        Some(policy) => Finding::wrong(
            RULE,
            format!(
                "AuthorizationPolicy istio-system/{} denies whoever brings no token",
                name(policy)
            ),
            "`kfwasm migrate --cut-over` removes it, and can put it back",
        ),
        None => Finding::good(RULE, "no policy demands a token"),
    }
}

fn name(object: &Value) -> &str {
    let name = object.pointer("/metadata/name").and_then(Value::as_str);
    name.unwrap_or_default()
}
