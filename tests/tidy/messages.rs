//! Whatever the program says is recorded somewhere as it is printed, so that nobody changes it without looking.
//!
//! A message is a text of the program's sources with two words or more; what is filled in does not count.

use crate::sources::{Source, all};
use crate::unrecorded::UNRECORDED;

/// Where what is printed is kept whole, by the ends of paths.
const RECORDINGS: [&str; 4] = [".trycmd", ".out/", "/recorded/", "docs/recordings/"];
/// Tests that compare whatever the program prints with what they say themselves.
const COMPARING: [&str; 3] = [
    "crates/kfwasm-cli/tests/login/",
    "crates/kfwasm-cli/tests/push/",
    "crates/kfwasm-cli/tests/shell_and_kubectl.rs",
];
/// Texts that are not printed: objects of the cluster, which tests compare with kustomize's.
const NOT_PRINTED: [&str; 2] = ["/src/render", "/src/deploy.rs"];
/// Sources of unit tests alone.
const UNIT_TESTS: [&str; 2] = ["/tests.rs", "/documented.rs"];

#[test]
fn every_message_of_the_program_is_recorded() {
    let sources = all();
    let recorded = recorded(&sources);
    let missing: Vec<_> = messages(&sources)
        .filter(|(_, message)| !recorded.contains(message.as_str()) && !is_excused(message))
        .map(|(path, message)| format!("{path}: {message}"))
        .collect();
    assert!(
        missing.is_empty(),
        "no test records what is printed here (TRYCMD=overwrite records it):\n{}",
        missing.join("\n")
    );
}

#[test]
fn what_is_excused_from_being_recorded_is_a_message_that_nothing_records() {
    let sources = all();
    let recorded = recorded(&sources);
    let messages: Vec<_> = messages(&sources).map(|(_, message)| message).collect();
    for (_, excused) in UNRECORDED {
        for message in *excused {
            assert!(!recorded.contains(message), "recorded now: {message}");
            assert!(messages.iter().any(|it| it == message), "gone: {message}");
        }
    }
}

#[test]
fn a_message_is_found_in_whatever_form_it_is_written() {
    let source = "//! \"not this one\"\nlet b = b\"nor bytes\";\nlet a = \"one \\\n    line\"; // \"nor this one\"\nlet b = ('\"', \"half {x:?} and half\\n    \\\"advice\\\" too\");\n\
                  let c = \"single\";\n#[cfg(test)]\nmod tests { \"of a test\" }\n";
    let wanted = ["one line", "half", "and half \"advice\" too", "single"];
    let found: Vec<_> = texts(source).iter().flat_map(|it| parts(it)).collect();
    assert_eq!(found, wanted);
}

fn is_excused(message: &str) -> bool {
    UNRECORDED
        .iter()
        .any(|(_, excused)| excused.contains(&message))
}

/// Everything that is recorded, as one text.
fn recorded(sources: &[Source]) -> String {
    let is_recording = |it: &&Source| RECORDINGS.iter().any(|part| it.path.contains(part));
    let printed = sources
        .iter()
        .filter(is_recording)
        .map(|it| words(&it.text));
    let compares = |it: &&Source| COMPARING.iter().any(|folder| it.path.starts_with(folder));
    let compared = sources
        .iter()
        .filter(compares)
        .flat_map(|it| texts(&it.text));
    printed
        .chain(compared.map(|it| words(&it)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The messages of the program, each with the file that it is in.
fn messages(sources: &[Source]) -> impl Iterator<Item = (&str, String)> {
    let prints = |it: &&Source| {
        it.path.starts_with("crates/kfwasm-cli/src/")
            && it.path.ends_with(".rs")
            && !UNIT_TESTS.iter().any(|end| it.path.ends_with(end))
            && !NOT_PRINTED.iter().any(|part| it.path.contains(part))
    };
    sources.iter().filter(prints).flat_map(|source| {
        let parts = texts(&source.text)
            .into_iter()
            .flat_map(|text| parts(&text));
        let is_message = |it: &String| it.contains(' ') && it.contains(char::is_alphabetic);
        let messages = parts.filter(is_message).collect::<Vec<_>>();
        messages
            .into_iter()
            .map(|message| (source.path.as_str(), message))
    })
}

/// The texts of a source, without those of comments and of unit tests.
fn texts(source: &str) -> Vec<String> {
    let source = source
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let source = source.replace("'\"'", "' '").replace("'\\\"'", "' '");
    let mut texts = Vec::new();
    let mut rest = source.as_str();
    while let Some(place) = rest.find(['"', '/']) {
        let (before, from) = rest.split_at(place);
        if let Some(comment) = from.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(from) = from.strip_prefix('"') {
            let (text, after) = text(from);
            // Bytes are no text.
            texts.extend((!before.ends_with('b')).then_some(text));
            rest = after;
        } else {
            rest = from.get(1..).unwrap_or_default();
        }
    }
    texts
}

/// A text up to its closing quotation mark, as it is when the program runs; and what comes after it.
fn text(source: &str) -> (String, &str) {
    let mut text = String::new();
    let mut letters = source.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return (text, source.get(place + 1..).unwrap_or_default()),
            '\\' => match letters.next() {
                Some((_, letter @ ('"' | '\\'))) => text.push(letter),
                // A line that goes on, the end of a line, a tab: each is a blank here.
                _ => text.push(' '),
            },
            letter => text.push(letter),
        }
    }
    (text, "")
}

/// What stands between what is filled in, each with single blanks.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
    while let Some((before, after)) = rest.split_once('{') {
        let after = after
            .split_once('}')
            .map_or("", |(_, after)| after)
            .to_owned();
        parts.push(before.to_owned());
        rest = after;
    }
    parts.push(rest);
    let parts = parts
        .iter()
        .map(|it| words(&it.replace('\u{1}', "{").replace('\u{2}', "}")));
    parts.filter(|part| !part.is_empty()).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
