//! From the settings to the objects: `deploy/` with what an operator said put into it.

mod backstop;
mod certificate;
mod egress;
mod gateway;
mod gateway_deployment;
mod module_file;
mod network_policy;
mod secret;
mod service;
mod token_backstop;
mod wasm_plugin;

use crate::module::Module;
use crate::object::Object;
use crate::settings::Settings;

pub(crate) use module_file::{
    FILE as MODULE_FILE, MANIFEST as MODULE_MANIFEST, NAME as MODULE_MAP, config_map,
};

/// A file of the built directory.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    /// Its name, which says what is in it.
    pub(crate) name: &'static str,
    /// What stands at its top, for who reads or edits it.
    pub(crate) comment: Vec<&'static str>,
    pub(crate) objects: Vec<Object>,
}

/// Every file, in the order in which the objects are safely applied.
///
/// `module` is there when the module comes from a ConfigMap.
pub(crate) fn manifests(settings: &Settings, module: Option<&Module>) -> Vec<Manifest> {
    [
        service::manifest(settings),
        certificate::manifest(settings),
        egress::manifest(settings),
        network_policy::manifest(settings),
        secret::manifest(settings),
        module_file::manifest(settings, module),
        gateway_deployment::manifest(settings, module),
        wasm_plugin::manifest(settings, module),
        backstop::manifest(settings),
        gateway::manifest(settings),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What denies everything when the filter is gone; nothing, where nothing is to.
pub(crate) fn backstop(settings: &Settings) -> Vec<Object> {
    let manifest = backstop::manifest(settings).into_iter();
    manifest.flat_map(|manifest| manifest.objects).collect()
}

/// Every object, in that order.
pub(crate) fn objects(settings: &Settings, module: Option<&Module>) -> Vec<Object> {
    manifests(settings, module)
        .into_iter()
        .flat_map(|manifest| manifest.objects)
        .collect()
}

/// The object in the namespace of the gateway's pods.
fn beside_the_gateway(object: Object, settings: &Settings) -> Object {
    object.with(
        "/metadata/namespace",
        settings.installation.gateway.namespace.as_str(),
    )
}
