use kfwasm_config::installation::Backstop;

use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::settings::Settings;

/// What denies everything when the filter is gone.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let installation = &settings.installation;
    if installation.backstop == Backstop::None {
        return None;
    }
    let filter = deploy::BACKSTOP.object("EnvoyFilter")?;
    let label = installation.gateway.label.as_str();
    Some(Manifest {
        name: "backstop.yaml",
        comment: deploy::BACKSTOP.comment(),
        objects: vec![
            beside_the_gateway(filter, settings).with("/spec/workloadSelector/labels/istio", label),
        ],
    })
}
