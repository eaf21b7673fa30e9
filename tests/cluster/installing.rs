//! `kfwasm apply` and `uninstall` on a real API server: there, the same again, and exactly back.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::RigError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::inventory::everything;
use crate::recording::{Recording, is_recorded};
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster, gateway};

pub(crate) const APPLY: &str =
    "kfwasm apply ml --yes --timeout 100 --secret KFWASM_CLIENT_SECRET=secret";
const UNINSTALL: &str = "kfwasm uninstall --yes";

#[test]
fn what_was_installed_is_there_and_uninstall_leaves_what_was_before() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;

    let applied = apply(&cluster, folder.path())?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let installed = everything(&cluster)?;
    assert_ne!(before, installed);

    let again = apply(&cluster, folder.path())?;
    assert_eq!(everything(&cluster)?, installed);

    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(everything(&cluster)?, before);
    let gone_already = kfwasm(&cluster, folder.path())
        .args(["uninstall", "--yes"])
        .output()
        .unwrap();
    let mut recording = Recording::with(Vec::new());
    recording.add_ended(APPLY, &applied);
    recording.add_ended(APPLY, &again);
    recording.add_ended(UNINSTALL, &gone);
    recording.add_ended(UNINSTALL, &gone_already);
    recording.pins("there-and-back");
    Ok(())
}

/// Whoever may write ConfigMaps beside the gateway cannot make the administrator, who uninstalls, do more than that.
#[test]
fn uninstall_touches_nothing_that_kfwasm_does_not_manage() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    apply(&cluster, folder.path())?;
    let api = cluster.api();
    let secrets = "/api/v1/namespaces/default/secrets";
    api.create(
        secrets,
        &json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "somebodys" } }),
    )?;
    let kept = "/api/v1/namespaces/istio-system/configmaps/kfwasm-previous";
    let text = api.get(kept)?["data"]["objects.json"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut entries: Vec<Value> = serde_json::from_str(&text).unwrap();
    entries.iter_mut().for_each(name_another_account);
    entries.extend(planted());
    let planted = json!({ "data": { "objects.json": Value::from(entries).to_string() } });
    api.merge(kept, &planted)?;

    let gone = uninstall(&cluster, folder.path())?;

    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(api.get(&format!("{secrets}/somebodys"))?["kind"], "Secret");
    let bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/everybody";
    assert!(api.get(bindings).is_err(), "{}", said(&gone));
    let gateway = api.get(DEPLOYMENT)?;
    assert_eq!(gateway.pointer(SERVICE_ACCOUNT), None);
    is_recorded("left-alone", UNINSTALL, &gone);
    Ok(())
}

const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway";
const SERVICE_ACCOUNT: &str = "/spec/template/spec/serviceAccountName";

/// A field of the Deployment that kfwasm has never written, as if it had.
fn name_another_account(entry: &mut Value) {
    if entry["kind"] == "Deployment" {
        for side in ["before", "ours"] {
            entry[side]["spec"]["template"]["spec"]["serviceAccountName"] = "somebodys".into();
        }
    }
}

/// To be deleted, and to be made anew.
fn planted() -> [Value; 2] {
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": { "name": "everybody" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin" },
        "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:authenticated" }],
    });
    [
        json!({ "apiVersion": "v1", "kind": "Secret", "namespace": "default", "name": "somebodys", "before": null, "ours": null }),
        json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "namespace": null, "name": "everybody",
            "before": binding, "ours": null }),
    ]
}

#[test]
fn a_difference_is_shown_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    for way in ["--diff", "--dry-run"] {
        let shown = kfwasm(&cluster, folder.path())
            .args(["apply", "--yes", way])
            .args(SECRET)
            .output();
        let shown = shown.unwrap();
        assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
        let text = String::from_utf8_lossy(&shown.stdout).into_owned() + &said(&shown);
        assert!(
            text.contains("WasmPlugin istio-system/kfwasm"),
            "{way}: {text}"
        );
        assert!(!text.contains("a secret of the test"), "{way}: {text}");
    }
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

/// The field of somebody else is not taken over unasked.
#[test]
fn a_conflict_is_told_with_its_owner_and_nothing_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    cluster.api().apply_as(
        "argocd",
        &json!({
            "apiVersion": "extensions.istio.io/v1alpha1",
            "kind": "WasmPlugin",
            "metadata": { "name": "kfwasm", "namespace": "istio-system" },
            "spec": { "url": "oci://registry.example.com/somebody/elses" },
        }),
    )?;
    let before = everything(&cluster)?;

    let refused = apply(&cluster, folder.path())?;

    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    is_recorded("conflict", APPLY, &refused);
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

/// The directory of an installation, with the secret beside it.
pub(crate) fn built() -> TempDir {
    built_with(&["--certificate", "none"])
}

/// The same with more options.
pub(crate) fn built_with(options: &[&str]) -> TempDir {
    let folder = folder_with("secret");
    let output = program(folder.path())
        .args(["build", "ml", "--host", "kubeflow.example.com"])
        .args(["--issuer", "https://login.example.com"])
        .args(["--client-id", "kubeflow", "--istio", "1.31"])
        .args(options)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    folder
}

/// A folder with nothing but a file of this name, which holds the client secret.
pub(crate) fn folder_with(secret: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(secret), "a secret of the test").unwrap();
    folder
}

pub(crate) const SECRET: [&str; 3] = ["ml", "--secret", "KFWASM_CLIENT_SECRET=secret"];

/// Applies, while pods become ready as kubelets would make them.
pub(crate) fn apply(cluster: &Cluster, folder: &Path) -> Result<Output, RigError> {
    let mut command = kfwasm(cluster, folder);
    let command = command
        .args(["apply", "--yes", "--timeout", "100"])
        .args(SECRET);
    while_pods_become_ready(cluster, command)
}

/// Takes it away again, while pods become ready.
pub(crate) fn uninstall(cluster: &Cluster, folder: &Path) -> Result<Output, RigError> {
    let mut command = kfwasm(cluster, folder);
    while_pods_become_ready(cluster, command.args(["uninstall", "--yes"]))
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    command.current_dir(folder);
    command
}

pub(crate) fn kfwasm(cluster: &Cluster, folder: &Path) -> Command {
    let mut command = program(folder);
    command.env("KUBECONFIG", cluster.kubeconfig());
    command
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
