use crate::sources;

/// What gives a call to the host away.
const CALLS: [&str; 2] = ["hostcalls::", "link(wasm_import_module"];
/// What gives away a function that the host calls.
const EVENTS: [&str; 1] = ["fn proxy_on_"];

#[test]
fn the_functions_of_the_host_are_declared_in_one_file_of_the_filter() {
    assert_eq!(files_with(&CALLS), ["filters/oidc/src/host_calls.rs"]);
}

#[test]
fn the_host_calls_functions_of_one_file_of_the_filter() {
    assert_eq!(files_with(&EVENTS), ["filters/oidc/src/host_events.rs"]);
}

fn files_with(marks: &[&str]) -> Vec<String> {
    let marked = |text: &str| marks.iter().any(|mark| text.contains(mark));
    let files = sources::rust()
        .filter(|source| source.path.starts_with("filters/") && marked(&source.text));
    files.map(|source| source.path).collect()
}

#[test]
fn the_crates_below_the_filter_know_nothing_of_its_host() {
    let below = |path: &str| {
        let crates = ["config", "head", "oidc", "seal"];
        crates
            .map(|name| format!("crates/kfwasm-{name}/"))
            .iter()
            .any(|it| path.starts_with(it))
    };
    let names_host = |source: &sources::Source| source.text.contains(concat!("proxy", "_wasm"));
    let found: Vec<_> = sources::all()
        .into_iter()
        .filter(|s| below(&s.path) && names_host(s))
        .map(|s| s.path)
        .collect();
    assert!(
        found.is_empty(),
        "{found:?}: what they do must not depend on where they run"
    );
}
