use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value};

/// The JSON Schema (draft 2020-12) of the configuration, for editors; ends with a newline.
///
/// It knows kinds, patterns, bounds and defaults. Contradictions between fields are known to
/// [`Config::from_json`](crate::Config::from_json) alone.
pub fn schema_json() -> String {
    format!("{:#}\n", schema())
}

pub(super) fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(join_lines))
        .with_transform(RecursiveTransform(forbid_null))
        .with_transform(RecursiveTransform(require_what_has_no_default));
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<crate::Config>();
    schema.insert("title".into(), "kfwasm pluginConfig".into());
    schema.into()
}

/// The lines of a doc comment are wrapped; its paragraphs are what counts.
fn join_lines(schema: &mut Schema) {
    let Some(Value::String(description)) = schema.get_mut("description") else {
        return;
    };
    let paragraphs = description
        .split("\n\n")
        .map(|text| text.replace('\n', " "));
    *description = paragraphs.collect::<Vec<_>>().join("\n\n");
}

/// A field that may be left out is still never null.
fn forbid_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    let Some(Value::Array(mut choices)) = schema.remove("anyOf") else {
        return;
    };
    choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
    match choices.as_mut_slice() {
        [Value::Object(only)] => {
            for (key, value) in std::mem::take(only) {
                schema.insert(key, value);
            }
        }
        _ => {
            schema.insert("anyOf".into(), choices.into());
        }
    }
}

fn require_what_has_no_default(schema: &mut Schema) {
    let properties = schema.get("properties").cloned().unwrap_or_default();
    let has_default = |name: &Value| {
        let property = properties.as_object().zip(name.as_str());
        property.is_some_and(|(all, name)| has_default(all, name))
    };
    let Some(Value::Array(required)) = schema.get_mut("required") else {
        return;
    };
    required.retain(|name| !has_default(name));
    if required.is_empty() {
        schema.remove("required");
    }
}

fn has_default(properties: &Map<String, Value>, name: &str) -> bool {
    properties
        .get(name)
        .is_some_and(|property| property.get("default").is_some())
}
