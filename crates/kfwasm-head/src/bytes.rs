//! Looking through bytes sixteen at a time: in Wasm the standard library goes one by one, which is felt with the cookies of
//! every request.

const BLOCK: usize = 16;

/// Where the byte stands first.
#[must_use]
#[inline(never)]
pub fn find(haystack: &[u8], byte: u8) -> Option<usize> {
    let (blocks, rest) = haystack.as_chunks::<BLOCK>();
    for (index, block) in blocks.iter().enumerate() {
        let places = places(block, byte);
        if places != 0 {
            return Some(index * BLOCK + places.trailing_zeros() as usize);
        }
    }
    let place = rest.iter().position(|it| *it == byte)?;
    Some(blocks.len() * BLOCK + place)
}

/// Where the byte stands in a block: a bit for each place, that of the first one the lowest.
#[cfg(target_arch = "wasm32")]
fn places(block: &[u8; BLOCK], byte: u8) -> u16 {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2};
    let both = u128::from_le_bytes(*block);
    let block = u64x2(both as u64, (both >> 64) as u64);
    u8x16_bitmask(u8x16_eq(block, u8x16_splat(byte)))
}

/// Where the byte stands in a block, without SIMD: for tests on the host.
#[cfg(not(target_arch = "wasm32"))]
fn places(block: &[u8; BLOCK], byte: u8) -> u16 {
    let bits = block.iter().map(|it| u16::from(*it == byte));
    bits.rev().fold(0, |places, bit| places << 1 | bit)
}

/// What stands before and behind the first separator; where there is none, nothing stands behind it.
#[must_use]
pub fn split_once(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let parts = find(text, separator).and_then(|place| text.split_at_checked(place));
    let (before, rest) = parts.unwrap_or((text, &[]));
    (before, rest.get(1..).unwrap_or_default())
}

/// The parts between separators, as `[u8]::split` has them.
pub fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        match find(text, separator).and_then(|place| text.split_at_checked(place)) {
            Some((part, after)) => {
                rest = after.get(1..);
                Some(part)
            }
            None => rest.take(),
        }
    })
}

/// Whether they are the same; the first difference ends it, so that nothing secret may be compared with what a stranger
/// chooses.
#[must_use]
#[inline(never)]
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    let (blocks, rest) = one.as_chunks::<BLOCK>();
    let (other_blocks, other_rest) = other.as_chunks::<BLOCK>();
    if one.len() != other.len() {
        return false;
    }
    for (block, other) in blocks.iter().zip(other_blocks) {
        if block != other {
            return false;
        }
    }
    rest == other_rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{equal, find, split, split_once};

    proptest! {
        #[test]
        fn a_byte_is_found_where_the_standard_library_finds_it(
            text in proptest::collection::vec(0x39_u8..0x3E, 0..80),
        ) {
            prop_assert_eq!(find(&text, b';'), text.iter().position(|it| *it == b';'));
        }

        #[test]
        fn parts_are_those_of_the_standard_library(
            text in proptest::collection::vec(0x3A_u8..0x3D, 0..80),
        ) {
            let parts: Vec<_> = text.split(|it| *it == b';').collect();
            prop_assert_eq!(split(&text, b';').collect::<Vec<_>>(), parts);
        }

        #[test]
        fn a_change_anywhere_is_a_difference(
            text in proptest::collection::vec(any::<u8>(), 1..80),
            place: prop::sample::Index,
        ) {
            let mut changed = text.clone();
            changed[place.index(text.len())] ^= 1;
            prop_assert!(equal(&text, &text.clone()));
            prop_assert!(!equal(&text, &changed));
            prop_assert!(!equal(&text, &text[1..]));
        }

        #[test]
        fn a_text_is_not_what_it_begins_with(
            text in proptest::collection::vec(any::<u8>(), 0..80),
            end: prop::sample::Index,
        ) {
            let beginning = &text[..end.index(text.len() + 1)];
            let is_all = beginning.len() == text.len();
            prop_assert_eq!(equal(beginning, &text), is_all);
            prop_assert_eq!(equal(&text, beginning), is_all);
        }
    }

    #[test]
    fn only_the_first_separator_counts() {
        assert_eq!(split_once(b"a=b=c", b'='), (&b"a"[..], &b"b=c"[..]));
        assert_eq!(split_once(b"a=", b'='), (&b"a"[..], &b""[..]));
        assert_eq!(split_once(b"a", b'='), (&b"a"[..], &b""[..]));
    }

    #[test]
    fn every_byte_is_found_among_all_others() {
        let all: Vec<u8> = (0..=255).collect();
        for byte in 0..=255 {
            assert_eq!(find(&all, byte), Some(usize::from(byte)));
        }
    }
}
