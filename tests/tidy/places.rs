use crate::sources::{self, Source};

/// Folders that exist on somebody's machine only. In parts, so that this file does not name them itself.
const MACHINE_PATHS: [&str; 4] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
];
const REGISTRY_HOSTS: [&str; 6] = [
    concat!("crates", ".io"),
    concat!("registry.npm", "js.org"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("proxy.go", "lang.org"),
    concat!("deb.deb", "ian.org"),
];

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    refuse(&MACHINE_PATHS, "say it from the repository's root");
}

#[test]
fn no_file_names_the_host_of_a_package_registry() {
    refuse(
        &REGISTRY_HOSTS,
        "the registries' clients know where they are",
    );
}

fn refuse(marks: &[&str], advice: &str) {
    let named = |source: &Source| marks.iter().any(|mark| source.text.contains(mark));
    let found: Vec<_> = sources::all()
        .into_iter()
        .filter(|s| !is_lock_file(&s.path) && named(s))
        .map(|s| s.path)
        .collect();
    assert!(found.is_empty(), "{found:?}: {advice}");
}

/// They are written by tools that need the addresses.
fn is_lock_file(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.ends_with("package-lock.json") || path.ends_with("go.sum")
}
