use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::survey::{items, object};
use super::{Finding, Survey};

/// The filter is there, early enough, and fails closed.
pub(super) fn plugin(survey: &Survey) -> Finding {
    const RULE: &str = "plugin";
    let plugin = match &survey.plugin {
        Err(reason) => {
            return Finding::unchecked(RULE, reason, "ask for the right to read WasmPlugins");
        }
        Ok(None) => {
            let namespace = survey.names.namespace.as_str();
            let what = format!("WasmPlugin {namespace}/kfwasm is not there");
            return Finding::wrong(RULE, what, "`kfwasm apply` puts it there");
        }
        Ok(Some(plugin)) => plugin,
    };
    let text = |pointer| plugin.pointer(pointer).and_then(Value::as_str);
    if text("/spec/failStrategy") == Some("FAIL_OPEN") {
        let what = "it lets everyone in when it fails (failStrategy FAIL_OPEN)";
        return Finding::wrong(RULE, what, "set failStrategy to FAIL_CLOSE");
    }
    if text("/spec/phase") != Some("AUTHN") {
        let what = "it runs too late to set the identity (phase is not AUTHN)";
        return Finding::wrong(RULE, what, "set phase to AUTHN");
    }
    selection(RULE, plugin, survey)
}

/// What the filter is told is taken.
pub(super) fn configuration(survey: &Survey) -> Finding {
    const RULE: &str = "configuration";
    match survey.config() {
        None => Finding::unchecked(RULE, "there is no plugin with a configuration", ""),
        Some(Ok(_)) => Finding::good(RULE, "the filter takes it"),
        Some(Err(problems)) => Finding::wrong(
            RULE,
            format!(
                "the filter refuses it: {}",
                problems.lines().next().unwrap_or_default()
            ),
            "correct kfwasm.yaml, then `kfwasm build` and `kfwasm apply`: build tells every problem",
        ),
    }
}

/// A plugin whose selector misses the gateway's pods is loaded nowhere.
fn selection(rule: &'static str, plugin: &Value, survey: &Survey) -> Finding {
    let namespace = survey.names.namespace.as_str();
    let deployment = survey.deployment.as_ref().ok().and_then(Option::as_ref);
    let labels = deployment.and_then(|it| it.pointer("/spec/template/metadata/labels"));
    let wanted = plugin
        .pointer("/spec/selector/matchLabels")
        .and_then(Value::as_object);
    let missed = wanted.into_iter().flatten().find(|(name, value)| {
        labels.is_some_and(|labels| labels.get(name.as_str()) != Some(*value))
    });
    match missed {
        Some((name, value)) => Finding::wrong(
            rule,
            format!("its selector {name}={value} does not match the gateway's pods"),
            &format!("correct spec.selector of WasmPlugin {namespace}/kfwasm"),
        ),
        None => Finding::good(
            rule,
            format!("WasmPlugin {namespace}/kfwasm selects the gateway"),
        ),
    }
}

/// Without the filter nobody gets in.
pub(super) fn backstop(survey: &Survey) -> Finding {
    const RULE: &str = "backstop";
    if let Err(reason) = &survey.envoy_filters {
        return Finding::unchecked(RULE, reason, "ask for the right to list EnvoyFilters");
    }
    let demands = |filter: &&Value| filter.to_string().contains("wasm.kfwasm_gate");
    let denies = "the gateway denies what the filter has not seen";
    match (items(&survey.envoy_filters).find(demands), policy(survey)) {
        (Some(_), _) => Finding::good(RULE, denies),
        (None, Some(policy)) => match refused_secret(policy, survey) {
            None => Finding::good(RULE, denies),
            Some(what) => Finding::wrong(RULE, what, "`kfwasm apply` brings them together"),
        },
        (None, None) => Finding::wrong(
            RULE,
            "without the filter the gateway would let everyone in",
            "`kfwasm apply` puts kfwasm-backstop there",
        ),
    }
}

/// A policy that denies whatever has not the header that the filter sets.
fn policy(survey: &Survey) -> Option<&Value> {
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

    #[test]
    fn a_policy_for_another_header_is_no_backstop() {
        let finding = backstop(&demanding("x-other", GATE));
        assert_eq!(finding.mark, Mark::Wrong, "{finding:?}");
    }
}
