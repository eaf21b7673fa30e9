//! The filter as a TrafficExtension, with a real Istio.

use super::backstop::closes_and_opens_again;
use super::mesh::Mesh;
use super::signed_in::{alice_signs_in, she_is_still_signed_in, there};
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

const EXTENSION: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/trafficextensions/kfwasm";

#[test]
fn a_traffic_extension_takes_the_place_of_the_plugin_and_is_as_good() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let before = there(&mesh)?;
    let installed = mesh.install(&[]);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    let mut browser = alice_signs_in(&mesh)?;

    mesh.edit("extension: wasmPlugin", "extension: trafficExtension");
    let replaced = mesh.install(&["--overwrite"]);
    assert_eq!(replaced.status.code(), Some(0), "{}", said(&replaced));
    let told_in_order = "applied   TrafficExtension istio-system/kfwasm\ndeleted   WasmPlugin istio-system/kfwasm\n";
    assert!(
        said(&replaced).contains(told_in_order),
        "{}",
        said(&replaced)
    );

    she_is_still_signed_in(&mesh, &mut browser)?;
    assert_eq!(told(&mesh.kfwasm(&["doctor", "--json"])), []);
    let status = mesh.kfwasm(&["status", "ml"]);
    let shown = String::from_utf8_lossy(&status.stdout).into_owned();
    let plugin = "TrafficExtension istio-system/kfwasm, AUTHN, FAIL_RELOAD";
    assert!(shown.contains(plugin), "{shown}");
    closes_and_opens_again(&mesh, EXTENSION)?;

    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    Ok(())
}
