use std::borrow::Cow;

use super::did_you_mean;
use super::field::Field;
use super::node::Node;
use super::quoted::quoted;
use crate::problem::{Problem, Problems};
use crate::refusal::Refusal;

/// Checks one written text and makes the value of it.
pub(crate) type Parse<'a, T> = &'a dyn Fn(&str) -> Result<T, Refusal>;

/// The fields of a JSON object, as they were written.
pub(crate) type Fields = Vec<(String, Node)>;

/// An object that is being read: fields are taken out by name, what is left at [`Object::finish`]
/// is unknown.
pub(crate) struct Object<'p> {
    path: String,
    fields: Fields,
    known: Vec<&'static str>,
    problems: &'p mut Problems,
}

impl<'p> Object<'p> {
    /// The object at `path` (empty for the whole document).
    pub(crate) fn new(path: String, fields: Fields, problems: &'p mut Problems) -> Self {
        Self {
            path,
            fields,
            known: Vec::new(),
            problems,
        }
    }

    /// Takes the field out. A repeated field is a problem, and its first value counts.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Node> {
        self.known.push(name);
        let first = self.take_one(name);
        while first.is_some() && self.take_one(name).is_some() {
            self.refuse(name, "is written more than once", "keep one of them");
        }
        first
    }

    fn take_one(&mut self, name: &str) -> Option<Node> {
        let index = self.fields.iter().position(|(key, _)| key == name)?;
        Some(self.fields.remove(index).1)
    }

    /// Takes out everything that is there, for an object whose field names are the operator's own.
    pub(crate) fn take_all(&mut self) -> Fields {
        std::mem::take(&mut self.fields)
    }

    /// Notes that a field exists here, for one that was looked for by [`Object::has`] and is not there.
    pub(crate) fn knows(&mut self, name: &'static str) {
        self.known.push(name);
    }

    /// Whether the operator wrote the field, and it has not been taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// A text that must be there; `advice` says what to write when it is not.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        advice: &'static str,
        parse: Parse<'_, T>,
    ) -> Option<T> {
        let field = self.optional(name, parse);
        if field.is_absent() {
            self.refuse(name, "is missing", advice);
        }
        field.into_option()
    }

    /// A text with a default, which is written as the operator would write it.
    pub(crate) fn or_default<T>(
        &mut self,
        name: &'static str,
        default: &'static str,
        parse: Parse<'_, T>,
    ) -> Option<T> {
        match self.text(name) {
            Field::Absent => self.checked_at(self.path_of(name), parse(default)),
            Field::Read(text) => self.checked_at(self.path_of(name), parse(&text)),
            Field::Unreadable => None,
        }
    }

    /// A text that may be left out.
    pub(crate) fn optional<T>(&mut self, name: &'static str, parse: Parse<'_, T>) -> Field<T> {
        match self.text(name) {
            Field::Absent => Field::Absent,
            Field::Unreadable => Field::Unreadable,
            Field::Read(text) => match self.checked_at(self.path_of(name), parse(&text)) {
                Some(value) => Field::Read(value),
                None => Field::Unreadable,
            },
        }
    }

    fn text(&mut self, name: &'static str) -> Field<String> {
        match self.take(name) {
            None => Field::Absent,
            Some(Node::Text(text)) => Field::Read(text),
            Some(other) => {
                self.refuse_kind(self.path_of(name), &other, "a text");
                Field::Unreadable
            }
        }
    }

    /// The value, or nothing and a problem at `path`.
    pub(super) fn checked_at<T>(&mut self, path: String, parsed: Result<T, Refusal>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse_at(path, refusal);
                None
            }
        }
    }

    /// A true or false, with a default.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> Option<bool> {
        match self.take(name) {
            None => Some(default),
            Some(Node::Flag(value)) => Some(value),
            Some(other) => {
                self.refuse_kind(self.path_of(name), &other, "true or false");
                None
            }
        }
    }

    /// An object inside this one; one that is not there is read as one without fields.
    pub(crate) fn object(&mut self, name: &'static str) -> Object<'_> {
        let path = self.path_of(name);
        let fields = match self.take(name) {
            None => Fields::new(),
            Some(Node::Object(fields)) => fields,
            Some(other) => {
                self.refuse_kind(path.clone(), &other, "an object");
                Fields::new()
            }
        };
        Object::new(path, fields, self.problems)
    }

    /// The object at another place of the same document.
    pub(crate) fn object_at(&mut self, path: String, fields: Fields) -> Object<'_> {
        Object::new(path, fields, self.problems)
    }

    /// Notes that the field is wrong.
    pub(crate) fn refuse(&mut self, name: &str, message: &'static str, advice: &'static str) {
        self.refuse_at(self.path_of(name), Refusal::of(message, advice));
    }

    /// Notes that this object as a whole is wrong.
    pub(crate) fn refuse_whole(&mut self, message: &'static str, advice: &'static str) {
        self.refuse_at(self.path.clone(), Refusal::of(message, advice));
    }

    /// Notes a value of the wrong kind.
    pub(crate) fn refuse_kind(&mut self, path: String, written: &Node, expected: &'static str) {
        let advice = match (written, expected) {
            (Node::Null, _) => "write a value, or leave the field out",
            (_, "a text") => "write a text, in quotes",
            (_, "a list") => "write a list, such as [\"a\", \"b\"]",
            (_, "an object") => "write an object with its fields",
            _ => "write true or false, without quotes",
        };
        let message = ["is ", written.kind(), ", not ", expected].concat();
        self.refuse_at(
            path,
            Refusal {
                message: Cow::Owned(message),
                advice: Cow::Borrowed(advice),
            },
        );
    }

    /// Notes a problem at any place of the document.
    pub(crate) fn refuse_at(&mut self, path: String, refusal: Refusal) {
        self.problems.push(Problem {
            path,
            message: refusal.message.into_owned(),
            advice: refusal.advice.into_owned(),
        });
    }

    /// The way from the top of the document to this object.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The way from the top of the document to a field of this object.
    pub(crate) fn path_of(&self, name: &str) -> String {
        let dot = if self.path.is_empty() { "" } else { "." };
        [self.path.as_str(), dot, &field_name(name)].concat()
    }

    /// Ends the reading: every field that was not taken is unknown.
    pub(crate) fn finish(mut self) {
        for (name, _) in self.take_all() {
            let refusal = Refusal {
                message: Cow::Borrowed("is no field that exists here"),
                advice: Cow::Owned(did_you_mean::advice(&name, &self.known)),
            };
            self.refuse_at(self.path_of(&name), refusal);
        }
    }
}

/// The name itself when it is a plain word, otherwise quoted: it comes from the document.
fn field_name(name: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=40).contains(&name.len()) && name.bytes().all(plain) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(quoted(name))
    }
}
