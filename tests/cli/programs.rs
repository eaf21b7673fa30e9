//! The programs that `cargo xtask test cli` names.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// `kfwasm`, with the module in it.
pub(crate) fn kfwasm() -> Command {
    let mut command = named("KFWASM");
    command.env_remove("KF_NAME");
    command
}

/// An OCI registry.
pub(crate) fn registry() -> PathBuf {
    path("REGISTRY")
}

/// The objects of an installation `ml` that is built in a folder.
pub(crate) fn built(folder: &Path) -> Vec<Value> {
    let made = [
        "build",
        "ml",
        "--host",
        "203.0.113.10",
        "--client-id",
        "kubeflow",
    ];
    let provider = ["--issuer", "https://id.example.com"];
    output(kfwasm().current_dir(folder).args(made).args(provider));
    let printed = output(
        kfwasm()
            .current_dir(folder)
            .args(["build", "ml", "-o", "yaml"]),
    );
    objects(&printed)
}

/// What kustomize makes of a folder.
pub(crate) fn kustomize(folder: &Path) -> Vec<Value> {
    objects(&output(named("KUSTOMIZE").arg("build").arg(folder)))
}

/// A program's output; its complaint is the test's.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

/// The objects in a text, sorted by what identifies them.
pub(crate) fn objects(yaml: &str) -> Vec<Value> {
    let mut objects: Vec<Value> = serde_saphyr::from_multiple(yaml).unwrap();
    objects.iter_mut().for_each(unwrap_lines);
    objects.sort_by_key(|object| {
        ["/kind", "/metadata/namespace", "/metadata/name"]
            .map(|place| object.pointer(place).map(Value::to_string))
    });
    objects
}

/// kustomize breaks long base64 into lines.
fn unwrap_lines(object: &mut Value) {
    let data = object
        .pointer_mut("/binaryData")
        .and_then(Value::as_object_mut);
    for (_, value) in data.into_iter().flatten() {
        *value = value.as_str().unwrap().replace('\n', "").into();
    }
}

pub(crate) fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

fn named(variable: &str) -> Command {
    Command::new(path(variable))
}

fn path(variable: &str) -> PathBuf {
    match env::var_os(variable) {
        Some(program) => PathBuf::from(program),
        None => panic!("{variable} is not set: run `cargo xtask test cli`"),
    }
}
