use kfwasm_config::installation::{IstioVersion, ModuleSource};
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::object::Object;
use crate::settings::Settings;

const MOUNTED: &str = "file:///var/lib/kfwasm/kfwasm.wasm";

/// The filter.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let installation = &settings.installation;
    let plugin = beside_the_gateway(deploy::WASM_PLUGIN.object("WasmPlugin")?, settings)
        .with(
            "/spec/selector/matchLabels/istio",
            installation.gateway.label.as_str(),
        )
        .with("/spec/vmConfig/env", variables(settings))
        .with("/spec/pluginConfig", settings.plugin.clone());
    Some(Manifest {
        name: "wasmplugin.yaml",
        comment: deploy::WASM_PLUGIN.comment(),
        objects: vec![for_istio(
            with_module(plugin, &installation.module),
            installation.istio,
        )],
    })
}

/// The filter's virtual machine sees only the variables that are named here.
fn variables(settings: &Settings) -> Vec<Value> {
    let variable = |name: String| json!({"name": name, "valueFrom": "HOST"});
    settings.environment().into_iter().map(variable).collect()
}

fn with_module(plugin: Object, source: &ModuleSource) -> Object {
    match source {
        ModuleSource::ConfigMap => plugin
            .with("/spec/url", MOUNTED)
            .without("/spec/imagePullPolicy"),
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

/// `FAIL_CLOSE` before there was `FAIL_RELOAD`: closed as well, but it does not heal by itself.
fn for_istio(plugin: Object, istio: IstioVersion) -> Object {
    if istio < IstioVersion::FAIL_RELOAD {
        plugin.with("/spec/failStrategy", "FAIL_CLOSE")
    } else {
        plugin
    }
}
