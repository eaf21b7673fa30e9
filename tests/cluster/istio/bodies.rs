//! The forms that are posted to the gateway itself reach the filter, by the routes or the matcher that istiod is told of.

use std::time::Duration;

use kfwasm_rig::{Request, wait_until};
use serde_json::Value;

use super::backstop::{FILTER, PLUGIN, closes_and_opens_again};
use super::mesh::Mesh;
use crate::installing::said;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(30);
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn forms_reach_the_filter() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    assert_eq!(places(&mesh)?.matches("HTTP_ROUTE").count(), 3);
    forms_arrive(&mesh)?;

    mesh.edit("1.31", "1.24");
    for arguments in [&["build", "ml"][..], &["apply", "ml", "--yes"]] {
        let done = mesh.kfwasm(arguments);
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    }
    assert_eq!(places(&mesh)?.matches("HTTP_ROUTE").count(), 0);
    forms_arrive(&mesh)?;
    closes_and_opens_again(&mesh, PLUGIN)
}

/// Where the backstop's parts are put.
fn places(mesh: &Mesh) -> Result<String, kfwasm_rig::RigError> {
    let filter = mesh.cluster.api().get(FILTER)?;
    let patches = filter["spec"]["configPatches"].as_array().unwrap();
    let places: Vec<_> = patches
        .iter()
        .filter_map(|it| it["applyTo"].as_str())
        .collect();
    Ok(places.join(" "))
}

/// The module reads what they say, and says what is wrong with it.
fn forms_arrive(mesh: &Mesh) -> Shown {
    let wrong = [
        (
            "programs/token",
            "grant_type=password&client_id=kfwasm",
            "unsupported_grant_type",
        ),
        ("backchannel-logout", "logout_token=none", "invalid_request"),
    ];
    for (endpoint, form, error) in wrong {
        let address = format!("https://{}/authservice/{endpoint}", mesh.public_host());
        let post = Request::bare(&address)?.method("POST").body(FORM, form);
        let mut client = mesh.browser()?;
        wait_until("a form to arrive", PATIENCE, || {
            let answer = client.send(&post).ok()?;
            let said: Value = serde_json::from_slice(&answer.body).ok()?;
            (answer.status == 400 && said["error"] == error).then_some(())
        })?;
    }
    Ok(())
}
