//! How what we have touched is written down.

use serde_json::{Value, json};

use super::{FIELD, Touched};
use crate::install::gateway_servers;
use crate::object::{Object, ObjectId};

/// As JSON.
pub(super) fn written(touched: &[Touched]) -> String {
    let value = |object: &Option<Object>| {
        object
            .as_ref()
            .map_or(Value::Null, |object| object.value().clone())
    };
    let entries: Vec<Value> = touched
        .iter()
        .map(|touched| {
            json!({
                "apiVersion": touched.id.api_version,
                "kind": touched.id.kind,
                "namespace": touched.id.namespace,
                "name": touched.id.name,
                "before": value(&touched.before.as_ref().map(gateway_servers::without_applied)),
                "ours": value(&touched.ours),
            })
        })
        .collect();
    Value::from(entries).to_string()
}

/// What is written of them is read again.
pub(super) fn read(kept: &Object) -> Option<Vec<Touched>> {
    let text = kept.get("/data")?.get(FIELD)?.as_str()?;
    let entries: Vec<Value> = serde_json::from_str(text).ok()?;
    entries.iter().map(entry).collect()
}

fn entry(value: &Value) -> Option<Touched> {
    let text = |field: &str| Some(value.get(field)?.as_str()?.to_owned());
    let object = |field: &str| value.get(field).cloned().and_then(Object::new);
    let ours = object("ours");
    let with_ours = |before| match &ours {
        Some(ours) => gateway_servers::with_applied(before, ours),
        None => before,
    };
    let touched = Touched {
        id: ObjectId {
            api_version: text("apiVersion")?,
            kind: text("kind")?,
            namespace: text("namespace"),
            name: text("name")?,
        },
        before: object("before").map(with_ours),
        ours,
    };
    let mut objects = touched.before.iter().chain(&touched.ours);
    objects
        .all(|object| object.id() == touched.id)
        .then_some(touched)
}
