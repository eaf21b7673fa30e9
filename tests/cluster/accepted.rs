//! What `kfwasm build` writes is taken by a real API server, with the definitions of several versions of Istio.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use kfwasm_rig::RigError;
use serde_json::Value;

use crate::stage::{Shown, cluster, gateway};

const OVERLAYS: [&str; 8] = [
    "any-provider",
    "dex",
    "entra-dns",
    "entra-ip",
    "id-token",
    "restricted-egress",
    "traffic-extension",
    "without-envoyfilter",
];

#[test]
fn istio_1_24_takes_what_is_built() -> Shown {
    is_taken_by("1.24.2")
}

#[test]
fn istio_1_24_refuses_what_is_built_for_a_newer_one() -> Shown {
    let cluster = cluster("1.24.2")?;
    let plugin = built("any-provider", "1.31.4")
        .into_iter()
        .find(|object| object["kind"] == "WasmPlugin")
        .unwrap();
    let refused = cluster.api().apply_as("kfwasm", &plugin).unwrap_err();
    assert!(refused.message.contains("FAIL_RELOAD"), "{refused}");
    Ok(())
}

#[test]
fn istio_1_30_takes_what_is_built() -> Shown {
    is_taken_by("1.30.8")
}

#[test]
fn istio_1_31_takes_what_is_built() -> Shown {
    is_taken_by("1.31.4")
}

#[test]
fn a_field_that_istio_does_not_know_is_refused() -> Shown {
    let cluster = cluster("1.31.4")?;
    let mut objects = built("any-provider", "1.31.4");
    let plugin = objects
        .iter_mut()
        .find(|object| object["kind"] == "WasmPlugin");
    let plugin = plugin.unwrap();
    plugin["spec"]["faillStrategy"] = "FAIL_CLOSE".into();
    let refused = cluster.api().apply_as("kfwasm", plugin).unwrap_err();
    assert!(refused.message.contains("faillStrategy"), "{refused}");
    Ok(())
}

fn is_taken_by(istio: &str) -> Shown {
    let cluster = cluster(istio)?;
    for overlay in overlays(istio) {
        gateway(&cluster)?;
        for object in built(overlay, istio) {
            let taken = cluster.api().apply_as("kfwasm", &object);
            taken.map_err(|refused| refused_as(&object, overlay, &refused.to_string()))?;
        }
    }
    Ok(())
}

/// Those that are for this version.
fn overlays(istio: &str) -> impl Iterator<Item = &'static str> {
    let is_old = istio == "1.24.2";
    let is_for = move |overlay: &&str| !is_old || *overlay != "traffic-extension";
    OVERLAYS.into_iter().filter(is_for)
}

fn refused_as(object: &Value, overlay: &str, refusal: &str) -> RigError {
    let what = format!("{} {}", object["kind"], object["metadata"]["name"]);
    RigError::UnexpectedAnswer {
        from: format!("the API server, about {what} of {overlay},"),
        what: refusal.to_owned(),
    }
}

/// The objects that `kfwasm build` prints for an overlay's settings and this version of Istio.
pub(crate) fn built(overlay: &str, istio: &str) -> Vec<Value> {
    let settings = deploy().join("overlays").join(overlay).join("kfwasm.yaml");
    let settings = fs::read_to_string(settings).unwrap();
    let (minor, _) = istio.rsplit_once('.').unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("istio: \"{minor}\"\n{settings}")).unwrap();
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    let command = command
        .env_remove("KF_NAME")
        .args(["build", "-o", "yaml", "-f"])
        .arg(file.path());
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    serde_saphyr::from_slice_multiple(&output.stdout).unwrap()
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}
