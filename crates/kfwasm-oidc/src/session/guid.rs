//! Identifiers by which Microsoft Entra ID names groups and users (RFC 9562).

/// A GUID: 36 characters in a token, at most 16 bytes in a cookie.
pub(super) type Guid = [u8; 16];

/// Where the hyphens of a GUID stand (RFC 9562 §4).
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// The GUID that a text is. Only what [`write`] makes of it again is one: upper-case letters are not.
pub(super) fn parse(text: &str) -> Option<Guid> {
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
    let mut guid = Guid::default();
    for (byte, pair) in guid.iter_mut().zip(digits.as_chunks::<2>().0) {
        let [high, low] = pair;
        *byte = high << 4 | low;
    }
    Some(guid)
}

/// Writes the text of a GUID behind `text`.
pub(super) fn write(guid: &Guid, text: &mut Vec<u8>) {
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

/// Bits of a random GUID that are random.
pub(super) const RANDOM_BITS: u32 = 122;

const LOW: u128 = (1 << 62) - 1;
const MIDDLE: u128 = (1 << 12) - 1;

/// The random bits of a GUID of version 4 (RFC 9562 §5.4), without those of version and variant.
pub(super) fn random_bits(guid: &Guid) -> Option<u128> {
    let whole = u128::from_be_bytes(*guid);
    let (version, variant) = (whole >> 76 & 0xF, whole >> 62 & 0b11);
    let bits = (whole >> 80) << 74 | (whole >> 64 & MIDDLE) << 62 | whole & LOW;
    (version == 4 && variant == 0b10).then_some(bits)
}

/// The GUID of version 4 with these random bits.
pub(super) fn of_random_bits(bits: u128) -> Guid {
    let (high, middle, low) = (bits >> 74, bits >> 62 & MIDDLE, bits & LOW);
    let whole = high << 80 | 4 << 76 | middle << 64 | 0b10 << 62 | low;
    whole.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{of_random_bits, parse, random_bits, write};

    const RANDOM: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    #[test]
    fn a_guid_comes_back_as_it_was() {
        let guid = parse(RANDOM).unwrap();

        let mut text = Vec::new();
        write(&guid, &mut text);

        assert_eq!(text, RANDOM.as_bytes());
        assert_eq!(random_bits(&guid).map(of_random_bits), Some(guid));
    }

    #[test]
    fn what_would_not_come_back_the_same_is_no_guid() {
        for text in [
            "data-science",
            "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5b0d9cb-469f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_guid_of_another_version_or_variant_is_not_taken_for_a_random_one() {
        for text in [
            "0f8fad5b-d9cb-169f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-c165-70867728950e",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(random_bits(&parse(text).unwrap()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn random_bits_and_guids_stand_for_each_other(bits in 0_u128..1 << 122) {
            prop_assert_eq!(random_bits(&of_random_bits(bits)), Some(bits));
        }
    }
}
