//! A group, packed.

use serde::{Deserialize, Serialize};

/// A group of a user. Entra names groups by GUID: 36 characters in a token, 16 bytes in a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Group {
    Guid([u8; 16]),
    Name(String),
}

/// Where the hyphens of a GUID stand (RFC 9562 §4).
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Group {
    /// Packs a name. Only what unpacks to the same text is packed as a GUID: upper-case letters are not.
    pub(crate) fn pack(name: String) -> Self {
        match parse_guid(&name) {
            Some(guid) => Self::Guid(guid),
            None => Self::Name(name),
        }
    }

    /// Writes the name behind `text`.
    pub(crate) fn unpack_to(&self, text: &mut Vec<u8>) {
        match self {
            Self::Guid(guid) => write_guid(guid, text),
            Self::Name(name) => text.extend_from_slice(name.as_bytes()),
        }
    }
}

fn parse_guid(text: &str) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let mut digits = [0; 32];
    let mut free = digits.iter_mut();
    for (position, byte) in text.bytes().enumerate() {
        match (HYPHENS.contains(&position), byte) {
            (true, b'-') => {}
            (false, b'0'..=b'9') => *free.next()? = byte.wrapping_sub(b'0'),
            (false, b'a'..=b'f') => *free.next()? = byte.wrapping_sub(b'a').wrapping_add(10),
            _ => return None,
        }
    }
    let mut guid = [0; 16];
    for (byte, pair) in guid.iter_mut().zip(digits.as_chunks::<2>().0) {
        let [high, low] = pair;
        *byte = high << 4 | low;
    }
    Some(guid)
}

fn write_guid(guid: &[u8; 16], text: &mut Vec<u8>) {
    for (index, byte) in guid.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push(b'-');
        }
        text.extend([digit(byte >> 4), digit(byte & 0xF)]);
    }
}

const fn digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0'.wrapping_add(value),
        _ => b'a'.wrapping_sub(10).wrapping_add(value),
    }
}

#[cfg(test)]
mod tests {
    use super::Group;

    fn unpacked(group: &Group) -> String {
        let mut text = Vec::new();
        group.unpack_to(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_guid_is_packed_into_16_bytes_and_comes_back() {
        let name = "0f8fad5b-d9cb-469f-a165-70867728950e";

        let group = Group::pack(name.to_owned());

        assert!(matches!(group, Group::Guid(_)));
        assert_eq!(unpacked(&group), name);
    }

    #[test]
    fn what_would_not_come_back_the_same_is_not_packed() {
        for name in [
            "data-science",
            "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5b0d9cb-469f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
        ] {
            let group = Group::pack(name.to_owned());
            assert!(matches!(group, Group::Name(_)), "{name}");
            assert_eq!(unpacked(&group), name);
        }
    }
}
