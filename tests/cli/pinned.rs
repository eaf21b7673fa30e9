use crate::programs::built;

/// By the digest of what lies beside it, so that a change of either shows.
#[test]
fn a_mounted_module_is_pinned_by_its_digest() {
    let work = tempfile::tempdir().unwrap();
    let objects = built(work.path());
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
