use std::fs;

use serde_json::Value;

use crate::programs::{built, deploy, kfwasm, kustomize, objects, output};

const OVERLAYS: [&str; 9] = [
    "any-provider",
    "dex",
    "entra-dns",
    "entra-ip",
    "id-token",
    "older-istio",
    "restricted-egress",
    "traffic-extension",
    "without-envoyfilter",
];

#[test]
fn every_overlay_is_tested() {
    let folders = fs::read_dir(deploy().join("overlays")).unwrap();
    let mut names: Vec<_> = folders.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, OVERLAYS);
}

#[test]
fn kustomize_and_kfwasm_make_the_same_objects_of_each_overlay() {
    for overlay in OVERLAYS {
        let folder = deploy().join("overlays").join(overlay);
        let file = folder.join("kfwasm.yaml");
        let built = output(kfwasm().arg("build").args(["-o", "yaml", "-f"]).arg(file));
        let (built, wanted) = (objects(&built), kustomize(&folder));
        assert_same(&built, &wanted);
    }
}

#[test]
fn kustomize_reads_the_built_directory_with_the_module_in_it() {
    let work = tempfile::tempdir().unwrap();
    let (printed, wanted) = (
        built(work.path()),
        kustomize(&work.path().join("ml/manifests")),
    );
    assert_same(&printed, &wanted);
}

fn assert_same(built: &[Value], wanted: &[Value]) {
    assert_eq!(names(built), names(wanted));
    for (name, (built, wanted)) in names(built).iter().zip(built.iter().zip(wanted)) {
        assert!(built == wanted, "kfwasm and kustomize differ in {name}");
    }
}

fn names(objects: &[Value]) -> Vec<String> {
    let name = |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]);
    objects.iter().map(name).collect()
}
