//! Documents that explain the code name what is there.

use crate::sources::{Source, all};

/// The map, and the decisions with their list.
const MAP: &str = "ARCHITECTURE.md";
const DECISIONS: &str = "docs/decisions/";

/// Crates of others, of which nothing is looked up here.
const OF_OTHERS: [&str; 1] = ["serde_json"];

#[test]
fn all_code_that_the_map_and_the_decisions_name_is_there() {
    let sources = all();
    let explains = |it: &&Source| it.path == MAP || it.path.starts_with(DECISIONS);
    let (mut missing, mut seen) = (Vec::new(), 0);
    for document in sources.iter().filter(explains) {
        let types_too = document.path == MAP;
        for (line, name) in names(&document.text, types_too) {
            seen += 1;
            if !is_there(name, &sources) {
                missing.push(format!("{}:{line}: `{name}`", document.path));
            }
        }
    }
    assert!(seen > 80, "only {seen} names were found");
    assert!(
        missing.is_empty(),
        "no code has these names: write those that it has now (or their crate into `OF_OTHERS`)\n{missing:#?}"
    );
}

#[test]
fn names_of_code_are_found_in_a_text() {
    let text = "An `A::b`,\n`c::d()` in `e/f.rs` and\n`g/`, a `Kind`, not `[::1]`, `/`, `x::`, `Retry-After` or `a b::c`.";
    let found: Vec<_> = names(text, false).collect();
    let expected = [(1, "A::b"), (2, "c::d"), (2, "e/f.rs"), (3, "g/")];
    assert_eq!(found, expected);
    assert!(names(text, true).any(|found| found == (3, "Kind")));
    assert_eq!(names("`serde_json::Value`", true).count(), 0);
}

#[test]
fn a_name_is_there_only_where_the_code_has_it() {
    let sources = [Source {
        path: "crates/kfwasm-x/src/house/door.rs".to_owned(),
        text: "words! {\n    Kind {\n    }\n}\n\
               impl Door {\n    pub fn open(&self) {\n    }\n}\n\
               struct Door;\n\
               enum Way {\n    In(u8),\n}\n"
            .to_owned(),
    }];
    let there = "house/ house/door.rs door::Door door::Kind Door::open Way::In kfwasm_x::house::door house::door::Door::open";
    for name in there.split(' ') {
        assert!(is_there(name, &sources), "{name}");
    }
    for name in "use/ oor.rs door::Window window::Door Door::close Way::open Way::I".split(' ') {
        assert!(!is_there(name, &sources), "{name}");
    }
}

/// What stands in backticks and names code, with its line; where the text is about nothing else, types by themselves too.
fn names(text: &str, types_too: bool) -> impl Iterator<Item = (usize, &str)> {
    let mut line = 1;
    let pieces = text.split('`').map(move |piece| {
        let begun = line;
        line += piece.matches('\n').count();
        (begun, piece.trim_end_matches("()"))
    });
    let quoted = pieces.skip(1).step_by(2);
    quoted.filter(move |(_, it)| is_rust_path(it) || is_place(it) || types_too && is_type(it))
}

fn is_rust_path(name: &str) -> bool {
    let first = name.split("::").next().unwrap_or_default();
    name.contains("::") && name.split("::").all(is_word) && !OF_OTHERS.contains(&first)
}

/// A file of Rust, or a folder; from the root, or from further down.
fn is_place(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
    let ends = name.ends_with(".rs") || name.ends_with('/');
    ends && !name.starts_with('/') && name.chars().all(plain)
}

fn is_type(name: &str) -> bool {
    let is_camel = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase());
    is_camel && is_word(name)
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && words(name).eq([name])
}

fn is_there(name: &str, sources: &[Source]) -> bool {
    match is_place(name) {
        true => sources.iter().any(|it| is_at(&it.path, name)),
        false => {
            let parts: Vec<&str> = name.split("::").collect();
            // Some of the parts are modules, the rest is in them.
            let mut ways = (0..=parts.len()).map(|modules| parts.split_at(modules));
            ways.any(|(modules, items)| {
                let mut files = sources.iter().filter(|it| is_module(&it.path, modules));
                files.any(|it| has(&it.text, items))
            })
        }
    }
}

fn is_at(path: &str, place: &str) -> bool {
    let (path, place) = (format!("/{path}"), format!("/{place}"));
    path.ends_with(&place) || place.ends_with('/') && path.contains(&place)
}

/// The folder of a crate has dashes where its name has none.
fn is_module(path: &str, modules: &[&str]) -> bool {
    let path = path.replace('-', "_").replace("/src/", "/");
    let file = format!("/{}.rs", modules.join("/"));
    path.ends_with(if modules.is_empty() { ".rs" } else { &file })
}

/// Whether a file's text defines the item, and the item has the member.
fn has(text: &str, items: &[&str]) -> bool {
    match items {
        _ if !items.iter().all(|item| text.contains(item)) => false,
        [] => true,
        [item] => {
            let by_macro = |head: &str, line: &str| {
                head.ends_with("! {") && line.trim_start() == format!("{item} {{")
            };
            text.lines().any(|line| declares(line, item)) || blocks(text, by_macro)
        }
        [item, member] => blocks(text, |head, line| {
            let is_variant = line.trim_start().strip_prefix(member);
            let is_variant = is_variant.is_some_and(|rest| rest.starts_with([',', '(', ' ']));
            words(head).any(|it| it == *item) && (is_variant || declares(line, member))
        }),
        _ => false,
    }
}

/// Whether some line of a block at the left margin is so, together with the block's head.
fn blocks(text: &str, is_so: impl Fn(&str, &str) -> bool) -> bool {
    let is_inside = |line: &&str| line.is_empty() || line.starts_with(' ');
    text.split("\n}\n").any(|block| {
        let upwards = || block.lines().rev();
        let head = upwards().find(|line| !is_inside(line)).unwrap_or_default();
        upwards()
            .take_while(is_inside)
            .any(|line| is_so(head, line))
    })
}

fn declares(line: &str, name: &str) -> bool {
    const KEYWORDS: [&str; 8] = [
        "fn", "struct", "enum", "trait", "type", "const", "static", "mod",
    ];
    let code = line.split("//").next().unwrap_or_default();
    let words: Vec<&str> = words(code).collect();
    words.windows(2).any(
        |pair| matches!(pair, [keyword, named] if KEYWORDS.contains(keyword) && *named == name),
    )
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
}
