//! Texts that are bytes in disguise.

use serde::{Deserialize, Serialize};

use super::guid::{self, Guid};
use crate::jose::base64url;

/// A text as it stands in a cookie. Identifiers of providers and sessions are often GUIDs or base64url, which take less room
/// as bytes.
#[derive(Serialize, Deserialize)]
pub(super) enum PackedText {
    Plain(String),
    Guid(Guid),
    Base64url(Vec<u8>),
}

impl PackedText {
    /// Packs a text so that it comes back the same.
    pub(super) fn pack(text: &str) -> Self {
        if let Some(guid) = guid::parse(text) {
            return Self::Guid(guid);
        }
        match base64url::decode(text.as_bytes()) {
            Some(bytes) => Self::Base64url(bytes),
            None => Self::Plain(text.to_owned()),
        }
    }

    pub(super) fn unpack(self) -> String {
        match self {
            Self::Plain(text) => text,
            Self::Base64url(bytes) => base64url::encode(&bytes),
            Self::Guid(guid) => {
                let mut text = Vec::new();
                guid::write(&guid, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PackedText;

    fn size(text: &str) -> usize {
        postcard::to_allocvec(&PackedText::pack(text))
            .unwrap()
            .len()
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
            prop_assert_eq!(PackedText::pack(&text).unpack(), text);
        }
    }
}
