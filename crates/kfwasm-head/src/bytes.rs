//! Looking through bytes eight at a time: in Wasm the standard library goes one by one, which is felt with the cookies of
//! every request.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Where the byte stands first.
#[must_use]
#[inline(never)]
pub fn find(haystack: &[u8], byte: u8) -> Option<usize> {
    let (words, rest) = haystack.as_chunks::<8>();
    let pattern = ONES.wrapping_mul(u64::from(byte));
    for (index, word) in words.iter().enumerate() {
        let differences = u64::from_le_bytes(*word) ^ pattern;
        // The lowest high bit that is set belongs to the first byte without a difference; those above it may be wrong.
        let found = differences.wrapping_sub(ONES) & !differences & HIGH_BITS;
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let place = rest.iter().position(|it| *it == byte)?;
    Some(words.len() * 8 + place)
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

/// Whether they are the same; the first difference ends it, so that nothing secret may be compared with what a stranger chooses.
#[must_use]
#[inline(never)]
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    let ((words, rest), (other_words, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let same =
        |(one, other): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*one) == u64::from_ne_bytes(*other);
    one.len() == other.len() && words.iter().zip(other_words).all(same) && rest == other_rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{equal, find, split, split_once};

    proptest! {
        #[test]
        fn a_byte_is_found_where_the_standard_library_finds_it(
            text in proptest::collection::vec(0x39_u8..0x3E, 0..40),
        ) {
            prop_assert_eq!(find(&text, b';'), text.iter().position(|it| *it == b';'));
        }

        #[test]
        fn parts_are_those_of_the_standard_library(
            text in proptest::collection::vec(0x3A_u8..0x3D, 0..40),
        ) {
            let parts: Vec<_> = text.split(|it| *it == b';').collect();
            prop_assert_eq!(split(&text, b';').collect::<Vec<_>>(), parts);
        }

        #[test]
        fn a_change_anywhere_is_a_difference(
            text in proptest::collection::vec(any::<u8>(), 1..40),
            place: prop::sample::Index,
        ) {
            let mut changed = text.clone();
            changed[place.index(text.len())] ^= 1;
            prop_assert!(equal(&text, &text.clone()));
            prop_assert!(!equal(&text, &changed));
            prop_assert!(!equal(&text, &text[1..]));
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
