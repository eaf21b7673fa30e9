//! Three replicas that fetch the module by HTTP, some of them in vain.

use super::mesh::Mesh;
use super::module_server::ModuleServer;
use super::signed_in::{alice_signs_in, there};
use crate::doctor::told;
use crate::installing::said;
use crate::stage::Shown;

const UNFETCHED: &str = "Istio's agent could not fetch the module";

#[test]
fn a_module_that_cannot_be_fetched_stops_an_installation_and_one_replica_without_it_is_found_later()
-> Shown {
    let mesh = Mesh::with_replicas(3)?;
    let modules = ModuleServer::start()?;
    let by_http = ["--module-url", &modules.url()];
    let before = there(&mesh)?;

    modules.refuse(true);
    let refused = mesh.install(&by_http);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let mut recording = mesh.recording();
    recording.add_ended("kfwasm install ml --yes", &refused);
    recording.pins("not-fetched");
    assert_eq!(there(&mesh)?, before);

    modules.refuse(false);
    let installed = mesh.install(&by_http);
    assert_eq!(installed.status.code(), Some(0), "{}", said(&installed));
    alice_signs_in(&mesh)?;
    assert_eq!(told(&mesh.kfwasm(&["doctor", "--json"])), []);

    // Istio's agents have kept it; the new one has not.
    modules.refuse(true);
    mesh.restart_one_pod()?;
    let found = mesh.kfwasm(&["doctor", "--json"]);
    let wrong = ("replicas".to_owned(), "wrong".to_owned());
    let report = String::from_utf8_lossy(&found.stdout);
    assert!(told(&found).contains(&wrong), "{report}");
    for words in ["of 3 run without the filter", UNFETCHED] {
        assert!(report.contains(words), "{report}");
    }

    modules.refuse(false);
    mesh.restart_all_pods()?;
    assert_eq!(told(&mesh.kfwasm(&["doctor", "--json"])), []);
    Ok(())
}
