use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_config::Provider;
use serde_json::Value;

use super::survey::{items, object};
use super::{Finding, Survey};
use crate::install::BACKSTOP;

/// Without the filter nobody gets in.
pub(super) fn backstop(survey: &Survey) -> Finding {
    const RULE: &str = "backstop";
    if let Err(reason) = &survey.envoy_filters {
        return Finding::unchecked(RULE, reason, "ask for the right to list EnvoyFilters");
    }
    let demands = |filter: &&Value| filter.to_string().contains("wasm.kfwasm_gate");
    let denies = "the gateway denies what the filter has not seen";
    if items(&survey.envoy_filters).any(|filter| demands(&filter)) {
        return Finding::good(RULE, denies);
    }
    let refused = match (header_policy(survey), token_policy(survey)) {
        (Some(policy), _) => refused_secret(policy, survey),
        (None, Some(policy)) => refused_tokens(policy, survey),
        (None, None) => {
            return Finding::wrong(
                RULE,
                "without the filter the gateway would let everyone in",
                "`kfwasm apply` puts kfwasm-backstop there",
            );
        }
    };
    match refused {
        None => Finding::good(RULE, denies),
        Some(what) => Finding::wrong(RULE, what, "`kfwasm apply` brings them together"),
    }
}

/// Our policy that denies whatever has no token.
fn token_policy(survey: &Survey) -> Option<&Value> {
    let demands = |policy: &&Value| {
        let text = |pointer| policy.pointer(pointer).and_then(Value::as_str);
        text("/metadata/name") == Some(BACKSTOP)
            && text("/spec/action") == Some("DENY")
            && text("/spec/rules/0/from/0/source/notRequestPrincipals/0") == Some("*")
    };
    items(&survey.policies).find(demands)
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

/// A policy that denies whatever has not the header that the filter sets.
fn header_policy(survey: &Survey) -> Option<&Value> {
    let config = survey.config()?.ok()?;
    let key = format!("request.headers[{}]", config.backstop.header?.as_str());
    let demands = |policy: &&Value| {
        let text = |pointer| policy.pointer(pointer).and_then(Value::as_str);
        text("/spec/action") == Some("DENY") && text("/spec/rules/0/when/0/key") == Some(&key)
    };
    items(&survey.policies).find(demands)
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::finding::Mark;

    const GATE: &str = "a-value-of-thirty-two-bytes-or-more";

    /// A gateway with a policy for this header that demands this value, and a filter that has `GATE`.
    fn demanding(header: &str, value: &str) -> Survey {
        let backstop = json!({"header": "x-kfwasm-gate", "secret": {"env": "GATE"}});
        let provider = json!({"issuer": "https://id.example.com", "clientId": "kubeflow",
            "clientSecret": {"env": "SECRET"}});
        let config = json!({"publicHosts": ["ml.example.com"], "providers": [provider], "backstop": backstop});
        let condition = json!({"key": format!("request.headers[{header}]"), "notValues": [value]});
        let policy = json!({"metadata": {"name": "kfwasm-backstop"},
            "spec": {"action": "DENY", "rules": [{"when": [condition]}]}});
        Survey {
            plugin: Ok(Some(json!({"spec": {"pluginConfig": config}}))),
            policies: Ok(Some(json!({"items": [policy]}))),
            secret: Ok(Some(
                json!({"data": {"GATE": BASE64_STANDARD.encode(GATE)}}),
            )),
            ..Survey::of_nothing()
        }
    }

    #[test]
    fn a_policy_that_demands_the_filters_header_is_a_backstop() {
        let finding = backstop(&demanding("x-kfwasm-gate", GATE));
        assert_eq!(finding.mark, Mark::Good, "{finding:?}");
    }

    #[test]
    fn a_policy_that_demands_another_value_lets_nobody_in() {
        let finding = backstop(&demanding("x-kfwasm-gate", "the-value-of-KFWASM_GATE"));
        assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
        assert!(!format!("{finding:?}").contains(GATE), "{finding:?}");
    }

    /// A gateway with a policy that demands a token, and a filter that sends one where it is so.
    fn demanding_tokens(forwards: bool, audience: &str) -> Survey {
        let provider = json!({"issuer": "https://id.example.com", "clientId": "kubeflow",
            "clientSecret": {"env": "SECRET"}});
        let config = json!({"publicHosts": ["ml.example.com"], "providers": [provider],
            "session": {"forwardIdToken": forwards}});
        let from = json!([{"source": {"notRequestPrincipals": ["*"]}}]);
        let policy = json!({"metadata": {"name": "kfwasm-backstop"}, "spec": {"action": "DENY", "rules": [{"from": from}]}});
        let rule = json!({"issuer": "https://id.example.com", "audiences": [audience]});
        Survey {
            plugin: Ok(Some(json!({"spec": {"pluginConfig": config}}))),
            policies: Ok(Some(json!({"items": [policy]}))),
            authentications: Ok(Some(json!({"items": [{"spec": {"jwtRules": [rule]}}]}))),
            ..Survey::of_nothing()
        }
    }

    #[test]
    fn a_policy_that_demands_the_token_that_the_filter_sends_is_a_backstop() {
        let finding = backstop(&demanding_tokens(true, "kubeflow"));
        assert_eq!(finding.mark, Mark::Good, "{finding:?}");
        for survey in [
            demanding_tokens(false, "kubeflow"),
            demanding_tokens(true, "other"),
        ] {
            let finding = backstop(&survey);
            assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
        }
    }

    #[test]
    fn a_policy_for_another_header_is_no_backstop() {
        let finding = backstop(&demanding("x-other", GATE));
        assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
    }
}
