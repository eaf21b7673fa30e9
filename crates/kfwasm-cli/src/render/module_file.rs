use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::{Manifest, beside_the_gateway};
use crate::module::Module;
use crate::object::Object;
use crate::settings::Settings;

/// The ConfigMap with the module; its content is the file kfwasm.wasm of the built directory.
pub(crate) const NAME: &str = "kfwasm-module";
/// The file in it, and in the gateway's container.
pub(crate) const FILE: &str = "kfwasm.wasm";

/// The manifest that holds it, which is written as a file of its own.
pub(crate) const MANIFEST: &str = "module.yaml";

/// The ConfigMap, when there is a module to carry.
pub(super) fn manifest(settings: &Settings, module: Option<&Module>) -> Option<Manifest> {
    Some(Manifest {
        name: MANIFEST,
        comment: vec!["The module, for the gateway to mount."],
        objects: vec![config_map(settings, module?)?],
    })
}

/// The ConfigMap with the module.
pub(crate) fn config_map(settings: &Settings, module: &Module) -> Option<Object> {
    let config_map = Object::new(json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "labels": {"app.kubernetes.io/part-of": "kfwasm"}},
        "binaryData": {FILE: BASE64_STANDARD.encode(module.bytes())},
    }))?;
    Some(beside_the_gateway(config_map, settings))
}
