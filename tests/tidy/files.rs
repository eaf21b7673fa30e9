use std::path::Path;

use crate::sources;

const LONGEST: usize = 400;
/// Names that tell nothing about what is in a file.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "common", "misc", "types"];

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    let lengths = sources::rust().map(|source| (source.path, source.text.lines().count()));
    let long: Vec<_> = lengths.filter(|(_, lines)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "split {long:?} by what their parts define");
}

#[test]
fn every_file_is_named_after_what_it_defines() {
    let paths = sources::rust().map(|source| source.path);
    let vague: Vec<_> = paths
        .filter(|path| Path::new(path).iter().any(is_empty_name))
        .collect();
    assert!(
        vague.is_empty(),
        "name {vague:?} after the one thing that each defines"
    );
}

fn is_empty_name(part: &std::ffi::OsStr) -> bool {
    let part = part.to_string_lossy();
    EMPTY_NAMES.contains(&part.trim_end_matches(".rs"))
}
