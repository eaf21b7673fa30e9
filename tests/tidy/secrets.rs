use crate::sources;

#[test]
fn no_secret_type_can_be_serialized_or_shown() {
    for source in sources::rust() {
        for definition in definitions(&source.text) {
            let leaks = definition.leaks();
            let (path, head) = (&source.path, definition.head);
            assert!(!leaks, "{path}: `{head}` could end up in a log");
        }
    }
}

#[test]
fn a_secret_type_that_can_be_serialized_or_shown_is_noticed() {
    let leaking = [
        "#[derive(Clone,\n    Serialize)]\npub struct ClientSecret(String);\n",
        "#[derive(Debug)]\nstruct Key {\n    bytes: Zeroizing<Vec<u8>>,\n}\n",
        "#[derive(Debug, ZeroizeOnDrop)]\nstruct Attempt {\n    nonce: String,\n}\n",
    ];
    for text in leaking {
        assert!(definitions(text).iter().any(Definition::leaks), "{text}");
    }
    let tight = [
        "#[derive(Debug)]\nstruct A;\n#[derive(Clone)]\npub struct ClientSecret(String);\n",
        "#[derive(ZeroizeOnDrop, Serialize)]\nstruct Attempt {\n    nonce: String,\n}\n",
        "struct Key(Zeroizing<Vec<u8>>);\n\n#[derive(Debug)]\nstruct Other;\n",
    ];
    for text in tight {
        assert!(!definitions(text).iter().any(Definition::leaks), "{text}");
    }
}

/// The definition of a type.
struct Definition<'a> {
    /// Everything since the last blank line or definition before it.
    attributes: String,
    head: &'a str,
    body: &'a str,
}

impl Definition<'_> {
    /// What is sealed is serialized too, and is overwritten when it is dropped; that it is shown is never needed.
    fn leaks(&self) -> bool {
        let derives = |name: &str| self.attributes.contains(name);
        let is_secret = derives("Zeroize") || self.body.contains("Zeroizing<");
        (derives("Serialize") && self.names_secret()) || (derives("Debug") && is_secret)
    }

    fn names_secret(&self) -> bool {
        let mut words = self.head.split_whitespace();
        words.find(|word| is_keyword(word));
        words.next().is_some_and(|name| name.contains("Secret"))
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "struct" | "enum")
}

fn is_head(line: &str) -> bool {
    let is_code = line.trim_start().starts_with(['p', 's', 'e']);
    is_code && line.split_whitespace().take(2).any(is_keyword)
}

fn definitions(text: &str) -> Vec<Definition<'_>> {
    let mut found = Vec::new();
    let mut attributes = String::new();
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        if is_head(line) {
            found.push(Definition {
                attributes: std::mem::take(&mut attributes),
                head: line.trim_end(),
                body: body(text.get(place..).unwrap_or_default()),
            });
        } else if line.trim().is_empty() {
            attributes.clear();
        } else {
            attributes.push_str(line);
        }
        place += line.len();
    }
    found
}

/// Up to the end of a definition that rustfmt has laid out.
fn body(text: &str) -> &str {
    let first = text.lines().next().unwrap_or_default();
    let end = match first.ends_with('{') {
        true => text.find("\n}"),
        false => text.find(';'),
    };
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
