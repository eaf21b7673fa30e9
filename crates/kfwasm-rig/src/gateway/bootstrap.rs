use std::path::Path;

use serde_json::{Value, json};

use super::backstop::{self, Backstop};
use super::cluster::{cluster, provider_cluster};
use super::{GatewaySettings, Module, plugin};
use crate::{RigError, free_port};

const UPSTREAM: &str = "upstream";

/// Envoy's whole configuration, except what the plugin is told.
pub(super) fn bootstrap(
    settings: &GatewaySettings,
    plugin_file: &Path,
    module: &Path,
    access_log: &Path,
) -> Result<Value, RigError> {
    let mut clusters = vec![cluster(
        UPSTREAM,
        &settings.upstream.ip().to_string(),
        settings.upstream.port(),
    )];
    for host in &settings.provider_hosts {
        clusters.push(provider_cluster(host)?);
    }
    if settings.module == Module::Unreachable {
        clusters.push(cluster(plugin::SERVER, "127.0.0.1", free_port()?));
    }
    let plugin = plugin::filter(plugin::NAME, plugin_file);
    let mut manager = manager(settings, plugin)?;
    if let Some(fields) = manager.as_object_mut() {
        let logs = access_logs(access_log, &settings.access_log_format);
        fields.insert("access_log".to_owned(), logs);
    }
    let mut bootstrap = bootstrap_of(listener(settings.port, manager), clusters);
    if let (Some(beside), Some(listeners)) = (
        beside(settings, module)?,
        bootstrap.pointer_mut("/static_resources/listeners"),
    ) && let Some(listeners) = listeners.as_array_mut()
    {
        listeners.push(beside);
    }
    Ok(bootstrap)
}

/// A second listener, under its own configuration of the same plugin.
fn beside(settings: &GatewaySettings, module: &Path) -> Result<Option<Value>, RigError> {
    let Some((port, configuration)) = settings.beside.clone() else {
        return Ok(None);
    };
    let mut its = settings.clone();
    its.plugin = configuration;
    let code = plugin::code(&its.module, module);
    let plugin = plugin::fixed(&plugin::kfwasm(module, &its), &code);
    let mut beside = listener(port, manager(&its, plugin)?);
    if let Some(fields) = beside.as_object_mut() {
        fields.insert("name".to_owned(), json!("beside"));
    }
    Ok(Some(beside))
}

fn access_logs(file: &Path, format: &str) -> Value {
    if format.is_empty() {
        return json!([]);
    }
    let line = [format, "\n"].concat();
    json!([{
        "name": "envoy.access_loggers.file",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path": file,
            "log_format": { "text_format_source": { "inline_string": line } },
        },
    }])
}

/// The connection manager with the plugin, and what is installed around it.
fn manager(settings: &GatewaySettings, plugin: Value) -> Result<Value, RigError> {
    let backstop = Backstop::installed()?;
    let plugin = (settings.module != Module::Removed).then_some(plugin);
    let (bodies, routes) = match settings.bodies {
        true => (Some(backstop.bodies), backstop.routes),
        false => (None, Vec::new()),
    };
    let gate = settings.gate.then(|| match &settings.gate_header {
        Some(header) => backstop::header_gate(header),
        None => backstop.gate,
    });
    let ours = bodies.into_iter().chain(plugin);
    let filters = ours.chain(settings.behind.iter().cloned());
    let filters = filters.chain(gate).chain([router()]).collect();
    Ok(connection_manager(UPSTREAM, filters, &routes))
}

pub(super) fn bootstrap_of(listener: Value, clusters: Vec<Value>) -> Value {
    json!({
        "node": { "id": "kfwasm", "cluster": "kfwasm" },
        "admin": { "address": loopback(0) },
        "static_resources": { "listeners": [listener], "clusters": clusters },
    })
}

/// An HTTP connection manager like that of Istio's gateways: the path normalised but escaped slashes kept, WebSockets
/// allowed, streams without an idle limit. What takes none of the `routes` goes to the cluster.
pub(super) fn connection_manager(
    cluster: &str,
    http_filters: Vec<Value>,
    routes: &[Value],
) -> Value {
    let rest =
        json!({ "match": { "prefix": "/" }, "route": { "cluster": cluster, "timeout": "0s" } });
    let routes = [routes, &[rest]].concat();
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "gateway",
        "use_remote_address": true,
        "normalize_path": true,
        "path_with_escaped_slashes_action": "KEEP_UNCHANGED",
        "stream_idle_timeout": "0s",
        "upgrade_configs": [{ "upgrade_type": "websocket" }],
        "http_filters": http_filters,
        "route_config": { "virtual_hosts": [{
            "name": "all",
            "domains": ["*"],
            "routes": routes,
        }]},
    })
}

/// A listener on loopback.
pub(super) fn listener(port: u16, connection_manager: Value) -> Value {
    let filter = json!({ "name": "envoy.filters.network.http_connection_manager", "typed_config": connection_manager });
    json!({ "name": "gateway", "address": loopback(port), "filter_chains": [{ "filters": [filter] }] })
}

pub(super) fn router() -> Value {
    json!({
        "name": "envoy.filters.http.router",
        "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
    })
}

fn loopback(port: u16) -> Value {
    json!({ "socket_address": { "address": "127.0.0.1", "port_value": port } })
}
