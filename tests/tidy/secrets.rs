use crate::sources;

#[test]
fn no_secret_type_can_be_serialized() {
    for source in sources::rust() {
        for (attributes, definition) in definitions(&source.text) {
            let leaks = attributes.contains("Serialize") && names_secret(definition);
            assert!(
                !leaks,
                "{}: `{definition}` derives Serialize: it could end up in a log",
                source.path
            );
        }
    }
}

#[test]
fn a_secret_type_that_derives_serialize_is_noticed() {
    let text = "#[derive(Debug)]\nstruct A;\n#[derive(Clone,\n    Serialize)]\npub struct ClientSecret(String);\n";
    let found: Vec<_> = definitions(text)
        .filter(|(attributes, line)| attributes.contains("Serialize") && names_secret(line))
        .collect();
    assert_eq!(found.len(), 1);
}

fn names_secret(definition: &str) -> bool {
    let name = definition
        .split_whitespace()
        .skip_while(|word| !matches!(*word, "struct" | "enum"))
        .nth(1);
    name.is_some_and(|name| name.contains("Secret"))
}

/// Every line that defines a type, with everything since the last blank line or definition before it.
fn definitions(text: &str) -> impl Iterator<Item = (String, &str)> {
    let mut before = String::new();
    text.lines().filter_map(move |line| {
        let words: Vec<_> = line.split_whitespace().take(3).collect();
        if words.iter().any(|word| matches!(*word, "struct" | "enum")) {
            return Some((std::mem::take(&mut before), line));
        }
        if line.trim().is_empty() {
            before.clear()
        } else {
            before.push_str(line)
        }
        None
    })
}
