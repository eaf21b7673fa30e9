//! What `kfwasm build` writes is taken by a real API server, with the definitions of several versions of Istio.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use kfwasm_cluster_rig::Cluster;
use kfwasm_rig::{RigError, wait_until};
use serde_json::{Value, json};

use crate::stage::{ISTIO, Shown, cluster, gateway};

const PATIENCE: Duration = Duration::from_secs(60);
const PLUGINS: &str =
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/wasmplugins.extensions.istio.io";

#[test]
fn istio_1_24_takes_what_is_built() -> Shown {
    is_taken_by("1.24.2")
}

#[test]
fn istio_1_24_refuses_what_is_built_for_a_newer_one() -> Shown {
    let cluster = cluster("1.24.2")?;
    let plugin = plugin_for("1.31.4");
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
    let cluster = cluster(ISTIO)?;
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

/// Whose WasmPlugin has no `failStrategy`, which is why the API server would refuse it: Kubeflow 1.6 to 1.8.
#[test]
fn istio_1_17_takes_what_is_built() -> Shown {
    let cluster = cluster("1.24.2")?;
    let definition = cluster.api().get(PLUGINS)?;
    let mut versions = definition["spec"]["versions"].clone();
    let spec = &mut versions[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"];
    for newer in ["failStrategy", "type", "targetRef", "targetRefs"] {
        spec.as_object_mut().unwrap().remove(newer);
    }
    // They speak of fields that are gone.
    let rules = "x-kubernetes-validations";
    let spec = &mut versions[0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    spec.as_object_mut().unwrap().remove(rules);
    let older = json!({ "spec": { "versions": versions } });
    cluster.api().merge(PLUGINS, &older)?;
    let plugin = plugin_for("1.24.2");
    wait_until("the older definition to be in force", PATIENCE, || {
        let refused = cluster.api().apply_as("kfwasm", &plugin).err()?;
        refused.message.contains("failStrategy").then_some(())
    })?;
    takes(&cluster, "1.17.3")
}

fn is_taken_by(istio: &str) -> Shown {
    takes(&cluster(istio)?, istio)
}

fn takes(cluster: &Cluster, istio: &str) -> Shown {
    for overlay in overlays(istio) {
        gateway(cluster)?;
        for object in built(&overlay, istio) {
            let taken = cluster.api().apply_as("kfwasm", &object);
            taken.map_err(|refused| refused_as(&object, &overlay, &refused.to_string()))?;
        }
    }
    Ok(())
}

fn plugin_for(istio: &str) -> Value {
    let objects = built("any-provider", istio).into_iter();
    let mut plugins = objects.filter(|object| object["kind"] == "WasmPlugin");
    plugins.next().unwrap()
}

/// Those that are for this version.
fn overlays(istio: &str) -> impl Iterator<Item = String> {
    let folders = fs::read_dir(deploy().join("overlays")).unwrap();
    let names = folders.map(|folder| folder.unwrap().file_name().into_string().unwrap());
    let is_old = ["1.17.3", "1.24.2"].contains(&istio);
    names.filter(move |overlay| !is_old || overlay != "traffic-extension")
}

fn refused_as(object: &Value, overlay: &str, refusal: &str) -> RigError {
    let what = format!("{} {}", object["kind"], object["metadata"]["name"]);
    RigError::UnexpectedAnswer {
        from: format!("the API server, about {what} of {overlay},"),
        what: refusal.to_owned(),
    }
}

/// The objects that `kfwasm build` prints for an overlay's settings and this version of Istio, whichever they name.
pub(crate) fn built(overlay: &str, istio: &str) -> Vec<Value> {
    let settings = deploy().join("overlays").join(overlay).join("kfwasm.yaml");
    let settings = fs::read_to_string(settings).unwrap();
    let for_any = settings.lines().filter(|line| !line.starts_with("istio:"));
    let settings = for_any.collect::<Vec<_>>().join("\n");
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
