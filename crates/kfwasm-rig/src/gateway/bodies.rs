use serde_json::{Value, json};

/// The paths of the module that need the body of a request.
const PATHS: [&str; 3] = [
    "/authservice/backchannel-logout",
    "/authservice/programs/authorize",
    "/authservice/programs/token",
];

/// Hands the body over as a header: a module in Envoy can hold back a request, or see its body, and not both.
const SCRIPT: &str = r#"
function envoy_on_request(handle)
  local body = handle:body()
  if body == nil then return end
  if body:length() > 16384 then
    handle:respond({[":status"] = "413"}, "")
    return
  end
  local bytes = body:getBytes(0, body:length())
  handle:headers():replace("x-kfwasm-body", handle:base64Escape(bytes))
end
"#;

/// The filter in front of the module that waits for a body, at those paths alone.
pub(super) fn filter() -> Value {
    json!({
        "name": "kfwasm.bodies",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher",
            "extension_config": {
                "name": "envoy.filters.http.lua",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
                    "default_source_code": { "inline_string": SCRIPT },
                },
            },
            "xds_matcher": { "matcher_list": { "matchers": [{
                "predicate": { "not_matcher": { "or_matcher": { "predicate": PATHS.map(is_at) } } },
                "on_match": { "action": {
                    "name": "skip",
                    "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.common.matcher.action.v3.SkipFilter" },
                }},
            }]}},
        },
    })
}

fn is_at(path: &str) -> Value {
    json!({ "single_predicate": {
        "input": {
            "name": "path",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
                "header_name": ":path",
            },
        },
        "value_match": { "exact": path },
    }})
}
