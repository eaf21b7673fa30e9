//! Every command line of kfwasm that a document shows is one that it takes.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::Kfwasm;

/// The folders and files with documents, from the repository's root.
const DOCUMENTS: [&str; 2] = ["README.md", "docs"];

#[test]
fn every_documented_command_line_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = DOCUMENTS
        .iter()
        .flat_map(|place| documents(&root.join(place)));
    let mut seen = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for line in command_lines(&text) {
            seen += 1;
            let refused = Kfwasm::command().try_get_matches_from(words(&line)).err();
            let refused = refused.filter(|it| !is_mentioned(&line, it.kind()));
            assert!(
                refused.is_none(),
                "{}: {line}\n{}",
                file.display(),
                refused.unwrap()
            );
        }
    }
    assert!(seen > 20, "only {seen} command lines were found");
}

#[test]
fn command_lines_are_found_in_fences_and_in_sentences() {
    let text = "Run `kfwasm doctor`, not `kfwasm`.\n```\n$ kfwasm build ml \\\n    --host 'a b' # why\nkfwasm is\n    kfwasm apply | cat\n```\n\
        As kfwasm does.\n";
    assert_eq!(
        command_lines(text),
        [
            "kfwasm doctor",
            "kfwasm build ml     --host 'a b'",
            "kfwasm apply"
        ]
    );
    assert_eq!(
        words("kfwasm build --host 'a b' \"c d\""),
        ["kfwasm", "build", "--host", "a b", "c d"]
    );
}

/// A command that is asked for help, or only named: what it needs is left out then.
fn is_mentioned(line: &str, kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            !line.contains(" -") && words(line).len() <= 3
        }
        _ => false,
    }
}

fn documents(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = fs::read_dir(place)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|path| {
            if path.is_dir() {
                documents(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    found.sort();
    found
}

/// `kfwasm …` between backticks, and lines of code blocks that begin with it (and with a command, not a verb).
fn command_lines(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", "");
    let (mut found, mut in_fence) = (Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if in_fence || line.starts_with("    ") {
            let line = line.trim().trim_start_matches("$ ");
            found.extend(Some(line).filter(|it| is_command(it)).map(str::to_owned));
        } else {
            let quoted = line.split('`').skip(1).step_by(2);
            found.extend(quoted.filter(|it| is_command(it)).map(str::to_owned));
        }
    }
    found.iter().map(|line| without_the_rest(line)).collect()
}

fn is_command(line: &str) -> bool {
    let mut words = line.split(' ');
    let known = |word: &str| {
        let command = Kfwasm::command();
        word.starts_with('-') || command.find_subcommand(word).is_some()
    };
    words.next() == Some("kfwasm") && words.next().is_some_and(known)
}

/// Without comments, pipes, and what stands for more.
fn without_the_rest(line: &str) -> String {
    let ends = [" #", " |", " >", " <", " &&", ";", "…"];
    let end = ends.iter().filter_map(|end| line.find(end)).min();
    line.get(..end.unwrap_or(line.len()))
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// As a shell splits them: by spaces, but not in quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for character in line.chars() {
        match (character, quote) {
            ('\'' | '"', None) => quote = Some(character),
            (it, Some(open)) if it == open => quote = None,
            (' ', None) => {
                words.extend(Some(std::mem::take(&mut word)).filter(|it| !it.is_empty()))
            }
            (it, _) => word.push(it),
        }
    }
    words.extend(Some(word).filter(|it| !it.is_empty()));
    words
}
