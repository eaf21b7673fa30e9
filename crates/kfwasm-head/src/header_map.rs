//! The header map as the host hands it over.

/// A serialized header map of the proxy-wasm ABI 0.2.x (`proxy_get_header_map_pairs`): a count, the lengths of all
/// names and values, then the bytes themselves, each followed by a NUL; numbers are 32 bits, little-endian.
///
/// It is read in place: nothing is copied, and nothing is trusted to be where the lengths say.
#[derive(Clone, Copy)]
pub struct HeaderMap<'a> {
    /// Of each header: four bytes for the name's, four for the value's.
    lengths: &'a [[u8; 8]],
    bytes: &'a [u8],
}

/// The buffer is not a header map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedHeaderMap;

impl<'a> HeaderMap<'a> {
    /// Looks at a serialized map; no bytes at all are an empty map.
    ///
    /// # Errors
    /// The buffer is too short for the number of headers that it announces.
    pub fn new(buffer: &'a [u8]) -> Result<Self, MalformedHeaderMap> {
        let Some((count, rest)) = buffer.split_first_chunk() else {
            return Self::empty_unless(!buffer.is_empty());
        };
        let count = usize::try_from(u32::from_le_bytes(*count)).map_err(|_| MalformedHeaderMap)?;
        let lengths = count.checked_mul(8).ok_or(MalformedHeaderMap)?;
        let (lengths, bytes) = rest.split_at_checked(lengths).ok_or(MalformedHeaderMap)?;
        let lengths = lengths.as_chunks().0;
        Ok(Self { lengths, bytes })
    }

    fn empty_unless(malformed: bool) -> Result<Self, MalformedHeaderMap> {
        let (lengths, bytes) = (&[][..], &[][..]);
        if malformed {
            Err(MalformedHeaderMap)
        } else {
            Ok(Self { lengths, bytes })
        }
    }

    fn take_pair(&mut self, lengths: [u8; 8]) -> Option<(&'a [u8], &'a [u8])> {
        let lengths = u64::from_le_bytes(lengths);
        let name = self.take_text(usize::try_from(lengths & u64::from(u32::MAX)).ok()?)?;
        let value = self.take_text(usize::try_from(lengths >> 32).ok()?)?;
        Some((name, value))
    }

    /// Takes a text and the NUL behind it.
    fn take_text(&mut self, length: usize) -> Option<&'a [u8]> {
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest.get(1..)?;
        Some(text)
    }
}

impl<'a> Iterator for HeaderMap<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), MalformedHeaderMap>;

    fn next(&mut self) -> Option<Self::Item> {
        let (lengths, rest) = self.lengths.split_first()?;
        self.lengths = rest;
        let pair = self.take_pair(*lengths).ok_or(MalformedHeaderMap);
        if pair.is_err() {
            self.lengths = &[];
        }
        Some(pair)
    }
}

/// Serializes headers as the ABI wants them. What is too long for its 32-bit numbers is cut off.
#[must_use]
pub fn encode(pairs: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut encoded = length(pairs.len()).to_vec();
    for (name, value) in pairs {
        encoded.extend(length(name.len()));
        encoded.extend(length(value.len()));
    }
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        encoded.extend_from_slice(text);
        encoded.push(0);
    }
    encoded
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, MalformedHeaderMap};
    use proptest::prelude::*;

    #[test]
    fn names_and_values_are_read_in_order() {
        let buffer = b"\x02\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\0\0\0\0a\0bc\0def\0\0";

        let pairs: Vec<_> = HeaderMap::new(buffer).unwrap().collect();

        assert_eq!(
            pairs,
            [Ok((&b"a"[..], &b"bc"[..])), Ok((&b"def"[..], &b""[..]))]
        );
        assert_eq!(super::encode(&[(b"a", b"bc"), (b"def", b"")]), buffer);
    }

    #[test]
    fn no_bytes_are_no_headers() {
        assert_eq!(HeaderMap::new(b"").unwrap().count(), 0);
    }

    #[test]
    fn a_map_that_announces_more_than_it_holds_is_malformed() {
        assert!(HeaderMap::new(b"\x02\0\0\0\x01\0\0\0").is_err());
        let truncated = b"\x01\0\0\0\x01\0\0\0\x09\0\0\0a\0bc\0";
        let pairs: Vec<_> = HeaderMap::new(truncated).unwrap().collect();
        assert_eq!(pairs, [Err(MalformedHeaderMap)]);
    }

    proptest! {
        #[test]
        fn no_buffer_makes_it_panic(buffer: Vec<u8>) {
            if let Ok(map) = HeaderMap::new(&buffer) {
                map.take(10_000).for_each(drop);
            }
        }
    }
}
