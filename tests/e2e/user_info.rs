//! A provider that tells about the user only at its userinfo endpoint.

use kfwasm_rig::{Parts, Rig, RigSettings, UserAgent};
use serde_json::json;

use crate::stage::{Shown, latest};

fn start(plugin: serde_json::Value) -> Result<Rig, kfwasm_rig::RigError> {
    let settings = RigSettings {
        plugin,
        thin_id_tokens: true,
        ..RigSettings::default()
    };
    Rig::start(&Parts::from_environment()?, &settings)
}

#[test]
fn the_user_and_the_groups_come_from_userinfo_when_the_id_token_is_thin() -> Shown {
    let rig = start(json!({}))?;
    let page = UserAgent::new().sign_in(&rig.at("/notebooks/"), "alice")?;
    assert_eq!((page.status, page.address.path()), (200, "/notebooks/"));
    let seen = latest(&rig);
    assert_eq!(seen.all("kubeflow-userid"), ["alice@example.com"]);
    assert_eq!(seen.all("kubeflow-groups"), ["data-science,admins"]);
    Ok(())
}

#[test]
fn without_userinfo_a_thin_id_token_names_nobody() -> Shown {
    let rig = start(json!({ "identity": { "userInfo": "never" } }))?;
    let page = UserAgent::new().sign_in(&rig.at("/"), "alice")?;
    assert_eq!(page.status, 403);
    Ok(())
}
