//! Documents that say which tests show something name tests that are there.

use std::collections::BTreeSet;

use crate::sources::{Source, all};

/// Documents that name tests, as `suite/file::test`.
const DOCUMENTS: [&str; 2] = ["docs/threat-model.md", "docs/verified.md"];

/// Suites, and where their files are.
const SUITES: [(&str, &str); 14] = [
    ("api", "crates/kfwasm-cli/tests/api"),
    ("attack", "crates/kfwasm-oidc/tests/attack"),
    ("cli", "tests/cli"),
    ("cluster", "tests/cluster"),
    ("config", "crates/kfwasm-config/tests/config"),
    ("core", "crates/kfwasm-oidc/src"),
    ("e2e", "tests/e2e"),
    ("flow", "crates/kfwasm-oidc/tests/flow"),
    ("id_token", "crates/kfwasm-oidc/tests/id_token"),
    ("login", "crates/kfwasm-cli/tests/login"),
    ("module", "crates/kfwasm-module-host/tests/module"),
    ("program", "crates/kfwasm-cli/src"),
    ("push", "crates/kfwasm-cli/tests/push"),
    ("tidy", "tests/tidy"),
];

#[test]
fn every_test_that_a_document_names_is_there() {
    let sources = all();
    let tests = tests(&sources);
    for document in documents(&sources) {
        let named = named(&document.text);
        assert!(!named.is_empty(), "{} names no test", document.path);
        let missing: Vec<_> = named
            .iter()
            .filter(|name| !tests.contains(**name))
            .collect();
        assert!(missing.is_empty(), "{} names {missing:?}", document.path);
    }
}

/// A row without a test says so in words.
#[test]
fn every_row_names_a_test_or_says_that_there_is_none() {
    let sources = all();
    for document in documents(&sources) {
        let rows = rows(&document.text);
        assert!(!rows.is_empty(), "{} has no table of tests", document.path);
        let admits = |row: &&&str| row.contains("not yet") || row.contains("no test");
        let silent: Vec<_> = rows
            .iter()
            .filter(|row| named(row).is_empty() && !admits(row))
            .collect();
        assert!(silent.is_empty(), "{}: {silent:#?}", document.path);
    }
}

/// The rows of the tables whose last column says what shows them.
fn rows(text: &str) -> Vec<&str> {
    let tables = text.split("\n\n").filter(|block| {
        let head = block.lines().next();
        head.is_some_and(|line| line.ends_with("| shown by |"))
    });
    tables.flat_map(|table| table.lines().skip(2)).collect()
}

fn documents(sources: &[Source]) -> impl Iterator<Item = &Source> {
    let is_one = |source: &&Source| DOCUMENTS.contains(&source.path.as_str());
    let found: Vec<_> = sources.iter().filter(is_one).collect();
    assert_eq!(found.len(), DOCUMENTS.len(), "a document is gone");
    found.into_iter()
}

/// What stands in backticks and has the form of a test's name.
fn named(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|it| it.contains("::") && it.contains('/'))
        .collect()
}

fn tests(sources: &[Source]) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for source in sources {
        for (suite, folder) in SUITES {
            let file = source
                .path
                .strip_prefix(folder)
                .and_then(|it| it.strip_suffix(".rs"));
            if let Some(file) = file {
                tests.extend(functions(&source.text).map(|name| format!("{suite}{file}::{name}")));
            }
        }
    }
    tests
}

/// The functions that are marked as tests.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[test]\n").skip(1).filter_map(|rest| {
        let (_, from_name) = rest.split_once("fn ")?;
        from_name.split('(').next()
    })
}
