//! From a Kubeflow without sign-in to one with, and back.

use std::collections::BTreeMap;

use kfwasm_rig::RigError;
use serde_json::Value;

use super::mesh::Mesh;
use crate::doctor::told;
use crate::installing::{everything, said};
use crate::stage::Shown;

#[test]
fn a_person_signs_in_at_a_gateway_of_istio_and_nothing_is_left_of_it_afterwards() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let before = there(&mesh)?;

    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    alice_signs_in(&mesh)?;

    let found = mesh.kfwasm(&["doctor", "--json"]);
    assert_eq!(
        told(&found),
        [],
        "{}",
        String::from_utf8_lossy(&found.stdout)
    );

    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    Ok(())
}

/// By TLS, from the page that she asked for to the provider and back to that page.
fn alice_signs_in(mesh: &Mesh) -> Shown {
    let mut browser = mesh.browser()?;
    let address = format!("https://{}/pipeline/?ns=team-a", mesh.authority());
    let page = browser.sign_in(&address, "alice")?;
    assert_eq!(
        (page.status, page.address.as_str()),
        (200, address.as_str())
    );
    let arrived = mesh.upstream.latest().unwrap();
    assert_eq!(arrived.target, "/pipeline/?ns=team-a");
    assert_eq!(arrived.all("kubeflow-userid"), ["alice@example.com"]);
    Ok(())
}

/// What there is, without what istiod writes for itself.
fn there(mesh: &Mesh) -> Result<BTreeMap<String, Value>, RigError> {
    let mut objects = everything(&mesh.cluster)?;
    objects.retain(|_, object| {
        let annotations = object["metadata"]["annotations"].as_object();
        !annotations.is_some_and(|it| it.contains_key("control-plane.alpha.kubernetes.io/leader"))
    });
    Ok(objects)
}
