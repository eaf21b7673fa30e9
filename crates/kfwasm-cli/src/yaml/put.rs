use serde_json::{Map, Value};

use super::{document, write};

/// The text with a value at a path of mappings, and everything else, comments too, as a person wrote it.
///
/// It edits block mappings by their lines, and reads the result back: nothing where that is not what was meant, because
/// the text is written in another way (in braces, with anchors).
pub(crate) fn put(text: &str, path: &[&str], value: &Value) -> Option<String> {
    let mut wanted = document(text).ok()?;
    put_value(&mut wanted, path, value)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut edited = edit(&lines, path, value).join("\n");
    edited.push('\n');
    (document(&edited).ok()? == wanted).then_some(edited)
}

fn put_value(place: &mut Value, path: &[&str], value: &Value) -> Option<()> {
    let Some((first, rest)) = path.split_first() else {
        *place = value.clone();
        return Some(());
    };
    if place.is_null() {
        *place = Value::Object(Map::new());
    }
    let entry = place.as_object_mut()?.entry(*first).or_insert(Value::Null);
    put_value(entry, rest, value)
}

/// Descends along the path as far as its keys are there, and writes the rest.
fn edit(lines: &[&str], path: &[&str], value: &Value) -> Vec<String> {
    let (mut from, mut to, mut indent) = (0, lines.len(), 0);
    let mut rest = path;
    while let Some((key, below)) = rest.split_first() {
        let Some(at) = find(lines, from, to, indent, key) else {
            break;
        };
        let end = end_of(lines, at, to, indent);
        if below.is_empty() || !opens_block(lines, at) {
            return spliced(lines, at, end, rendered(rest, value, indent));
        }
        (from, to, rest) = (at.saturating_add(1), end, below);
        indent = indent_of_first(lines, from, to).unwrap_or(indent.saturating_add(2));
    }
    spliced(lines, to, to, rendered(rest, value, indent))
}

/// The line with this key, at this indentation.
fn find(lines: &[&str], from: usize, to: usize, indent: usize, key: &str) -> Option<usize> {
    let is_it = |line: &&str| {
        let rest = line.get(indent..).and_then(|line| line.strip_prefix(key));
        indentation(line) == Some(indent) && rest.is_some_and(|rest| rest.starts_with(':'))
    };
    let place = lines.get(from..to)?.iter().position(is_it)?;
    from.checked_add(place)
}

/// Behind the last line that belongs to the entry; blank lines and comments after it belong to what follows.
fn end_of(lines: &[&str], at: usize, to: usize, indent: usize) -> usize {
    let mut end = at.saturating_add(1);
    let below = lines.get(end..to).unwrap_or_default();
    for (index, line) in below.iter().enumerate() {
        match indentation(line) {
            // A list may stand at its key's own indentation.
            Some(of) if of > indent || (of == indent && line.trim_start().starts_with("- ")) => {
                end = at.saturating_add(index).saturating_add(2);
            }
            Some(_) => break,
            None => {}
        }
    }
    end
}

/// Whether nothing but a comment stands behind the key.
fn opens_block(lines: &[&str], at: usize) -> bool {
    let behind = lines.get(at).and_then(|line| line.split_once(':'));
    behind.is_some_and(|(_, rest)| rest.trim().is_empty() || rest.trim().starts_with('#'))
}

fn indent_of_first(lines: &[&str], from: usize, to: usize) -> Option<usize> {
    lines
        .get(from..to)?
        .iter()
        .find_map(|line| indentation(line))
}

/// How far a line is indented; nothing for blank lines and comments.
fn indentation(line: &str) -> Option<usize> {
    let content = line.trim_start();
    let is_content = !content.is_empty() && !content.starts_with('#');
    is_content.then(|| line.len().saturating_sub(content.len()))
}

/// The lines of the value below the keys that are still to be written.
fn rendered(keys: &[&str], value: &Value, indent: usize) -> Vec<String> {
    let nested = keys.iter().rev().fold(value.clone(), |value, key| {
        Value::Object(Map::from_iter([((*key).to_owned(), value)]))
    });
    let margin = " ".repeat(indent);
    let text = write(&nested);
    text.lines().map(|line| format!("{margin}{line}")).collect()
}

fn spliced(lines: &[&str], from: usize, to: usize, new: Vec<String>) -> Vec<String> {
    let owned = |lines: Option<&[&str]>| -> Vec<String> {
        let lines = lines.unwrap_or_default().iter();
        lines.map(|line| (*line).to_owned()).collect()
    };
    [owned(lines.get(..from)), new, owned(lines.get(to..))].concat()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::put;

    fn edited(text: &str, path: &[&str]) -> Option<String> {
        put(text, path, &json!({"x": [1]}))
    }

    #[test]
    fn what_is_missing_is_added_and_the_rest_stays() {
        let text = "# top\na: 1 # one\nb:\n    # inner\n    c: \"2\"\n\n# end\nd: [3]\n";
        assert_eq!(
            edited(text, &["b", "e", "f"]).as_deref(),
            Some(
                "# top\na: 1 # one\nb:\n    # inner\n    c: \"2\"\n    e:\n      f:\n        x:\n        - 1\n\n# end\nd: [3]\n"
            )
        );
    }

    #[test]
    fn what_is_there_is_replaced_whole() {
        let text = "a:\n  b:\n    c: 1\n    # gone\n    d:\n    - 2\n  # kept\n  e: 3\n";
        assert_eq!(
            edited(text, &["a", "b"]).as_deref(),
            Some("a:\n  b:\n    x:\n    - 1\n  # kept\n  e: 3\n")
        );
    }

    #[test]
    fn nothing_or_an_empty_mapping_becomes_a_block() {
        for text in ["a:\n", "a: {}\n", "a: # why\n", "a: null\n"] {
            let edited = edited(text, &["a", "b"]);
            assert!(edited.is_some(), "{text}");
        }
    }

    /// Whatever its lines look like, a text comes out with the value in it and all else the same, or not at all.
    #[test]
    fn what_cannot_be_edited_is_left_alone() {
        for text in [
            "{a: {b: 1}}",
            "a: {b: 1}\n",
            "a: &x\n  b: 1\nc: *x\n",
            "a: |\n  b: 1\n",
            "- a\n",
            "a: 1\n",
            "",
        ] {
            if let Some(edited) = edited(text, &["a", "c"]) {
                let value = crate::yaml::document(&edited).unwrap();
                assert_eq!(value.pointer("/a/c"), Some(&json!({"x": [1]})), "{text}");
            }
        }
        assert_eq!(edited("a: {b: 1}\n", &["a", "c"]), None);
    }
}
