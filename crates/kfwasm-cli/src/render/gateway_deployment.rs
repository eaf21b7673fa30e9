use kfwasm_config::installation::ModuleSource;
use serde_json::{Value, json};

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::module::Module;
use crate::object::Object;
use crate::settings::Settings;

/// Says in the pods which module they were started with: a new one restarts them.
const MODULE_ANNOTATION: &str = "/spec/template/metadata/annotations/kfwasm.io~1module";

/// The part of the gateway's Deployment that is ours.
pub(super) fn manifest(settings: &Settings, module: Option<&Module>) -> Option<Manifest> {
    let gateway = &settings.installation.gateway;
    let deployment = deploy::GATEWAY_ENV
        .object("Deployment")?
        .with("/metadata/name", gateway.deployment.as_str())
        .with(
            "/spec/template/spec/containers/0/name",
            gateway.container.as_str(),
        )
        .with("/spec/template/spec/containers/0/env", variables(settings));
    let mounted = match settings.installation.module {
        ModuleSource::ConfigMap => with_module(deployment, module),
        ModuleSource::Url { .. } => deployment,
    };
    Some(Manifest {
        name: "gateway-env.yaml",
        comment: deploy::GATEWAY_ENV.comment(),
        objects: vec![beside_the_gateway(mounted, settings)],
    })
}

fn variables(settings: &Settings) -> Vec<Value> {
    let variable = |name: String| json!({"name": name, "valueFrom": {"secretKeyRef": {"name": "kfwasm", "key": name}}});
    settings.environment().into_iter().map(variable).collect()
}

fn with_module(deployment: Object, module: Option<&Module>) -> Object {
    let mount = deploy::GATEWAY_MOUNT.object("Deployment");
    let part = |pointer: &str| {
        mount
            .as_ref()
            .and_then(|mount| mount.get(pointer))
            .cloned()
            .unwrap_or_default()
    };
    let mounted = deployment
        .with(
            "/spec/template/spec/containers/0/volumeMounts",
            part("/spec/template/spec/containers/0/volumeMounts"),
        )
        .with(
            "/spec/template/spec/volumes",
            part("/spec/template/spec/volumes"),
        );
    match module {
        Some(module) => mounted.with(MODULE_ANNOTATION, module.sha256()),
        None => mounted,
    }
}
