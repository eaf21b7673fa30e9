use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;

use serde_json::Value;

use crate::sources::root;

/// What each crate of the workspace may depend on in the workspace. Nothing depends on `xtask`, the benches, the tests.
const ALLOWED: [(&str, &[&str]); 15] = [
    ("kfwasm-cli", &["kfwasm-config"]),
    ("kfwasm-cluster-rig", &["kfwasm-rig"]),
    ("kfwasm-config", &[]),
    ("kfwasm-head", &["kfwasm-config"]),
    ("kfwasm-module-host", &["kfwasm-config", "kfwasm-oidc"]),
    (
        "kfwasm-oidc",
        &["kfwasm-config", "kfwasm-head", "kfwasm-seal"],
    ),
    ("kfwasm-seal", &[]),
    ("kfwasm-filter", &["kfwasm-config", "kfwasm-oidc"]),
    ("kfwasm-fuzz", &["kfwasm-config", "kfwasm-oidc"]),
    ("kfwasm-rig", &[]),
    (
        "kfwasm-bench",
        &["kfwasm-config", "kfwasm-oidc", "kfwasm-rig"],
    ),
    ("kfwasm-empty-filter", &[]),
    (
        "xtask",
        &["kfwasm-cluster-rig", "kfwasm-config", "kfwasm-rig"],
    ),
    (
        "kfwasm-tests",
        &[
            "kfwasm-cluster-rig",
            "kfwasm-config",
            "kfwasm-oidc",
            "kfwasm-rig",
        ],
    ),
    (
        "kfwasm-benches",
        &[
            "kfwasm-bench",
            "kfwasm-cluster-rig",
            "kfwasm-config",
            "kfwasm-module-host",
            "kfwasm-oidc",
            "kfwasm-rig",
        ],
    ),
];

#[test]
fn dependencies_between_the_crates_point_one_way() {
    let workspace = workspace();
    let crates: BTreeSet<_> = workspace.keys().map(String::as_str).collect();
    let known: BTreeSet<_> = ALLOWED.iter().map(|(name, _)| *name).collect();
    assert_eq!(crates, known, "give every crate its place in ALLOWED");
    for (name, allowed) in ALLOWED {
        let foreign = |other: &&String| !allowed.contains(&other.as_str());
        let foreign: Vec<_> = workspace[name].iter().filter(foreign).collect();
        assert!(foreign.is_empty(), "{name} must not depend on {foreign:?}");
    }
}

/// The crates of the workspace, each with those that it depends on, also for its tests.
fn workspace() -> BTreeMap<String, Vec<String>> {
    let metadata = metadata();
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    packages
        .map(|package| (text(package, "name"), local_dependencies(package)))
        .collect()
}

fn metadata() -> Value {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = [
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
    ];
    let output = Command::new(cargo).current_dir(root()).args(args).output();
    serde_json::from_slice(&output.map(|output| output.stdout).unwrap_or_default())
        .unwrap_or_default()
}

fn local_dependencies(package: &Value) -> Vec<String> {
    let all = package
        .get("dependencies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    all.filter(|dependency| dependency.get("path").is_some())
        .map(|dependency| text(dependency, "name"))
        .collect()
}

fn text(value: &Value, field: &str) -> String {
    value
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
