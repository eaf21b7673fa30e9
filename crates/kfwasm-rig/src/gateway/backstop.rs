use serde_json::{Value, json};

use crate::RigError;

/// The very file that is installed.
const INSTALLED: &str = include_str!("../../../../deploy/base/backstop.yaml");

/// The filter that stands before the router and lets pass only what the module has marked.
pub(super) fn gate() -> Result<Value, RigError> {
    installed("kfwasm.backstop")
}

/// The filter in front of the module that hands it the bodies of the requests that it answers itself.
pub(super) fn bodies() -> Result<Value, RigError> {
    installed("kfwasm.bodies")
}

fn installed(filter: &str) -> Result<Value, RigError> {
    let wrong = |why: String| RigError::unexpected("deploy/base/backstop.yaml", why);
    let file: Value =
        serde_saphyr::from_str(INSTALLED).map_err(|error| wrong(error.to_string()))?;
    let patches = file
        .pointer("/spec/configPatches")
        .and_then(Value::as_array);
    let mut filters = patches.into_iter().flatten();
    let found = filters.find_map(|patch| {
        let value = patch.pointer("/patch/value")?;
        (value.get("name") == Some(&filter.into())).then(|| value.clone())
    });
    found.ok_or_else(|| wrong(format!("no filter {filter}")))
}

/// What Istio makes of the AuthorizationPolicy that demands a header, which only the module knows the value of.
pub(super) fn header_gate((name, value): &(String, String)) -> Value {
    json!({
        "name": "kfwasm.backstop",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {
                "action": "ALLOW",
                "policies": { "gate": {
                    "permissions": [{ "any": true }],
                    "principals": [{ "header": { "name": name, "string_match": { "exact": value } } }],
                }},
            },
        },
    })
}
