//! The API server restarts in the middle of an installation.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::installing::{SECRET, apply, built, kfwasm, said, uninstall};
use crate::inventory::everything;
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn what_the_api_server_broke_off_by_a_restart_is_finished_by_the_same_command() -> Shown {
    let (mut cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut command = kfwasm(&cluster, folder.path());
    command
        .args(["apply", "--yes", "--timeout", "100"])
        .args(SECRET);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    // Nobody makes the gateway's new pods ready: it waits here.
    told.by_ref()
        .map_while(Result::ok)
        .find(|line| line.starts_with("waiting "))
        .unwrap();

    let mut rest = String::new();
    cluster.restart_api_server(|| {
        rest = told.map_while(Result::ok).collect::<Vec<_>>().join("\n");
        assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    })?;
    let advice = "the same command continues where this one stopped";
    assert!(
        rest.contains("cannot read Deployment") && rest.contains(advice),
        "{rest}"
    );

    let finished = apply(&cluster, folder.path())?;
    assert_eq!(finished.status.code(), Some(0), "{}", said(&finished));
    let plugin = "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";
    assert_ne!(cluster.api().get(plugin)?["spec"], Value::Null);
    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}
