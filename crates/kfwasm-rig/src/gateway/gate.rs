use serde_json::{Value, json};

/// The filter that stands before the router and lets pass only what the module has marked.
pub(super) fn filter() -> Value {
    demanding(&json!({ "filter_state": {
        "key": "wasm.kfwasm_gate",
        "string_match": { "exact": "1" },
    }}))
}

/// The same by a header that only the module knows the value of.
pub(super) fn header_filter((name, value): &(String, String)) -> Value {
    demanding(&json!({ "header": { "name": name, "string_match": { "exact": value } } }))
}

fn demanding(principal: &Value) -> Value {
    json!({
        "name": "kfwasm.gate",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {
                "action": "ALLOW",
                "policies": { "gate": {
                    "permissions": [{ "any": true }],
                    "principals": [principal],
                }},
            },
        },
    })
}
