//! `kfwasm migrate --cut-over` and `--back` on a real API server, with a real Envoy at which it is verified.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{Parts, Rig, RigError, RigSettings, Terminal};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installing::{kfwasm, said};
use crate::inventory::everything;
use crate::migrating::there_is;
use crate::recording::Recording;
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster};

#[test]
fn oidc_authservice_gives_way_and_comes_back() -> Shown {
    gives_way_and_comes_back("authservice.yaml", &["authn-filter"], &[])
}

#[test]
fn oauth2_proxy_gives_way_and_comes_back() -> Shown {
    let removed = [
        "istio-ingressgateway-oauth2-proxy",
        "istio-ingressgateway-require-jwt",
        "dex-jwt",
        "m2m-token-issuer",
    ];
    gives_way_and_comes_back("oauth2-proxy.yaml", &removed, &["not-from-there"])
}

/// Where the filter does not decide, nobody is left without a sign-in.
#[test]
fn what_cannot_be_verified_is_put_back() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "oauth2-proxy.yaml")?;
    let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
    let folder = built(&rig);
    let before = there(&cluster)?;

    let elsewhere = rig.upstream.address().to_string();
    let options = ["--cut-over", "--timeout", "10", "--address", &elsewhere];
    let output = migrate(&cluster, folder.path(), &options)?;

    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    is_recorded("put-back", &rig, &output);
    assert_eq!(there(&cluster)?, before);
    Ok(())
}

/// A policy without a selector is for the whole mesh: without it, others would be open.
#[test]
fn what_protects_other_workloads_too_is_named_and_nothing_is_changed() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "oauth2-proxy.yaml")?;
    let policy = "/apis/security.istio.io/v1beta1/namespaces/istio-system/authorizationpolicies/istio-ingressgateway-oauth2-proxy";
    let api = cluster.api();
    api.merge(policy, &json!({ "spec": { "selector": null } }))?;
    let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
    let folder = built(&rig);
    let before = there(&cluster)?;

    let output = migrate(&cluster, folder.path(), &["--cut-over"])?;

    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    is_recorded("shared-policy", &rig, &output);
    assert_eq!(there(&cluster)?, before);
    Ok(())
}

/// Before anything is removed, somebody must be able to see whether it works.
#[test]
fn nothing_is_removed_where_the_gateway_cannot_be_asked() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "authservice.yaml")?;
    let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
    let folder = built(&rig);
    let before = there(&cluster)?;

    let nowhere = ["--cut-over", "--timeout", "30", "--address", "127.0.0.1:1"];
    let output = migrate(&cluster, folder.path(), &nowhere)?;

    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    is_recorded("gateway-not-reached", &rig, &output);
    let now = there(&cluster)?;
    let kept = |name: &String| now.contains_key(name);
    assert!(before.keys().all(kept), "{}", said(&output));
    Ok(())
}

/// What signs people in is somebody else's: kfwasm asks once more before it goes.
#[test]
fn a_no_leaves_what_signed_people_in_before() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "authservice.yaml")?;
    let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
    let folder = built(&rig);
    let applied = run(&cluster, folder.path(), "apply", &["--no-verify"])?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let before = there(&cluster)?;

    let asked = ["migrate", "ml", "--cut-over"];
    let terminal = Terminal::run(kfwasm(&cluster, folder.path()).args(asked))?;
    terminal.wait_for("Remove what signed people in before? (yes/no) [no]: ")?;
    terminal.answer("no")?;

    let (code, told) = terminal.end()?;
    assert_eq!(code, Some(1), "{told}");
    let mut recording = recording_of(&rig);
    recording.add("kfwasm migrate ml --cut-over", &told);
    recording.pins("not-removed");
    assert_eq!(there(&cluster)?, before);
    Ok(())
}

fn gives_way_and_comes_back(file: &str, removed: &[&str], kept: &[&str]) -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, file)?;
    let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
    let folder = built(&rig);
    let before = there(&cluster)?;

    let shown = migrate(&cluster, folder.path(), &["--cut-over", "--dry-run"])?;
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    assert_eq!(there(&cluster)?, before, "--dry-run");

    let output = migrate(&cluster, folder.path(), &["--cut-over", "--timeout", "100"])?;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let now = there(&cluster)?;
    let is_there = |name: &str| now.keys().any(|path| path.ends_with(&format!("/{name}")));
    for name in removed {
        assert!(!is_there(name), "{name} is left");
        assert!(said(&shown).contains(name), "{}", said(&shown));
    }
    for name in ["kfwasm", "kfwasm-backstop"].iter().chain(kept) {
        assert!(is_there(name), "{name} is gone");
    }

    let again = migrate(&cluster, folder.path(), &["--cut-over"])?;
    assert_eq!(there(&cluster)?, now);

    let back = go_back(&cluster, folder.path())?;
    assert_eq!(back.status.code(), Some(0), "{}", said(&back));
    assert_eq!(there(&cluster)?, before);
    if file == "oauth2-proxy.yaml" {
        recorded(&rig, &output, &back);
        is_recorded("changed-over-already", &rig, &again);
    }
    Ok(())
}

/// What `docs/recordings/cut-over.txt` shows.
fn recorded(rig: &Rig, forth: &Output, back: &Output) {
    let mut recording = recording_of(rig);
    recording.add("kfwasm migrate ml --cut-over", &said(forth));
    recording.add("kfwasm migrate ml --back", &said(back));
    recording.stands_in("cut-over.txt");
}

/// A recording in which gateway and provider have the names of real ones.
fn recording_of(rig: &Rig) -> Recording {
    let provider = rig.provider.host().authority().replace(':', "-");
    Recording::with(vec![
        (rig.gateway.authority(), "ml.example.com"),
        (rig.provider.issuer(), "https://id.example.com"),
        (provider, "id.example.com"),
    ])
}

fn is_recorded(name: &str, rig: &Rig, output: &Output) {
    let mut recording = recording_of(rig);
    recording.add_ended("kfwasm migrate ml --cut-over --yes", output);
    recording.pins(name);
}

/// What there is. An object that was deleted and is there again is another one by its identity alone.
fn there(cluster: &Cluster) -> Result<BTreeMap<String, Value>, RigError> {
    let mut objects = everything(cluster)?;
    for object in objects.values_mut() {
        let metadata = object["metadata"].as_object_mut().unwrap();
        metadata.retain(|field, _| !matches!(field.as_str(), "uid" | "creationTimestamp"));
    }
    Ok(objects)
}

/// A directory that was built for the gateway and the provider of this rig.
fn built(rig: &Rig) -> TempDir {
    let folder = TempDir::new().unwrap();
    let ml = folder.path().join("ml");
    fs::create_dir(&ml).unwrap();
    fs::write(ml.join("kfwasm.yaml"), settings(rig).to_string()).unwrap();
    let secret = rig.provider.settings().client_secret.as_str();
    fs::write(folder.path().join("secret"), secret).unwrap();
    let mut build = Command::new(std::env::var_os("KFWASM").unwrap());
    let build = build.args(["build", "ml"]).current_dir(folder.path());
    let output = build.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    folder
}

fn settings(rig: &Rig) -> Value {
    let authority = rig.gateway.address().replace("http://", "");
    json!({
        "name": "ml",
        "certificate": { "issuer": "none" },
        "module": { "url": "oci://registry.example.com/kfwasm:0.1.0" },
        "istio": "1.31",
        "plugin": {
            "publicHosts": [authority],
            "insecureHttp": true,
            "providers": [{
                "issuer": rig.provider.issuer(),
                "insecureHttp": true,
                "clientId": rig.provider.settings().client_id,
                "clientSecret": { "env": "KFWASM_CLIENT_SECRET" },
            }],
        },
    })
}

fn migrate(cluster: &Cluster, folder: &Path, options: &[&str]) -> Result<Output, RigError> {
    run(cluster, folder, "migrate", options)
}

/// Runs it while pods become ready as kubelets would make them.
fn run(
    cluster: &Cluster,
    folder: &Path,
    command: &str,
    options: &[&str],
) -> Result<Output, RigError> {
    let mut program = kfwasm(cluster, folder);
    program
        .args([command, "ml", "--yes", "--force-conflicts"])
        .args(["--secret", "KFWASM_CLIENT_SECRET=secret"])
        .args(options);
    while_pods_become_ready(cluster, &mut program)
}

fn go_back(cluster: &Cluster, folder: &Path) -> Result<Output, RigError> {
    let mut program = kfwasm(cluster, folder);
    program.args(["migrate", "ml", "--back", "--yes"]);
    while_pods_become_ready(cluster, &mut program)
}
