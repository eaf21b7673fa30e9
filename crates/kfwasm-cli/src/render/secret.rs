use super::{Manifest, beside_the_gateway};
use crate::deploy;
use crate::settings::Settings;

/// The Secret, without values: they are not written to files.
pub(super) fn manifest(settings: &Settings) -> Option<Manifest> {
    let secret = deploy::SECRET.object("Secret")?;
    Some(Manifest {
        name: "secret.yaml",
        comment: deploy::SECRET.comment(),
        objects: vec![beside_the_gateway(secret, settings)],
    })
}
