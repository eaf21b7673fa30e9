use serde_json::Value;

use super::survey::object;
use super::{Finding, Survey};
use crate::network::{lets_out, restricting};

const RULE: &str = "network";

/// Nothing in the cluster keeps the gateway from the provider. What is further away, `provider` finds.
pub(super) fn egress(survey: &Survey) -> Finding {
    if let Err(why) = &survey.network_policies {
        return Finding::unchecked(RULE, why, "ask for the right to list NetworkPolicies");
    }
    let Some(Ok(config)) = survey.config() else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    let deployment = object(&survey.deployment);
    let labels = deployment.and_then(|it| it.pointer("/spec/template/metadata/labels"));
    let list = object(&survey.network_policies).unwrap_or(&Value::Null);
    let policies: Vec<&Value> = restricting(list, labels).collect();
    let Some(first) = policies.first() else {
        return Finding::good(RULE, "no NetworkPolicy restricts where the gateway goes");
    };
    if let [only] = policies[..]
        && name(only) == "kfwasm-provider"
    {
        return Finding::wrong(
            RULE,
            "NetworkPolicy kfwasm-provider is the only one, and cuts the gateway off from Kubeflow",
            "write gateway.networkPolicy: false, then `kfwasm build` and `kfwasm apply`",
        );
    }
    let mut ports = config.providers.iter().map(|it| it.issuer.port());
    let is_closed = |port: &u16| !policies.iter().any(|policy| lets_out(policy, *port));
    match ports.find(is_closed) {
        None => Finding::good(RULE, "NetworkPolicies let the gateway out to the provider"),
        Some(port) => Finding::doubtful(
            RULE,
            format!(
                "NetworkPolicy {} restricts where the gateway goes, and none lets it out to port {port}",
                name(first)
            ),
            "where the provider is not in the cluster, write gateway.networkPolicy: true, then `kfwasm build` and `kfwasm apply`",
        ),
    }
}

fn name(policy: &Value) -> &str {
    let name = policy.pointer("/metadata/name").and_then(Value::as_str);
    name.unwrap_or_default()
}
