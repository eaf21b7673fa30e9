use serde_json::{Value, json};

/// The filter that stands before the router and lets pass only what the module has marked.
pub(super) fn filter() -> Value {
    json!({
        "name": "kfwasm.gate",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {
                "action": "ALLOW",
                "policies": { "gate": {
                    "permissions": [{ "any": true }],
                    "principals": [{ "filter_state": {
                        "key": "wasm.kfwasm_gate",
                        "string_match": { "exact": "1" },
                    }}],
                }},
            },
        },
    })
}
