use crate::programs::{kfwasm, objects, output};

/// By the digest of what lies beside it, so that a change of either shows.
#[test]
fn a_mounted_module_is_pinned_by_its_digest() {
    let work = tempfile::tempdir().unwrap();
    let made = [
        "build",
        "ml",
        "--host",
        "203.0.113.10",
        "--client-id",
        "kubeflow",
    ];
    let provider = ["--issuer", "https://id.example.com"];
    output(kfwasm().current_dir(work.path()).args(made).args(provider));
    let printed = output(
        kfwasm()
            .current_dir(work.path())
            .args(["build", "ml", "-o", "yaml"]),
    );
    let objects = objects(&printed);
    let of = |kind: &str| {
        objects
            .iter()
            .find(|object| object["kind"] == kind)
            .unwrap()
    };
    let started = &of("Deployment")["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(
        of("WasmPlugin")["spec"]["sha256"],
        started["kfwasm.io/module"]
    );
    assert_eq!(started["kfwasm.io/module"].as_str().unwrap().len(), 64);
}
