use crate::sources;

/// What gives a call to the host away.
const MARKS: [&str; 2] = ["hostcalls::", "extern \"C\""];

#[test]
fn host_calls_appear_in_one_file_of_the_filter() {
    let calls = |text: &str| MARKS.iter().any(|mark| text.contains(mark));
    let callers =
        sources::rust().filter(|source| source.path.starts_with("filters/") && calls(&source.text));
    let callers: Vec<_> = callers.map(|source| source.path).collect();
    assert!(
        callers.len() <= 1,
        "{callers:?}: move the host calls into one of them"
    );
}

#[test]
fn the_crates_below_the_filter_know_nothing_of_its_host() {
    let below = |path: &str| {
        path.starts_with("crates/kfwasm-oidc/") || path.starts_with("crates/kfwasm-config/")
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
