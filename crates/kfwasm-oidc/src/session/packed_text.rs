//! Texts that are bytes in disguise.

use super::guid;
use crate::fields::{FieldReader, FieldWriter};
use crate::jose::base64url;

const PLAIN: u8 = 0;
const GUID: u8 = 1;
const BASE64URL: u8 = 2;

/// Writes a text so that it comes back the same. Identifiers of providers and sessions are often GUIDs or base64url, which take
/// less room as bytes.
#[inline(never)]
pub(super) fn write(text: &str, fields: &mut FieldWriter) {
    if let Some(guid) = guid::parse(text) {
        fields.byte(GUID);
        return fields.raw(&guid);
    }
    match base64url::decode(text.as_bytes()) {
        Some(bytes) => {
            fields.byte(BASE64URL);
            fields.bytes(&bytes);
        }
        None => {
            fields.byte(PLAIN);
            fields.text(text);
        }
    }
}

#[inline(never)]
pub(super) fn read(fields: &mut FieldReader<'_>) -> Option<String> {
    match fields.byte()? {
        PLAIN => fields.text(),
        BASE64URL => Some(base64url::encode(fields.bytes()?)),
        GUID => {
            let mut text = Vec::new();
            guid::write(&fields.array()?, &mut text);
            String::from_utf8(text).ok()
        }
        _ => None,
    }
}

pub(super) fn write_optional(text: Option<&str>, fields: &mut FieldWriter) {
    fields.byte(u8::from(text.is_some()));
    if let Some(text) = text {
        write(text, fields);
    }
}

pub(super) fn read_optional(fields: &mut FieldReader<'_>) -> Option<Option<String>> {
    match fields.flag()? {
        true => read(fields).map(Some),
        false => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{read, write};
    use crate::fields::{FieldReader, FieldWriter};

    fn packed(text: &str) -> Vec<u8> {
        let mut fields = FieldWriter::default();
        write(text, &mut fields);
        fields.into_bytes()
    }

    fn size(text: &str) -> usize {
        packed(text).len()
    }

    #[test]
    fn identifiers_take_less_room() {
        assert_eq!(size("0f8fad5b-d9cb-469f-a165-70867728950e"), 17);
        assert_eq!(size("AAAAAAAAAAAAAAAAAAAAAHkZhV9Xxz0PZV2uYOX-2sQ"), 34);
        assert_eq!(size("alice@example.com"), 19);
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_was(text in "[a-zA-Z0-9_=@ ä-]{0,60}") {
            let packed = packed(&text);
            prop_assert_eq!(read(&mut FieldReader::new(&packed)), Some(text));
        }
    }
}
