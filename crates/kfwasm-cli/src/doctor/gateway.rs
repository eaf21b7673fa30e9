use serde_json::Value;

use super::survey::Seen;
use super::{Finding, Survey};

/// Every replica runs what the Deployment says.
pub(super) fn rollout(survey: &Survey) -> Finding {
    const RULE: &str = "gateway";
    let names = &survey.names;
    let deployment = match &survey.deployment {
        Err(reason) => {
            return Finding::unchecked(RULE, reason, "ask for the right to read Deployments");
        }
        Ok(None) => {
            let (namespace, name) = (names.namespace.as_str(), names.deployment.as_str());
            let what = format!("Deployment {namespace}/{name} is not there");
            return Finding::wrong(RULE, what, "install Istio's ingress gateway");
        }
        Ok(Some(deployment)) => deployment,
    };
    let number = |pointer| {
        deployment
            .pointer(pointer)
            .and_then(Value::as_u64)
            .unwrap_or(0)
    };
    let wanted = number("/spec/replicas");
    let (new, ready) = (
        number("/status/updatedReplicas"),
        number("/status/availableReplicas"),
    );
    let current = number("/status/observedGeneration") == number("/metadata/generation");
    if current && wanted > 0 && new == wanted && ready == wanted {
        return Finding::good(RULE, format!("all of its {wanted} replicas are ready"));
    }
    Finding::wrong(
        RULE,
        format!("of {wanted} replicas {new} are up to date and {ready} ready"),
        &format!(
            "`kubectl -n {} describe pods -l istio={}` says why",
            names.namespace.as_str(),
            names.label.as_str()
        ),
    )
}

/// Each variable that the plugin reads has a value in the Secret.
pub(super) fn secrets(survey: &Survey) -> Finding {
    const RULE: &str = "secrets";
    let secret = format!("{}/kfwasm", survey.names.namespace.as_str());
    let Ok(Some(plugin)) = &survey.plugin else {
        return Finding::unchecked(RULE, "without the plugin nobody knows which it needs", "");
    };
    if let Err(reason) = &survey.secret {
        return Finding::unchecked(
            RULE,
            reason,
            &format!("ask for the right to read Secret {secret}"),
        );
    }
    let variables = plugin
        .pointer("/spec/vmConfig/env")
        .and_then(Value::as_array);
    let names = variables
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("name")?.as_str());
    let missing: Vec<_> = names.filter(|name| !has(&survey.secret, name)).collect();
    if missing.is_empty() {
        return Finding::good(RULE, format!("Secret {secret} has what the plugin reads"));
    }
    Finding::wrong(
        RULE,
        format!("Secret {secret} has no {}", missing.join(", no ")),
        "`kfwasm apply` makes the session keys; the client secret is the provider's",
    )
}

fn has(secret: &Seen, key: &str) -> bool {
    let secret = secret.as_ref().ok().and_then(Option::as_ref);
    let value = secret.and_then(|secret| secret.get("data")?.get(key)?.as_str());
    value.is_some_and(|value| !value.is_empty())
}
