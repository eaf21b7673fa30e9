use std::collections::BTreeSet;
use std::path::Path;

use kfwasm_config::reference::{markdown, schema_json};
use serde_json::{Value, json};

use crate::sample::{changed, good, read, said_about};

/// Each object of the configuration: where it stands in the good one, and its name in the schema.
const OBJECTS: [(&str, &str); 7] = [
    ("", ""),
    ("/providers/0", "Provider"),
    ("/callback", "Callback"),
    ("/signOut", "SignOut"),
    ("/session", "Session"),
    ("/identity", "Identity"),
    ("/skip/0", "SkipRule"),
];

fn schema() -> Value {
    serde_json::from_str(&schema_json()).unwrap()
}

fn definition(schema: &Value, name: &str) -> Value {
    match name {
        "" => schema.clone(),
        name => schema["$defs"][name].clone(),
    }
}

/// The fields of an object, also those of its alternatives.
fn properties(definition: &Value) -> Vec<(String, Value)> {
    let alternatives = definition["oneOf"].as_array().cloned().unwrap_or_default();
    let all = alternatives.iter().chain([definition]);
    all.filter_map(|schema| schema["properties"].as_object())
        .flat_map(|properties| properties.clone())
        .collect()
}

fn assert_committed(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(file);
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/{file} is not what the types say any more; write it anew with `cargo xtask docs` and commit it"
    );
}

#[test]
fn the_committed_schema_is_what_the_types_say() {
    assert_committed("configuration.schema.json", &schema_json());
}

#[test]
fn the_committed_guide_is_what_the_types_say() {
    assert_committed("configuration.md", &markdown());
}

#[test]
fn the_reader_knows_exactly_the_fields_of_the_schema() {
    let schema = schema();
    for (place, name) in OBJECTS {
        let said = said_about(&changed(&format!("{place}/qqqqqqqqqqqq"), "1"));
        let (_, listed) = said.split_once("accepted here: ").unwrap();
        let known: BTreeSet<String> = listed.split(", ").map(str::to_owned).collect();
        let documented = properties(&definition(&schema, name));
        let documented: BTreeSet<String> = documented.into_iter().map(|(field, _)| field).collect();
        assert_eq!(known, documented, "{name}");
    }
}

/// Written out, it says something about a private key, which the good configuration lacks.
const DEFAULT_OF_ANOTHER_FIELD: &str = "clientAssertionSigningAlgorithm";

#[test]
fn a_documented_default_written_out_changes_nothing() {
    let schema = schema();
    for (place, name) in OBJECTS {
        for (field, property) in properties(&definition(&schema, name)) {
            let default = property.get("default");
            if let Some(default) = default.filter(|_| field != DEFAULT_OF_ANOTHER_FIELD) {
                let at = format!("{place}/{field}");
                let config = read(&changed(&at, &default.to_string()));
                assert_eq!(config, read(&good()), "{at}");
            }
        }
    }
}

#[test]
fn the_schema_requires_exactly_what_the_reader_requires() {
    let schema = schema();
    assert_eq!(schema["required"], json!(["providers", "publicHosts"]));
    assert_eq!(
        schema["$defs"]["Provider"]["required"],
        json!(["issuer", "clientId"])
    );
    for name in ["Callback", "SignOut", "Session", "Identity", "SkipRule"] {
        assert_eq!(schema["$defs"][name]["required"], Value::Null, "{name}");
    }
}

#[test]
fn the_schema_allows_neither_null_nor_unknown_fields() {
    let text = schema_json();
    assert!(!text.contains("\"null\""));
    let schema = schema();
    for (_, name) in OBJECTS {
        let definition = definition(&schema, name);
        let closed = definition
            .get("additionalProperties")
            .or(definition.get("unevaluatedProperties"));
        assert_eq!(closed, Some(&json!(false)), "{name}");
    }
}
