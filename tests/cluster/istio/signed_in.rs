use std::collections::BTreeMap;

use kfwasm_rig::{Page, Request, RigError, UserAgent};
use serde_json::Value;

use super::mesh::Mesh;
use crate::inventory::everything;

/// A page of the dashboard.
const PAGE: &str = "/pipeline/?ns=team-a";

/// By TLS, from the page that she asked for to the provider and back to that page; her browser.
pub(super) fn alice_signs_in(mesh: &Mesh) -> Result<UserAgent, RigError> {
    alice_signs_in_by(mesh, mesh.browser()?)
}

/// The same by that browser.
pub(super) fn alice_signs_in_by(
    mesh: &Mesh,
    mut browser: UserAgent,
) -> Result<UserAgent, RigError> {
    let page = browser.sign_in(&at(mesh), "alice")?;
    it_is_hers(mesh, &page);
    Ok(browser)
}

/// Without signing in again.
pub(super) fn she_is_still_signed_in(mesh: &Mesh, browser: &mut UserAgent) -> Result<(), RigError> {
    let page = browser.send(&Request::navigation(&at(mesh))?)?;
    it_is_hers(mesh, &page);
    Ok(())
}

fn at(mesh: &Mesh) -> String {
    format!("https://{}{PAGE}", mesh.public_host())
}

fn it_is_hers(mesh: &Mesh, page: &Page) {
    assert_eq!(
        (page.status, page.address.as_str()),
        (200, at(mesh).as_str())
    );
    let arrived = mesh.upstream.latest().unwrap();
    assert_eq!(arrived.target, PAGE);
    assert_eq!(arrived.all("kubeflow-userid"), ["alice@example.com"]);
}

/// What there is, without what istiod writes for itself.
pub(super) fn there(mesh: &Mesh) -> Result<BTreeMap<String, Value>, RigError> {
    let mut objects = everything(&mesh.cluster)?;
    objects.retain(|_, object| {
        let annotations = object["metadata"]["annotations"].as_object();
        !annotations.is_some_and(|it| it.contains_key("control-plane.alpha.kubernetes.io/leader"))
    });
    Ok(objects)
}
