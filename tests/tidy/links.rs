//! Documents lead to what is there.

use std::path::Path;

use crate::sources::{Source, all, root};

/// What a path of this repository begins with.
const FOLDERS: [&str; 6] = [
    "benches/", "crates/", "deploy/", "docs/", "filters/", "tests/",
];

#[test]
fn every_relative_link_leads_to_a_file() {
    let (mut broken, mut seen) = (Vec::new(), 0);
    for document in documents() {
        let folder = root().join(folder_of(&document.path));
        for link in links(&document.text) {
            seen += 1;
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !folder.join(file).exists() {
                broken.push(format!("{}: {link}", document.path));
            }
        }
    }
    assert!(seen > 10, "only {seen} links were found");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in documents() {
        for name in named_files(&document.text) {
            if !root().join(name).exists() {
                missing.push(format!("{}: {name}", document.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_decision_is_listed_by_its_title() {
    const FOLDER: &str = "docs/decisions/";
    let list = documents().find(|it| it.path == "docs/decisions/README.md");
    let list = list.unwrap().text;
    let is_decision = |it: &Source| it.path.starts_with(FOLDER) && it.text.starts_with("# 0");
    let decisions: Vec<Source> = documents().filter(is_decision).collect();
    assert!(decisions.len() > 30, "{}", decisions.len());
    for decision in decisions {
        let title = decision.text.lines().next().unwrap_or_default();
        let (number, title) = title.trim_start_matches("# ").split_once(": ").unwrap();
        let file = decision.path.strip_prefix(FOLDER).unwrap_or_default();
        let line = format!("- [{number}]({file}): {title}\n");
        assert!(list.contains(&line), "the list has no {line}");
    }
}

#[test]
fn links_and_files_are_found_in_a_text() {
    let text =
        "See [a](b.md#c), [d](https://example.com) and `docs/x.md`, `tests/e2e::y`, `docs/*.md`.";
    assert_eq!(links(text).collect::<Vec<_>>(), ["b.md#c"]);
    assert_eq!(named_files(text).collect::<Vec<_>>(), ["docs/x.md"]);
}

fn folder_of(path: &str) -> &Path {
    Path::new(path).parent().unwrap_or(Path::new(""))
}

fn documents() -> impl Iterator<Item = Source> {
    all()
        .into_iter()
        .filter(|source| source.path.ends_with(".md"))
}

/// The targets of links that are no addresses.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.contains(' '))
}

/// What stands in backticks and is a path from the root, word for word.
fn named_files(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_path = |it: &&str| {
        let plain = !it.contains([' ', '*', ':', '<', '{', '[', '\n']);
        plain && FOLDERS.iter().any(|folder| it.starts_with(folder))
    };
    quoted.filter(is_path)
}
