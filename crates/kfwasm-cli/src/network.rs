//! What NetworkPolicies say of where the gateway's pods may go.

use serde_json::Value;

const ANYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// The policies of a list that restrict where pods with these labels may go. Nothing else restricts them.
pub(crate) fn restricting<'l>(
    list: &'l Value,
    labels: Option<&'l Value>,
) -> impl Iterator<Item = &'l Value> {
    let items = list.get("items").and_then(Value::as_array);
    let items = items.into_iter().flatten();
    items.filter(move |policy| is_about_egress(policy) && selects(policy, labels))
}

/// Whether a policy lets pods out to that port, wherever it is.
pub(crate) fn lets_out(policy: &Value, port: u16) -> bool {
    let rules = policy.pointer("/spec/egress").and_then(Value::as_array);
    let mut rules = rules.into_iter().flatten();
    rules.any(|rule| is_to_anywhere(rule) && has_port(rule, port))
}

/// By `policyTypes`, or by having rules of that kind where there are none.
fn is_about_egress(policy: &Value) -> bool {
    let types = policy
        .pointer("/spec/policyTypes")
        .and_then(Value::as_array);
    match types {
        Some(types) => types.contains(&"Egress".into()),
        None => policy.pointer("/spec/egress").is_some(),
    }
}

/// One that selects by more than labels may select them.
fn selects(policy: &Value, labels: Option<&Value>) -> bool {
    let wanted = policy.pointer("/spec/podSelector/matchLabels");
    let mut wanted = wanted.and_then(Value::as_object).into_iter().flatten();
    wanted.all(|(name, value)| labels.is_none_or(|it| it.get(name) == Some(value)))
}

fn is_to_anywhere(rule: &Value) -> bool {
    let peers = rule.get("to").and_then(Value::as_array);
    let is_all = |peer: &Value| {
        let range = peer.pointer("/ipBlock/cidr").and_then(Value::as_str);
        range.is_some_and(|it| ANYWHERE.contains(&it))
    };
    peers.is_none_or(|peers| peers.is_empty() || peers.iter().any(is_all))
}

fn has_port(rule: &Value, port: u16) -> bool {
    let ports = rule.get("ports").and_then(Value::as_array);
    let is_it = |it: &Value| {
        let from = it.get("port").and_then(Value::as_u64);
        let to = it.get("endPort").and_then(Value::as_u64).or(from);
        let is_tcp = it.get("protocol").is_none_or(|it| it == "TCP");
        let port = u64::from(port);
        is_tcp && from.is_none_or(|from| from <= port) && to.is_none_or(|to| port <= to)
    };
    ports.is_none_or(|ports| ports.is_empty() || ports.iter().any(is_it))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(spec: Value) -> Value {
        json!({ "spec": spec })
    }

    #[test]
    fn a_policy_restricts_the_pods_that_it_selects() {
        let labels = json!({ "istio": "ingressgateway", "app": "gateway" });
        let of = |selector: Value, types: Value| {
            let list = json!({ "items": [policy(json!({ "podSelector": selector, "policyTypes": types }))] });
            restricting(&list, Some(&labels)).count()
        };
        let gateway = json!({ "matchLabels": { "istio": "ingressgateway" } });
        assert_eq!(of(json!({}), json!(["Egress"])), 1);
        assert_eq!(of(gateway.clone(), json!(["Ingress", "Egress"])), 1);
        assert_eq!(of(gateway, json!(["Ingress"])), 0);
        assert_eq!(
            of(
                json!({ "matchLabels": { "app": "other" } }),
                json!(["Egress"])
            ),
            0
        );
    }

    #[test]
    fn a_rule_without_peers_and_ports_is_for_all_of_them() {
        let lets = |rule: Value| lets_out(&policy(json!({ "egress": [rule] })), 443);
        let ports = |ports: Value| json!({ "ports": ports });
        assert!(lets(json!({})));
        assert!(lets(ports(json!([{ "port": 443, "protocol": "TCP" }]))));
        assert!(lets(ports(json!([{ "port": 400, "endPort": 500 }]))));
        assert!(lets(
            json!({ "to": [{ "ipBlock": { "cidr": "0.0.0.0/0" } }] })
        ));
        assert!(!lets(ports(json!([{ "port": 53, "protocol": "UDP" }]))));
        assert!(!lets(ports(json!([{ "port": 443, "protocol": "UDP" }]))));
        assert!(!lets(json!({ "to": [{ "podSelector": {} }] })));
        assert!(!lets_out(&policy(json!({})), 443));
    }
}
