//! The module goes to a registry, and from there to the gateway.

use std::env;
use std::path::PathBuf;

use kfwasm_rig::Registry;

use super::mesh::Mesh;
use super::signed_in::alice_signs_in;
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

#[test]
fn a_module_that_was_pushed_is_fetched_by_the_agent_of_the_gateway() -> Shown {
    let program = PathBuf::from(env::var_os("REGISTRY").unwrap());
    let (mesh, registry) = (Mesh::with_replicas(1)?, Registry::start(&program)?);
    let image = format!("{}/team/kfwasm", registry.authority());

    let pushed = mesh.kfwasm(&["push", &format!("{image}:1")]);
    assert_eq!(pushed.status.code(), Some(0), "{}", said(&pushed));
    let digest = String::from_utf8_lossy(&pushed.stdout).trim().to_owned();

    let url = format!("oci://{image}@{digest}");
    let installed = mesh.install(&["--module-url", &url]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    alice_signs_in(&mesh)?;
    assert_eq!(told(&mesh.kfwasm(&["doctor", "--json"])), []);
    Ok(())
}
