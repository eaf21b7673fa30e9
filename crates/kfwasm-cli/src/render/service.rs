use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::settings::Settings;

/// The gateway's Service, where it is to get an address of its own.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let gateway = &settings.installation.gateway;
    if !gateway.load_balancer {
        return None;
    }
    let service = deploy::SERVICE.object("Service")?;
    Some(Manifest {
        name: "service.yaml",
        comment: deploy::SERVICE.comment(),
        objects: vec![
            beside_the_gateway(service, settings).with("/metadata/name", gateway.service.as_str()),
        ],
    })
}
