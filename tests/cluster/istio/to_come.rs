//! A gateway inside the cluster, which gets an address and the filter by one command.

use kfwasm_cluster_rig::Kubeflow;
use kfwasm_rig::wait_until;
use serde_json::json;

use super::mesh::{Mesh, PATIENCE};
use super::signed_in::there;
use crate::installing::said;
use crate::load_balancer::{SERVICE, give};
use crate::public_host::to_come::WAITING;
use crate::running::Running;
use crate::stage::Shown;

#[test]
fn the_filter_decides_at_the_address_that_came_first_and_nothing_is_left_of_it() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    let inside = json!({ "spec": { "type": "ClusterIP" } });
    mesh.cluster.api().merge(SERVICE, &inside)?;
    let before = there(&mesh)?;

    let (issuer, client) = (mesh.provider.issuer(), &mesh.provider.settings().client_id);
    let at = mesh.public_host();
    let existing = ["--certificate", "existing", "--certificate-secret"];
    let options = [
        &["install", "ml", "--load-balancer", "--issuer", &issuer][..],
        &["--client-id", client, "--istio", "1.31", "--yes"],
        &[
            "--force-conflicts",
            "--secret",
            "KFWASM_CLIENT_SECRET=secret",
        ],
        &existing,
        &[Kubeflow::CERTIFICATE, "--address", &at],
    ];
    let running = Running::start(&mut mesh.command(&options.concat()));
    running.wait_for(WAITING)?;
    give(&mesh.cluster, &json!({ "ip": "203.0.113.7" }))?;
    let installed = running.end();

    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    let verified = "verified  203.0.113.7: the filter decides";
    assert!(said(&installed).contains(verified), "{}", said(&installed));
    let status = mesh.kfwasm(&["status", "ml"]);
    assert_eq!(status.status.code(), Some(0), "{}", said(&status));
    let gone = mesh.kfwasm(&["uninstall", "ml", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    let _ = wait_until("everything to be as before", PATIENCE, || {
        (there(&mesh).ok()? == before).then_some(())
    });
    assert_eq!(there(&mesh)?, before);
    Ok(())
}
