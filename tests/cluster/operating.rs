//! What an operator does with an installation: look at it, end sessions, rotate keys.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::process::Output;

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;

use crate::installing::{apply, built, kfwasm, said};
use crate::recording::Recording;
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const PLUGIN: &str =
    "/apis/extensions.istio.io/v1alpha1/namespaces/istio-system/wasmplugins/kfwasm";
const SECRET: &str = "/api/v1/namespaces/istio-system/secrets/kfwasm";
const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway";

#[test]
fn an_installation_is_looked_at_revoked_in_and_given_new_keys() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let recording = RefCell::new(Recording::with(Vec::new()));
    let run = |arguments: &[&str]| {
        let mut command = kfwasm(&cluster, folder.path());
        let done = command.args(arguments).output().unwrap();
        record(&recording, arguments, &done);
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            said(&done),
        )
    };
    let (code, _, complaint) = run(&["status"]);
    assert_eq!(code, Some(1), "{complaint}");
    let (code, _, complaint) = run(&["keys", "rotate", "ml", "--yes"]);
    assert_eq!(code, Some(3), "{complaint}");
    let applied = apply(&cluster, folder.path())?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));

    let (code, _, complaint) = run(&["status"]);
    assert_eq!(code, Some(0), "{complaint}");

    revocation(&cluster, &run, folder.path())?;
    rotation(&cluster, folder.path(), &recording)?;
    recording.into_inner().pins("operating");
    Ok(())
}

fn record(recording: &RefCell<Recording>, arguments: &[&str], output: &Output) {
    let command = format!("kfwasm {}", arguments.join(" "));
    recording.borrow_mut().add_ended(&command, output);
}

type Ran = (Option<i32>, String, String);

fn revocation(cluster: &Cluster, run: &dyn Fn(&[&str]) -> Ran, folder: &Path) -> Shown {
    let pods = cluster.api().get(DEPLOYMENT)?["spec"]["template"].clone();
    let (code, _, said) = run(&["revoke", "ml", "--user", "alice@example.com"]);
    assert_eq!(code, Some(0), "{said}");
    let plugin = cluster.api().get(PLUGIN)?;
    let users = &plugin["spec"]["pluginConfig"]["session"]["revocation"]["users"];
    assert_eq!(users[0]["user"], "alice@example.com");
    let file = fs::read_to_string(folder.join("ml/kfwasm.yaml")).unwrap();
    assert!(
        file.contains("# The hosts by which browsers reach the gateway"),
        "comments stay\n{file}"
    );
    run(&["status"]);

    let (code, _, said) = run(&["revoke", "ml", "--session", "no session"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(cluster.api().get(PLUGIN)?["spec"], plugin["spec"]);

    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    run(&["revoke", "ml", "--session", id, "--no-apply"]);
    assert_eq!(cluster.api().get(PLUGIN)?["spec"], plugin["spec"]);
    run(&["revoke", "ml", "--session", id, "--everybody", "--yes"]);
    run(&["revoke", "ml", "--session", id]);
    run(&["status"]);
    let plugin = cluster.api().get(PLUGIN)?;
    let revocation = &plugin["spec"]["pluginConfig"]["session"]["revocation"];
    assert_eq!(revocation["sessions"][0], id);
    assert!(revocation["notBefore"].is_string());
    // No pod restarts for it.
    assert_eq!(cluster.api().get(DEPLOYMENT)?["spec"]["template"], pods);
    Ok(())
}

fn rotation(cluster: &Cluster, folder: &Path, recording: &RefCell<Recording>) -> Shown {
    let old = ring(cluster)?;
    let rotate = |arguments: &[&str]| {
        let mut command = kfwasm(cluster, folder);
        let arguments = [&["keys", "rotate", "ml", "--yes"], arguments].concat();
        let rotated = while_pods_become_ready(cluster, command.args(&arguments))?;
        record(recording, &arguments, &rotated);
        Ok::<_, RigError>(rotated)
    };
    let rotated = rotate(&[])?;
    assert_eq!(rotated.status.code(), Some(0), "{}", said(&rotated));
    let new = ring(cluster)?;
    assert_eq!(new.len(), 2);
    assert_eq!(new[1], old[0], "the old key still opens");

    // The client secret is as it was, and the cluster as kfwasm.yaml says.
    assert_eq!(
        cluster.api().get(SECRET)?["data"]["KFWASM_CLIENT_SECRET"],
        "YSBzZWNyZXQgb2YgdGhlIHRlc3Q="
    );
    let again = apply(cluster, folder)?;
    assert!(
        said(&again).contains("nothing was changed"),
        "{}",
        said(&again)
    );

    let dropped = rotate(&["--keep", "0"])?;
    assert_eq!(dropped.status.code(), Some(0), "{}", said(&dropped));
    assert_eq!(ring(cluster)?.len(), 1);
    Ok(())
}

/// The keys in the Secret.
fn ring(cluster: &Cluster) -> Result<Vec<String>, RigError> {
    use jwt_simple::reexports::ct_codecs::{Base64, Decoder as _};
    let secret = cluster.api().get(SECRET)?;
    let encoded = secret["data"]["KFWASM_SESSION_KEYS"]
        .as_str()
        .unwrap_or_default();
    let decoded = Base64::decode_to_vec(encoded, None).unwrap();
    let text = String::from_utf8(decoded).unwrap();
    let keys: Vec<String> = text.split(',').map(str::to_owned).collect();
    assert!(keys.iter().all(|key| key.len() == 44));
    Ok(keys)
}
