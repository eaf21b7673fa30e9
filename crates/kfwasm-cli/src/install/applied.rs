//! What we had applied of an object, by what the server keeps of it (Kubernetes' server-side apply, `fieldsV1`).

use serde_json::{Map, Value};

use crate::cluster::MANAGER;
use crate::object::Object;

/// The part of the object that we own, as it was. Nothing, when we own none.
pub(crate) fn applied(object: &Object) -> Option<Object> {
    let entries = object.get("/metadata/managedFields")?.as_array()?;
    let is_ours = |entry: &&Value| {
        let text = |field: &str| entry.get(field).and_then(Value::as_str);
        text("manager") == Some(MANAGER)
            && text("operation") == Some("Apply")
            && text("subresource").is_none()
    };
    let entry = entries.iter().find(is_ours)?;
    let part = part(object.value(), entry.get("fieldsV1")?);
    let mut named = Object::new(identified(part, object, entry))?;
    if let Some(namespace) = object.get("/metadata/namespace") {
        named = named.with("/metadata/namespace", namespace.clone());
    }
    Some(named)
}

fn identified(mut part: Value, object: &Object, entry: &Value) -> Value {
    let version = entry.get("apiVersion").cloned().unwrap_or_default();
    if let Some(fields) = part.as_object_mut() {
        fields.insert("apiVersion".to_owned(), version);
        fields.insert("kind".to_owned(), object.text("/kind").into());
        let metadata = fields
            .entry("metadata")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("name".to_owned(), object.text("/metadata/name").into());
        }
    }
    part
}

/// What of a value a set of fields names: `f:` a field, `k:` an element by its keys, `v:` an element of a set, `.` itself.
fn part(value: &Value, fields: &Value) -> Value {
    let Some(fields) = fields.as_object().filter(|fields| !fields.is_empty()) else {
        return value.clone();
    };
    match value {
        Value::Object(map) => {
            let named = fields.iter().filter_map(|(path, below)| {
                let name = path.strip_prefix("f:")?;
                Some((name.to_owned(), part(map.get(name)?, below)))
            });
            named.collect()
        }
        Value::Array(list) => {
            let chosen = fields.iter().filter_map(|(path, below)| {
                let (kind, text) = path.split_once(':')?;
                let wanted: Value = serde_json::from_str(text).ok()?;
                let element = list.iter().find(|it| match kind {
                    "k" => has_keys(it, &wanted),
                    _ => **it == wanted,
                })?;
                Some(part(element, below))
            });
            chosen.collect()
        }
        other => other.clone(),
    }
}

fn has_keys(element: &Value, keys: &Value) -> bool {
    let mut keys = keys.as_object().into_iter().flatten();
    keys.all(|(name, value)| element.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(managed: Value) -> Object {
        Object::new(json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": { "name": "gateway", "namespace": "n", "uid": "u", "managedFields": managed },
            "spec": { "replicas": 3, "template": { "spec": { "containers": [
                { "name": "sidecar", "image": "other" },
                { "name": "istio-proxy", "image": "auto", "env": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }] },
            ] } } },
        }))
        .unwrap()
    }

    #[test]
    fn what_was_applied_is_read_from_what_the_server_keeps() {
        let fields = json!({ "f:spec": { "f:template": { "f:spec": { "f:containers": {
            r#"k:{"name":"istio-proxy"}"#: { ".": {}, "f:name": {}, "f:env": {
                r#"k:{"name":"B"}"#: { ".": {}, "f:name": {}, "f:value": {} } } } } } } } });
        let managed = json!([
            { "manager": "istio", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": { "f:spec": { "f:replicas": {} } } },
            { "manager": "kfwasm", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": fields },
        ]);
        let wanted = json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": { "name": "gateway", "namespace": "n" },
            "spec": { "template": { "spec": { "containers": [
                { "name": "istio-proxy", "env": [{ "name": "B", "value": "2" }] } ] } } },
        });
        assert_eq!(applied(&deployment(managed)).unwrap().value(), &wanted);
    }

    #[test]
    fn an_object_of_others_has_no_part_of_ours() {
        let updated = json!([{ "manager": "kfwasm", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": {} }]);
        assert_eq!(applied(&deployment(updated)), None);
        assert_eq!(applied(&deployment(json!([]))), None);
    }
}
