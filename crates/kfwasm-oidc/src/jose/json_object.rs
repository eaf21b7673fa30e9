//! JSON objects whose members have unique names.

use core::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// What is wrong with a text that ought to be a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// It is not JSON, or nested deeper than 127 levels.
    NotJson,
    /// It is JSON, but not an object.
    NotAnObject,
    /// Two members of the object have the same name.
    DuplicateMember,
}

impl fmt::Display for JsonFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotJson => "is not JSON (RFC 8259 §2)",
            Self::NotAnObject => "is not a JSON object (RFC 8259 §4)",
            Self::DuplicateMember => "names a member twice (RFC 7515 §4, RFC 7519 §4)",
        })
    }
}

/// Reads a JSON object.
///
/// RFC 7515 §4 and RFC 7519 §4 let a reader refuse duplicate names or take the last of them. They
/// are refused: a program that takes the first would otherwise see another token than we do.
pub(crate) fn parse(text: &[u8]) -> Result<Map<String, Value>, JsonFault> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let object = reader
        .deserialize_map(ObjectVisitor)
        .map_err(|error| fault_of(&error))?;
    reader.end().map_err(|_| JsonFault::NotJson)?;
    object.ok_or(JsonFault::DuplicateMember)
}

fn fault_of(error: &serde_json::Error) -> JsonFault {
    if error.is_data() {
        JsonFault::NotAnObject
    } else {
        JsonFault::NotJson
    }
}

/// Collects members; `None` when two of them have the same name.
struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Option<Map<String, Value>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        let mut unique = true;
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            unique &= members.insert(name, value).is_none();
        }
        Ok(unique.then_some(members))
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonFault, parse};

    #[test]
    fn an_object_is_read() {
        let members = parse(br#" {"a": 1, "b": {"a": 2}} "#).expect("an object");

        assert_eq!(members["b"]["a"], 2);
    }

    #[test]
    fn what_is_not_an_object_with_unique_names_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        for (text, fault) in [
            ("", JsonFault::NotJson),
            ("{\"a\":1", JsonFault::NotJson),
            ("{\"a\":1}}", JsonFault::NotJson),
            ("{\"a\":1e999}", JsonFault::NotJson),
            ("{\"a\":\"\u{fffd}\\ud800\"}", JsonFault::NotJson),
            (deep.as_str(), JsonFault::NotJson),
            ("[]", JsonFault::NotAnObject),
            ("null", JsonFault::NotAnObject),
            ("\"{}\"", JsonFault::NotAnObject),
            ("{\"a\":1,\"a\":1}", JsonFault::DuplicateMember),
            ("{\"a\":1,\"\\u0061\":2}", JsonFault::DuplicateMember),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(fault), "{text}");
        }
        assert_eq!(parse(b"{\"a\":\"\xff\"}"), Err(JsonFault::NotJson));
    }
}
