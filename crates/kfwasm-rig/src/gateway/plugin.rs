use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{GatewaySettings, Module, WasmFilter};
use crate::RigError;

const TYPE: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
pub(super) const NAME: &str = "kfwasm";
/// The cluster of the server that a module is fetched from.
pub(super) const SERVER: &str = "modules";

/// The HTTP filter as Istio writes it: its configuration comes by discovery, so that it can change while streams run.
pub(super) fn filter(name: &str, plugin_file: &Path) -> Value {
    json!({
        "name": name,
        "config_discovery": {
            "config_source": {
                "path_config_source": { "path": plugin_file },
                // Istio's gateways wait for the plugin as long as it takes rather than serve without it.
                "initial_fetch_timeout": "0s",
                "resource_api_version": "V3",
            },
            "type_urls": [TYPE],
        },
    })
}

/// The module as these settings want it.
pub(super) fn kfwasm(module: &Path, settings: &GatewaySettings) -> WasmFilter {
    WasmFilter {
        name: NAME.to_owned(),
        module: module.to_owned(),
        configuration: settings.plugin.to_string(),
        failure_policy: settings.failure_policy,
        forbidden: settings.forbidden.clone(),
        environment: settings.environment.keys().cloned().collect(),
    }
}

/// Writes the filter's configuration where Envoy looks for it, at once or not at all.
pub(super) fn write(file: &Path, filter: &WasmFilter, code: &Value) -> Result<(), RigError> {
    let writing = || RigError::io(format!("write {}", file.display()));
    let next = file.with_extension("next");
    fs::write(&next, discovery_response(filter, code).to_string()).map_err(writing())?;
    fs::rename(&next, file).map_err(writing())
}

fn discovery_response(filter: &WasmFilter, code: &Value) -> Value {
    let mut resource = fixed(filter, code);
    if let Some(fields) = resource.as_object_mut() {
        let kind = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
        fields.insert("@type".to_owned(), json!(kind));
    }
    json!({ "resources": [resource] })
}

/// The HTTP filter with a configuration that does not change.
pub(super) fn fixed(filter: &WasmFilter, code: &Value) -> Value {
    json!({
        "name": filter.name,
        "typed_config": {
            "@type": TYPE,
            "config": {
                "name": filter.name,
                "failure_policy": filter.failure_policy.name(),
                "capability_restriction_config": capabilities(&filter.forbidden),
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": filter.configuration,
                },
                "vm_config": {
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": code,
                    "environment_variables": { "host_env_keys": filter.environment },
                },
            },
        },
    })
}

/// All that the module imports and exports.
const ALL: [&str; 31] = [
    "environ_get",
    "environ_sizes_get",
    "fd_write",
    "proc_exit",
    "proxy_add_header_map_value",
    "proxy_call_foreign_function",
    "proxy_continue_stream",
    "proxy_define_metric",
    "proxy_get_buffer_bytes",
    "proxy_get_current_time_nanoseconds",
    "proxy_get_header_map_pairs",
    "proxy_get_log_level",
    "proxy_get_property",
    "proxy_get_shared_data",
    "proxy_http_call",
    "proxy_increment_metric",
    "proxy_log",
    "proxy_on_configure",
    "proxy_on_http_call_response",
    "proxy_on_request_headers",
    "proxy_on_response_headers",
    "proxy_on_tick",
    "proxy_record_metric",
    "proxy_remove_header_map_value",
    "proxy_replace_header_map_value",
    "proxy_send_local_response",
    "proxy_set_effective_context",
    "proxy_set_property",
    "proxy_set_shared_data",
    "proxy_set_tick_period_milliseconds",
    "random_get",
];

/// An empty list restricts nothing.
fn capabilities(forbidden: &[&str]) -> Value {
    let all: &[&str] = match forbidden {
        [] => &[],
        _ => &ALL,
    };
    let allowed: Map<String, Value> = all
        .iter()
        .filter(|name| !forbidden.contains(name))
        .map(|name| ((*name).to_owned(), json!({})))
        .collect();
    json!({ "allowed_capabilities": allowed })
}

/// Where Envoy gets the module.
pub(super) fn code(module: &Module, file: &Path) -> Value {
    match module {
        Module::Unreachable => json!({ "remote": {
            "http_uri": { "uri": "http://modules/kfwasm.wasm", "cluster": SERVER, "timeout": "1s" },
            "sha256": "0".repeat(64),
            "retry_policy": { "num_retries": 0 },
        }}),
        _ => local(file),
    }
}

/// A module in a file.
pub(super) fn local(file: &Path) -> Value {
    json!({ "local": { "filename": file } })
}
