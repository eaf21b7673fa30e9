//! The Service is somebody's, and gets no address.

use serde_json::json;

use super::{INSTALL, install};
use crate::installing::{folder_with, said, uninstall};
use crate::inventory::everything;
use crate::load_balancer::SERVICE;
use crate::recording::Recording;
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn a_service_of_others_is_taken_over_only_when_asked_for_and_given_back() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let metadata = json!({ "name": "istio-ingressgateway", "namespace": "istio-system" });
    let spec = json!({ "type": "ClusterIP" });
    let theirs =
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec });
    cluster.api().apply_as("argocd", &theirs)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let mut install = |flags: &[&str], code: i32| {
        let output = install(&cluster, folder.path(), flags).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        let command = [&[INSTALL][..], flags].concat().join(" ");
        recording.add_ended(&command, &output);
    };

    install(&[], 1);
    assert_eq!(everything(&cluster)?, before);
    install(&["--force-conflicts", "--yes", "--timeout", "1s"], 3);
    // Without the flag it is ours still, and waited for.
    install(&["--timeout", "1s"], 3);

    let service = cluster.api().get(SERVICE)?;
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    let gone = uninstall(&cluster, folder.path())?;
    recording.add_ended("kfwasm uninstall --yes", &gone);
    recording.pins("to-come-in-vain");
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}
