//! An object as it was, where we have changed it; what others have changed since stays theirs.

use serde_json::Value;

use super::gateway_servers;

/// What names the elements of a list that is merged.
const KEYS: [&str; 2] = ["name", "mountPath"];

/// `live` with the values of `before` wherever `ours` has one.
pub(super) fn restored(live: &Value, ours: &Value, before: &Value) -> Value {
    restored_after(live, live, ours, before)
}

/// The same of `rest`, what is left of `live` where something of ours is gone from it already: with it may have gone what
/// others have in the same field.
pub(super) fn restored_after(live: &Value, rest: &Value, ours: &Value, before: &Value) -> Value {
    let mut restored = rest.clone();
    restore(&mut restored, ours, before);
    if let Some(servers) = gateway_servers::given_back(live, ours, before)
        && let Some(place) = restored.pointer_mut("/spec/servers")
    {
        *place = servers.into();
    }
    restored
}

fn restore(live: &mut Value, ours: &Value, before: &Value) {
    match (live, ours, before) {
        (Value::Object(live), Value::Object(ours), Value::Object(before)) => {
            for (name, ours) in ours {
                match (live.get_mut(name), before.get(name)) {
                    (Some(live), Some(before)) => restore(live, ours, before),
                    (None, Some(before)) => {
                        live.insert(name.clone(), before.clone());
                    }
                    (_, None) => {}
                }
            }
        }
        (Value::Array(live), Value::Array(ours), Value::Array(before)) if is_merged(ours) => {
            for ours in ours {
                let same = |other: &&Value| key(other) == key(ours);
                let Some(before) = before.iter().find(same) else {
                    continue;
                };
                match live.iter_mut().find(|other| key(other) == key(ours)) {
                    Some(live) => restore(live, ours, before),
                    None => live.push(before.clone()),
                }
            }
        }
        (live, _, before) => *live = before.clone(),
    }
}

fn is_merged(list: &[Value]) -> bool {
    list.iter().all(|element| key(element).is_some())
}

fn key(element: &Value) -> Option<&str> {
    KEYS.iter()
        .find_map(|key| element.get(key).and_then(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_we_took_over_is_as_before() {
        let before = json!({"spec": {"servers": [{"port": {"number": 80}}], "selector": {"istio": "other"}}});
        let ours = json!({"spec": {"servers": [{"port": {"number": 443}}], "selector": {"istio": "ours"}}});
        assert_eq!(restored(&ours, &ours, &before), before);
    }

    #[test]
    fn what_others_have_changed_since_stays() {
        let before = json!({"spec": {"replicas": 1, "template": {"containers": [{"name": "a", "image": "old"}]}}});
        let ours = json!({"spec": {"template": {"containers": [{"name": "a", "env": [{"name": "E", "value": "1"}]}]}}});
        let live = json!({"spec": {"replicas": 3, "template": {"containers": [
            {"name": "a", "image": "new", "env": [{"name": "E", "value": "1"}, {"name": "F", "value": "2"}]}]}}});
        assert_eq!(restored(&live, &ours, &before), live);
    }

    #[test]
    fn servers_of_others_stay_where_the_list_is_gone_with_ours() {
        let server = |number, protocol| json!({ "hosts": ["*"], "port": { "number": number, "protocol": protocol } });
        let [queue, shipped] = [server(9000, "TCP"), server(80, "HTTP")];
        let of = |servers: &[Value]| json!({ "kind": "Gateway", "spec": { "servers": servers } });
        let before = of(std::slice::from_ref(&shipped));
        let live = of(&[server(443, "HTTPS"), queue.clone()]);
        let rest = json!({ "kind": "Gateway", "spec": {} });
        let wanted = of(&[shipped, queue]);
        assert_eq!(restored_after(&live, &rest, &live, &before), wanted);
        assert_eq!(restored(&live, &live, &before), wanted);
    }

    #[test]
    fn an_element_of_a_merged_list_is_restored_by_its_name() {
        let before = json!([{"name": "E", "value": "0"}]);
        let ours = json!([{"name": "E", "value": "1"}, {"name": "G", "value": "1"}]);
        let live = json!([{"name": "F", "value": "2"}, {"name": "E", "value": "1"}]);
        let wanted = json!([{"name": "F", "value": "2"}, {"name": "E", "value": "0"}]);
        assert_eq!(restored(&live, &ours, &before), wanted);
    }
}
