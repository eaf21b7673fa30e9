//! The resource that Istio loads the filter from: a WasmPlugin, or a TrafficExtension, which has the same in other places.

use serde_json::{Map, Value};

use crate::object::{Object, ObjectId};

const NAME: &str = "kfwasm";
const GROUP: &str = "extensions.istio.io/v1alpha1";
const KINDS: [&str; 2] = ["WasmPlugin", "TrafficExtension"];
/// Where a TrafficExtension says what is about Wasm.
const WASM: &str = "wasm";
/// What it says beside that.
const BESIDE: [&str; 3] = ["selector", "phase", "priority"];

/// Whether it is one of them.
pub(crate) fn is_filter(object: &Object) -> bool {
    KINDS.contains(&object.text("/kind"))
}

/// What they are called in a namespace.
pub(crate) fn ids(namespace: &str) -> [ObjectId; 2] {
    KINDS.map(|kind| ObjectId::of(GROUP, kind, namespace, NAME))
}

/// Either, with each thing where a WasmPlugin has it; its kind stays.
pub(crate) fn flattened(mut filter: Value) -> Value {
    if let Some(spec) = fields(&mut filter)
        && let Some(Value::Object(wasm)) = spec.remove(WASM)
    {
        spec.extend(wasm);
    }
    filter
}

/// A WasmPlugin as a TrafficExtension.
pub(crate) fn as_traffic_extension(plugin: Object) -> Object {
    let mut value = plugin.value().clone();
    if let Some(spec) = fields(&mut value) {
        let is_beside = |(name, _): &(String, Value)| BESIDE.contains(&name.as_str());
        let (mut beside, wasm): (Map<_, _>, Map<_, _>) =
            std::mem::take(spec).into_iter().partition(is_beside);
        beside.insert(WASM.to_owned(), wasm.into());
        *spec = beside;
    }
    Object::new(value).map_or(plugin, |it| it.with("/kind", "TrafficExtension"))
}

fn fields(filter: &mut Value) -> Option<&mut Map<String, Value>> {
    filter.get_mut("spec")?.as_object_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_traffic_extension_says_is_what_the_plugin_said() {
        let spec = json!({ "selector": {}, "phase": "AUTHN", "priority": 1, "url": "oci://r/k", "pluginConfig": { "a": 1 } });
        let metadata = json!({ "name": "kfwasm" });
        let plugin = json!({ "apiVersion": GROUP, "kind": "WasmPlugin", "metadata": metadata, "spec": spec });
        let plugin = Object::new(plugin).unwrap();
        let extension = as_traffic_extension(plugin.clone());
        let wanted = json!({ "selector": {}, "phase": "AUTHN", "priority": 1,
            "wasm": { "url": "oci://r/k", "pluginConfig": { "a": 1 } } });
        assert_eq!(extension.get("/spec"), Some(&wanted));
        assert!(is_filter(&extension) && is_filter(&plugin));
        let flat = flattened(extension.value().clone());
        assert_eq!(flat.get("spec"), plugin.get("/spec"));
        assert_eq!(flattened(plugin.value().clone()), *plugin.value());
    }
}
