//! What an earlier kfwasm.yaml has brought and the present one does not goes, and nothing else.

use std::fs;

use kfwasm_cluster_rig::Cluster;
use serde_json::json;
use tempfile::TempDir;

use crate::installing::{SECRET, apply, built, built_with, kfwasm, said, uninstall};
use crate::inventory::everything;
use crate::refused::kubeconfig_of_one_who_may;
use crate::running::while_pods_become_ready;
use crate::stage::{ISTIO, Shown, cluster, gateway};

const ENTRIES: &str = "/apis/networking.istio.io/v1beta1/namespaces/istio-system/serviceentries";
const GATEWAY: &str =
    "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";
const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";
/// What goes when the settings below are other ones.
const GOING: [&str; 3] = [
    "EnvoyFilter istio-system/kfwasm-backstop",
    "ServiceEntry istio-system/kfwasm-login.example.com",
    "DestinationRule istio-system/kfwasm-login.example.com",
];
const HEADER: &str = "plugin:\n  backstop: {header: x-kfwasm-gate, secret: {env: KFWASM_GATE}}\n";
/// Another backstop, and another provider.
const OTHER: [(&str, &str); 3] = [
    ("backstop: envoyFilter", "backstop: header"),
    ("plugin:\n", HEADER),
    ("//login.example.com", "//id.example.com"),
];

#[test]
fn what_is_no_longer_built_goes_and_nothing_else_does() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    applied(&cluster, &folder)?;
    let session_keys = cluster.api().get(&format!("{SECRETS}/kfwasm"))?["data"].clone();
    somebody_makes_a_service_entry(&cluster)?;
    let installed = everything(&cluster)?;

    rebuilt(&folder, &OTHER);
    for way in ["--diff", "--dry-run"] {
        let shown = shown(&cluster, &folder, way);
        for going in GOING {
            assert!(shown.contains(going), "{way}: {shown}");
        }
        assert!(!shown.contains("kfwasm-somebodys"), "{way}: {shown}");
    }
    assert_eq!(everything(&cluster)?, installed);

    let said = applied_without_looking(&cluster, &folder);
    assert_in_order(
        &said,
        &[
            "applied   WasmPlugin istio-system/kfwasm",
            "applied   AuthorizationPolicy istio-system/kfwasm-backstop",
            "deleted   EnvoyFilter istio-system/kfwasm-backstop",
        ],
    );
    let changed = everything(&cluster)?;
    for going in ["envoyfilters/kfwasm-backstop", "kfwasm-login.example.com"] {
        let left = changed.keys().find(|key| key.ends_with(going));
        assert_eq!(left, None, "{said}");
    }
    assert!(
        cluster
            .api()
            .get(&format!("{ENTRIES}/kfwasm-somebodys"))
            .is_ok()
    );
    let kept = cluster.api().get(&format!("{SECRETS}/kfwasm"))?["data"].clone();
    assert_eq!(
        kept["KFWASM_SESSION_KEYS"],
        session_keys["KFWASM_SESSION_KEYS"]
    );
    assert!(applied(&cluster, &folder)?.contains("nothing was changed"));

    rebuilt(&folder, &OTHER.map(|(old, new)| (new, old)));
    let said = applied_without_looking(&cluster, &folder);
    assert_in_order(
        &said,
        &[
            "applied   EnvoyFilter istio-system/kfwasm-backstop",
            "deleted   AuthorizationPolicy istio-system/kfwasm-backstop",
            "applied   WasmPlugin istio-system/kfwasm",
        ],
    );
    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{gone:?}");
    cluster
        .api()
        .delete(&format!("{ENTRIES}/kfwasm-somebodys"))?;
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn what_is_no_longer_altered_is_given_back() -> Shown {
    let existing = ["--certificate", "existing", "--certificate-secret", "mine"];
    let (cluster, folder) = (cluster(ISTIO)?, built_with(&existing));
    gateway(&cluster)?;
    let metadata = json!({ "name": "mine", "namespace": "istio-system" });
    let data = json!({ "tls.crt": "", "tls.key": "" });
    let certificate =
        json!({ "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data });
    cluster.api().create(SECRETS, &certificate)?;
    cluster.api().apply(&kubeflows_gateway())?;
    let before = cluster.api().get(GATEWAY)?["spec"].clone();
    let forced = forced(&cluster, &folder);
    assert_ne!(cluster.api().get(GATEWAY)?["spec"], before, "{forced}");

    rebuilt(
        &folder,
        &[
            ("issuer: existing", "issuer: none"),
            ("plugin:\n", "plugin:\n  plainHttp: accept\n"),
        ],
    );
    let said = applied(&cluster, &folder)?;

    assert!(
        said.contains("restored  Gateway kubeflow/kubeflow-gateway"),
        "{said}"
    );
    let after = cluster.api().get(GATEWAY)?;
    assert_eq!(after["spec"], before);
    let managed = after["metadata"]["managedFields"].to_string();
    assert!(
        !managed.contains("\"kfwasm\",\"operation\":\"Apply\""),
        "{managed}"
    );
    assert!(cluster.api().get(&format!("{SECRETS}/mine")).is_ok());
    assert!(applied(&cluster, &folder)?.contains("nothing was changed"));
    Ok(())
}

#[test]
fn a_gateway_that_the_filter_leaves_is_closed_before_and_until_it_is_back() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    applied(&cluster, &folder)?;
    let installed = everything(&cluster)?;

    let elsewhere = ("label: ingressgateway", "label: elsewhere");
    rebuilt(&folder, &[elsewhere]);
    let said = applied_without_looking(&cluster, &folder);
    assert_in_order(
        &said,
        &[
            "applied   AuthorizationPolicy istio-system/kfwasm-left-ingressgateway",
            "applied   WasmPlugin istio-system/kfwasm",
            "applied   EnvoyFilter istio-system/kfwasm-backstop",
        ],
    );
    let moved = everything(&cluster)?;
    let again = applied(&cluster, &folder)?;
    assert!(again.contains("nothing was changed"), "{again}");
    assert_eq!(everything(&cluster)?, moved);

    rebuilt(&folder, &[(elsewhere.1, elsewhere.0)]);
    let said = applied_without_looking(&cluster, &folder);
    assert_in_order(
        &said,
        &[
            "applied   AuthorizationPolicy istio-system/kfwasm-left-elsewhere",
            "applied   EnvoyFilter istio-system/kfwasm-backstop",
            "deleted   AuthorizationPolicy istio-system/kfwasm-left-ingressgateway",
        ],
    );
    let back = everything(&cluster)?;
    let is_known = |key: &&String| installed.contains_key(*key);
    let others: Vec<_> = back.keys().filter(|key| !is_known(key)).collect();
    assert!(
        matches!(&others[..], [other] if other.ends_with("kfwasm-left-elsewhere")),
        "{others:?}"
    );
    let gone = uninstall(&cluster, folder.path())?;
    assert_eq!(gone.status.code(), Some(0), "{gone:?}");
    assert_eq!(everything(&cluster)?, before);
    Ok(())
}

#[test]
fn what_another_installation_has_brought_is_not_touched() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    applied(&cluster, &folder)?;
    let installed = everything(&cluster)?;
    rebuilt(
        &folder,
        &[
            ("name: \"ml\"", "name: other"),
            ("//login.example.com", "//id.example.com"),
        ],
    );

    let refused = apply(&cluster, folder.path())?;

    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let whose = "is the installation ml, and not other";
    assert!(said(&refused).contains(whose), "{}", said(&refused));
    assert_eq!(everything(&cluster)?, installed);
    Ok(())
}

#[test]
fn who_may_not_delete_is_told_before_anything_is_changed() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, built());
    gateway(&cluster)?;
    applied(&cluster, &folder)?;
    let installed = everything(&cluster)?;
    rebuilt(&folder, &OTHER);
    let verbs = ["get", "list", "create", "patch", "update"];
    let account = kubeconfig_of_one_who_may(&cluster, &verbs)?;

    let mut command = kfwasm(&cluster, folder.path());
    command.args(["apply", "--yes"]).args(SECRET);
    let refused = command.env("KUBECONFIG", account.path()).output().unwrap();

    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    let missing = "delete envoyfilters.networking.istio.io in the namespace istio-system";
    assert!(said(&refused).contains(missing), "{}", said(&refused));
    assert_eq!(everything(&cluster)?, installed);
    Ok(())
}

/// With kfwasm's label, and not by kfwasm.
fn somebody_makes_a_service_entry(cluster: &Cluster) -> Shown {
    let labels = json!({ "app.kubernetes.io/part-of": "kfwasm" });
    let metadata =
        json!({ "name": "kfwasm-somebodys", "namespace": "istio-system", "labels": labels });
    let port = json!({ "number": 443, "name": "https", "protocol": "HTTPS" });
    cluster.api().apply_as(
        "argocd",
        &json!({
            "apiVersion": "networking.istio.io/v1beta1",
            "kind": "ServiceEntry",
            "metadata": metadata,
            "spec": { "hosts": ["somebodys.example.com"], "resolution": "DNS", "ports": [port] },
        }),
    )?;
    Ok(())
}

/// As Kubeflow's manifests have it.
pub(crate) fn kubeflows_gateway() -> serde_json::Value {
    let port = json!({ "name": "http", "number": 80, "protocol": "HTTP" });
    json!({
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "Gateway",
        "metadata": { "name": "kubeflow-gateway", "namespace": "kubeflow" },
        "spec": { "selector": { "istio": "ingressgateway" }, "servers": [{ "hosts": ["*"], "port": port }] },
    })
}

/// Each is there in kfwasm.yaml, and is another after it; then it is built.
fn rebuilt(folder: &TempDir, edits: &[(&str, &str)]) {
    let file = folder.path().join("ml/kfwasm.yaml");
    let mut settings = fs::read_to_string(&file).unwrap();
    for (old, new) in edits {
        assert!(settings.contains(old), "{old}: {settings}");
        settings = settings.replace(old, new);
    }
    fs::write(&file, settings).unwrap();
    let mut command = std::process::Command::new(std::env::var_os("KFWASM").unwrap());
    let command = command.current_dir(folder.path()).args(["build", "ml"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

/// What it said.
fn applied(cluster: &Cluster, folder: &TempDir) -> Result<String, kfwasm_rig::RigError> {
    let applied = apply(cluster, folder.path())?;
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    Ok(said(&applied))
}

/// The same, where others own fields.
fn forced(cluster: &Cluster, folder: &TempDir) -> String {
    applied_with(cluster, folder, "--force-conflicts")
}

/// The same, where the backstop changes: no Envoy runs in kwok's pods that could take it.
fn applied_without_looking(cluster: &Cluster, folder: &TempDir) -> String {
    applied_with(cluster, folder, "--no-verify")
}

fn applied_with(cluster: &Cluster, folder: &TempDir, flag: &str) -> String {
    let mut command = kfwasm(cluster, folder.path());
    let command = command.args(["apply", "--yes", flag]).args(SECRET);
    let applied = while_pods_become_ready(cluster, command).unwrap();
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    said(&applied)
}

fn shown(cluster: &Cluster, folder: &TempDir, way: &str) -> String {
    let mut command = kfwasm(cluster, folder.path());
    let output = command.args(["apply", way]).args(SECRET).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn assert_in_order(said: &str, lines: &[&str]) {
    let places: Vec<_> = lines.iter().map(|line| said.find(line)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}: {said}"
    );
}
