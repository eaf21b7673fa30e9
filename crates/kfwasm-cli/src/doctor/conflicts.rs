use serde_json::Value;

use super::survey::items;
use super::{Finding, Survey};

/// An external authorizer runs before the filter, so that one that is left over still decides.
pub(super) fn external_authorization(survey: &Survey) -> Finding {
    const RULE: &str = "external authorization";
    if let Err(reason) = &survey.policies {
        return Finding::doubtful(
            RULE,
            reason.as_str(),
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
            "delete it when the sign-in by kfwasm works",
        ),
        None => Finding::good(RULE, "no policy asks another service"),
    }
}

/// What oidc-authservice left behind.
pub(super) fn authservice(survey: &Survey) -> Finding {
    const RULE: &str = "other filters";
    if let Err(reason) = &survey.envoy_filters {
        return Finding::doubtful(
            RULE,
            reason.as_str(),
            "ask for the right to list EnvoyFilters",
        );
    }
    let asks = |filter: &&Value| filter.to_string().contains("ext_authz");
    match items(&survey.envoy_filters).find(asks) {
        Some(filter) => Finding::wrong(
            RULE,
            format!(
                "EnvoyFilter istio-system/{} asks another service first",
                name(filter)
            ),
            "delete it when the sign-in by kfwasm works",
        ),
        None => Finding::good(RULE, "no EnvoyFilter asks another service"),
    }
}

fn name(object: &Value) -> &str {
    let name = object.pointer("/metadata/name").and_then(Value::as_str);
    name.unwrap_or_default()
}
