//! What does not work is taken back.

use std::collections::BTreeMap;
use std::time::Duration;

use kfwasm_rig::{free_port, wait_until};
use serde_json::Value;

use super::mesh::Mesh;
use super::signed_in::{alice_signs_in, she_is_still_signed_in, there};
use crate::doctor::{DEPLOYMENT, told};
use crate::installing::said;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn an_installation_and_a_change_that_do_not_work_are_taken_back() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let before = there(&mesh)?;
    let nowhere = format!("https://id.example.com:{}", free_port()?);

    let refused = mesh.install_for(&nowhere, &["--timeout", "20s"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let mut recording = mesh.recording_at(&nowhere);
    recording.add_ended("kfwasm install ml --yes", &refused);
    assert_eq!(there(&mesh)?, before);
    is_rolled_out(&mesh)?;

    mesh.forget();
    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    let mut browser = alice_signs_in(&mesh)?;
    let installed = made_anew(there(&mesh)?);

    // What is no longer built, the old backstop among it, comes back too.
    mesh.edit(&mesh.provider.issuer(), &nowhere);
    mesh.edit("backstop: envoyFilter", "backstop: none");
    let refused = mesh.install_for(&nowhere, &["--overwrite", "--timeout", "5s"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    recording.add_ended("kfwasm install ml --yes --overwrite", &refused);
    let waited = "for the filter to take its new configuration";
    assert!(said(&refused).contains(waited), "{}", said(&refused));
    recording.pins("taken-back");
    assert_eq!(made_anew(there(&mesh)?), installed);
    // The gateway hears of it a moment later.
    wait_until("everything to be well again", PATIENCE, || {
        let found = told(&mesh.kfwasm(&["doctor", "--json"]));
        found.is_empty().then_some(())
    })?;
    she_is_still_signed_in(&mesh, &mut browser)?;
    alice_signs_in(&mesh)?;

    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    Ok(())
}

/// The pods are what the Deployment says: whoever rolled it back has waited for them.
fn is_rolled_out(mesh: &Mesh) -> Shown {
    let deployment = mesh.cluster.api().get(DEPLOYMENT)?;
    let status = &deployment["status"];
    assert_eq!(
        status["observedGeneration"],
        deployment["metadata"]["generation"]
    );
    for count in ["replicas", "updatedReplicas", "availableReplicas"] {
        assert_eq!(status[count], 1, "{status}");
    }
    Ok(())
}

/// Without what tells an object from another one like it.
fn made_anew(mut objects: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    for metadata in objects.values_mut().map(|object| &mut object["metadata"]) {
        for field in ["uid", "creationTimestamp"] {
            metadata.as_object_mut().unwrap().remove(field);
        }
    }
    objects
}
