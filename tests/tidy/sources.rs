//! The files of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

/// A file of the repository.
pub(crate) struct Source {
    /// Its path from the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Every text file that git tracks or would.
pub(crate) fn all() -> Vec<Source> {
    let listing = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let output = Command::new("git")
        .current_dir(root())
        .args(listing)
        .output();
    let names = output.map(|output| output.stdout).unwrap_or_default();
    let names = names
        .split(|byte| *byte == 0)
        .filter_map(|name| str::from_utf8(name).ok());
    let sources: Vec<Source> = names.filter_map(source).collect();
    assert!(
        !sources.is_empty(),
        "git lists no files: is this a clone, and is git installed?"
    );
    sources
}

/// Those of them that are Rust.
pub(crate) fn rust() -> impl Iterator<Item = Source> {
    all()
        .into_iter()
        .filter(|source| source.path.ends_with(".rs"))
}

fn source(path: &str) -> Option<Source> {
    // What is listed but deleted, or no text, is none.
    let text = fs::read_to_string(root().join(path)).ok()?;
    Some(Source {
        path: path.to_owned(),
        text,
    })
}
