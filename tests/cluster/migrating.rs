//! `kfwasm migrate` on a real API server, from what Kubeflow's releases have installed.

use std::fs;
use std::path::Path;
use std::process::Output;

use kfwasm_cluster_rig::{Cluster, objects};
use kfwasm_rig::RigError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installing::{kfwasm, said};
use crate::recording::{Recording, is_recorded};
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn what_oidc_authservice_was_told_is_taken_over() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "authservice.yaml")?;
    let folder = TempDir::new().unwrap();

    let output = migrate(&cluster, folder.path(), &[]);

    let plugin = plugin(folder.path(), &output);
    assert_eq!(plugin["publicHosts"], json!(["ml.example.com"]));
    assert_eq!(plugin["callback"]["path"], "/login/oidc");
    assert_eq!(
        plugin["providers"],
        json!([{
            "issuer": "http://dex.auth.svc.cluster.local:5556/dex",
            "insecureHttp": true,
            "clientId": "kubeflow-client",
            "clientSecret": { "env": "KFWASM_CLIENT_SECRET" },
            "authorizationEndpoint": "https://ml.example.com/dex/auth",
            "scopes": ["openid", "profile", "email", "groups"],
        }])
    );
    assert_eq!(
        plugin["session"],
        json!({ "absolute": "12h", "idle": "12h" })
    );
    assert_eq!(plugin["access"], json!([{ "groups": ["data", "ml"] }]));
    assert_eq!(plugin["skip"], json!([{ "prefix": "/dex" }]));
    is_recorded("migrate-authservice", "kfwasm migrate ml", &output);
    assert!(!everywhere(folder.path(), &output).contains("never shown"));
    Ok(())
}

#[test]
fn what_oauth2_proxy_and_istio_were_told_is_taken_over() -> Shown {
    let cluster = cluster(ISTIO)?;
    there_is(&cluster, "oauth2-proxy.yaml")?;
    let folder = TempDir::new().unwrap();

    let output = migrate(&cluster, folder.path(), &["--host", "ml.example.com"]);

    let plugin = plugin(folder.path(), &output);
    assert_eq!(plugin["callback"]["path"], "/oauth2/callback");
    let provider = &plugin["providers"][0];
    assert_eq!(provider["clientId"], "kubeflow-oidc-authservice");
    assert_eq!(
        provider["authorizationEndpoint"],
        "https://ml.example.com/dex/auth"
    );
    assert_eq!(
        provider["tokenEndpoint"],
        "http://dex.auth.svc.cluster.local:5556/dex/token"
    );
    assert_eq!(
        plugin["skip"],
        json!([{ "prefix": "/dex" }, { "exact": "/healthz", "methods": ["GET"] }])
    );
    assert_eq!(plugin["apiPaths"], json!(["/ml_metadata"]));
    assert_eq!(plugin["access"], json!([{ "groups": ["data", "ml"] }]));
    let issuer = &plugin["bearer"]["issuers"][0];
    assert_eq!(
        issuer["issuer"],
        "https://kubernetes.default.svc.cluster.local"
    );
    assert!(
        issuer["jwks"].as_str().unwrap().contains("\"keys\""),
        "{issuer}"
    );
    let mut recording = Recording::with(Vec::new());
    recording.add("kfwasm migrate ml --host ml.example.com", &told(&output));
    recording.stands_in("take-over.txt");
    let all = everywhere(folder.path(), &output);
    assert!(!all.contains("never shown") && !all.contains("pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok"));
    Ok(())
}

#[test]
fn where_nothing_signs_people_in_there_is_nothing_to_take_over() -> Shown {
    let cluster = cluster(ISTIO)?;
    let output = migrate(&cluster, TempDir::new().unwrap().path(), &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    is_recorded("nothing-to-migrate", "kfwasm migrate ml", &output);
    Ok(())
}

/// What a release of Kubeflow has installed.
pub(crate) fn there_is(cluster: &Cluster, file: &str) -> Result<(), RigError> {
    gateway(cluster)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/migrating");
    for object in objects(&folder.join(file))? {
        cluster.api().apply(&object)?;
    }
    Ok(())
}

fn migrate(cluster: &Cluster, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = kfwasm(cluster, folder);
    command.args(["migrate", "ml"]).args(arguments);
    command.output().unwrap()
}

/// The configuration of the plugin that was written.
fn plugin(folder: &Path, output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", told(output));
    let text = fs::read_to_string(folder.join("ml/kfwasm.yaml")).unwrap();
    let settings: Value = serde_saphyr::from_str(&text).unwrap();
    settings["plugin"].clone()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &said(output)
}

fn everywhere(folder: &Path, output: &Output) -> String {
    told(output) + &fs::read_to_string(folder.join("ml/kfwasm.yaml")).unwrap()
}
