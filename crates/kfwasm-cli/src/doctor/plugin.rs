use serde_json::Value;

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
    if survey.has_two_filters {
        let what = "a WasmPlugin and a TrafficExtension are there: two filters sign nobody in";
        return Finding::wrong(
            RULE,
            what,
            "delete the one that kfwasm.yaml (extension) does not name",
        );
    }
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
    let kind = plugin.get("kind").and_then(Value::as_str);
    let kind = kind.unwrap_or("WasmPlugin");
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
            &format!("correct spec.selector of {kind} {namespace}/kfwasm"),
        ),
        None => Finding::good(
            rule,
            format!("{kind} {namespace}/kfwasm selects the gateway"),
        ),
    }
}
