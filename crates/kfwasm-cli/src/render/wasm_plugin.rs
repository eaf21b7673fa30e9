use kfwasm_config::installation::{Extension, IstioVersion, ModuleSource};
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::filter::as_traffic_extension;
use crate::module::Module;
use crate::object::Object;
use crate::settings::Settings;

const MOUNTED: &str = "file:///var/lib/kfwasm/kfwasm.wasm";

/// The filter.
///
/// `module` is there when it comes from a ConfigMap.
pub(super) fn manifest(settings: &Settings, module: Option<&Module>) -> Option<Manifest> {
    let installation = &settings.installation;
    let plugin = beside_the_gateway(deploy::WASM_PLUGIN.object("WasmPlugin")?, settings)
        .with(
            "/spec/selector/matchLabels/istio",
            installation.gateway.label.as_str(),
        )
        .with("/spec/vmConfig/env", variables(settings))
        .with("/spec/pluginConfig", settings.plugin.clone());
    let plugin = for_istio(
        with_module(plugin, &installation.module, module),
        installation.istio,
    );
    Some(match installation.extension {
        Extension::WasmPlugin => Manifest {
            name: "wasmplugin.yaml",
            comment: deploy::WASM_PLUGIN.comment(),
            objects: vec![plugin],
        },
        Extension::TrafficExtension => Manifest {
            name: "trafficextension.yaml",
            comment: deploy::TRAFFIC_EXTENSION.comment(),
            objects: vec![as_traffic_extension(plugin)],
        },
    })
}

/// The filter's virtual machine sees only the variables that are named here.
fn variables(settings: &Settings) -> Vec<Value> {
    let variable = |name: String| json!({"name": name, "valueFrom": "HOST"});
    settings.environment().into_iter().map(variable).collect()
}

fn with_module(plugin: Object, source: &ModuleSource, module: Option<&Module>) -> Object {
    match source {
        ModuleSource::ConfigMap => {
            let plugin = plugin.with("/spec/url", MOUNTED);
            let plugin = plugin.without("/spec/imagePullPolicy");
            // Istio compares it with no file, the doctor does; and another module is another plugin, which Envoy loads anew.
            match module {
                Some(module) => plugin.with("/spec/sha256", module.sha256()),
                None => plugin,
            }
        }
        ModuleSource::Url {
            url,
            sha256,
            pull_secret,
        } => {
            let plugin = plugin.with("/spec/url", url.as_str());
            let plugin = match sha256 {
                Some(digest) => plugin.with("/spec/sha256", digest.as_str()),
                None => plugin,
            };
            match pull_secret {
                Some(secret) => plugin.with("/spec/imagePullSecret", secret.as_str()),
                None => plugin,
            }
        }
    }
}

/// `FAIL_CLOSE` before there was `FAIL_RELOAD`: closed as well, but it does not heal by itself. Before there was a field for
/// it, plugins failed closed, and the API server refuses what it does not know.
fn for_istio(plugin: Object, istio: IstioVersion) -> Object {
    const PLACE: &str = "/spec/failStrategy";
    if istio < IstioVersion::FAIL_STRATEGY {
        plugin.without(PLACE)
    } else if istio < IstioVersion::FAIL_RELOAD {
        plugin.with(PLACE, "FAIL_CLOSE")
    } else {
        plugin
    }
}
