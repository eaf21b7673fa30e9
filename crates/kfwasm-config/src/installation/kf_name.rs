use crate::read::node::Node;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The name of a Kubeflow installation (`KF_NAME`): lower-case letters and digits of ASCII and `-`, beginning and
/// ending with a letter or digit, at most 25 characters, and no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KfName(String);

const LONGEST: usize = 25;
const ADVICE: &str = "write a name such as my-kubeflow";

impl KfName {
    /// Reads the name.
    ///
    /// # Errors
    /// One refusal for each rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Refusal>> {
        let broken = broken_rules(text);
        if broken.is_empty() {
            Ok(Self(text.to_owned()))
        } else {
            Err(broken)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn read(object: &mut Object<'_>) -> Option<Self> {
        let path = object.path_of("name");
        match object.take("name") {
            Some(Node::Text(text)) => match Self::parse(&text) {
                Ok(name) => Some(name),
                Err(refusals) => {
                    for refusal in refusals {
                        object.refuse_at(path.clone(), refusal);
                    }
                    None
                }
            },
            Some(other) => {
                object.refuse_kind(path, &other, "a text");
                None
            }
            None => {
                object.refuse("name", "is missing", ADVICE);
                None
            }
        }
    }
}

fn broken_rules(text: &str) -> Vec<Refusal> {
    if text.is_empty() {
        return vec![Refusal::of("is empty", ADVICE)];
    }
    // What a path is made of breaks the rule of characters too, which would say less.
    if text.contains(['/', '\\']) || text == "." || text == ".." {
        return vec![Refusal::quoting(
            text,
            "is a path",
            "write the name alone: the directory of that name is made here",
        )];
    }
    RULES
        .iter()
        .filter(|rule| (rule.broken)(text))
        .map(|rule| Refusal::quoting(text, rule.message, rule.advice))
        .collect()
}

struct Rule {
    broken: fn(&str) -> bool,
    message: &'static str,
    advice: &'static str,
}

const RULES: [Rule; 5] = [
    Rule {
        broken: |text| text.bytes().any(|byte| byte.is_ascii_uppercase()),
        message: "has upper-case letters",
        advice: "write it in lower case",
    },
    Rule {
        broken: |text| !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
        message: "has characters other than letters, digits and '-'",
        advice: "leave them out, or write '-' in their place",
    },
    Rule {
        broken: |text| text.starts_with('-'),
        message: "begins with '-'",
        advice: "begin with a letter or a digit",
    },
    Rule {
        broken: |text| text.ends_with('-'),
        message: "ends with '-'",
        advice: "end with a letter or a digit",
    },
    Rule {
        broken: |text| text.chars().count() > LONGEST,
        message: "is longer than 25 characters",
        advice: "shorten it",
    },
];
