//! Sealed bytes as the value of a cookie.

use crate::jose::base64url;

/// What a dense text begins with; no base64url has it.
const DENSE: u8 = b'~';

/// 85 of the 90 characters that a cookie may hold (RFC 6265 §4.1.1). Left out are those that mean something between the
/// quotes of a shell or a program (`'`, `` ` ``, `$`, `!`), and `%`, which some would decode.
const ALPHABET: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#&()*+-./:<=>?@[]^_{|}~";

/// The bytes as base64url, which can be copied by a double click and needs no quotes anywhere; where that is longer than
/// `room`, in a form that needs 5 characters for 4 bytes.
pub(super) fn encode(bytes: &[u8], room: usize) -> String {
    let text = base64url::encode(bytes);
    if text.len() <= room {
        return text;
    }
    let mut dense = vec![DENSE];
    for group in bytes.chunks(4) {
        let value = group
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte));
        write_digits(value, group.len().saturating_add(1), &mut dense);
    }
    String::from_utf8_lossy(&dense).into_owned()
}

/// The bytes of either form. Strict: a sequence of bytes has one spelling in each.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let Some((&DENSE, dense)) = text.split_first() else {
        return base64url::decode(text);
    };
    if dense.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    for group in dense.chunks(5) {
        let size = group.len().checked_sub(1).filter(|size| *size > 0)?;
        let value = read_digits(group)?;
        let bits = u32::try_from(size).ok()?.checked_mul(8)?;
        if value.checked_shr(bits)? != 0 {
            return None;
        }
        bytes.extend_from_slice(
            value
                .to_be_bytes()
                .last_chunk::<4>()?
                .get(4_usize.checked_sub(size)?..)?,
        );
    }
    Some(bytes)
}

fn write_digits(mut value: u64, count: usize, text: &mut Vec<u8>) {
    let mut digits = [0; 5];
    for digit in digits.iter_mut().take(count) {
        let place = usize::try_from(value % 85).unwrap_or(0);
        *digit = ALPHABET.get(place).copied().unwrap_or_default();
        value /= 85;
    }
    text.extend(digits.iter().take(count).rev());
}

fn read_digits(group: &[u8]) -> Option<u64> {
    group.iter().try_fold(0_u64, |value, character| {
        let digit = DIGITS
            .get(usize::from(*character))
            .copied()
            .filter(|it| *it < 85)?;
        Some(value * 85 + u64::from(digit))
    })
}

/// The digit of each character; 255 where it is none.
const DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let mut digits = [255; 256];
    let mut rest: &[u8] = ALPHABET;
    let mut digit = 0;
    while let [character, others @ ..] = rest {
        #[expect(
            clippy::indexing_slicing,
            reason = "runs while compiling, in bounds for every u8"
        )]
        {
            digits[*character as usize] = digit;
        }
        digit += 1;
        rest = others;
    }
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ALPHABET, decode, encode};

    #[test]
    fn the_dense_form_is_made_of_characters_that_a_cookie_may_hold() {
        let mut seen = ALPHABET.to_vec();
        seen.sort_unstable();
        seen.dedup();

        assert_eq!(seen.len(), 85);
        // RFC 6265 §4.1.1: cookie-octet.
        assert!(
            seen.iter().all(
                |it| matches!(it, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E)
            )
        );
        assert!(seen.iter().all(|it| !b"'`$!%".contains(it)));
    }

    #[test]
    fn what_fits_is_base64url() {
        assert_eq!(encode(&[0xfb, 0xff], 3), "-_8");
        assert_eq!(encode(&[0xfb, 0xff], 2).chars().next(), Some('~'));
    }

    #[test]
    fn a_dense_text_with_anything_else_in_it_is_none() {
        let text = encode(&[1, 2, 3, 4, 5, 6], 0);
        assert_eq!(text.len(), 1 + 5 + 3);

        for other in [
            "~0",
            "~~~~~~",
            "~00000!0",
            "~00000'",
            "~00000\"0",
            "~~~",
            "~",
        ] {
            assert_eq!(decode(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in any::<Vec<u8>>(), room in 0_usize..100) {
            prop_assert_eq!(decode(encode(&bytes, room).as_bytes()), Some(bytes));
        }

        #[test]
        fn a_dense_text_has_one_spelling(text in "~[0-9A-Za-z#&()*+./:<=>?@\\[\\]^_{|}~-]{0,24}") {
            if let Some(bytes) = decode(text.as_bytes()) {
                prop_assert_eq!(encode(&bytes, 0), text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<Vec<u8>>()) {
            decode(&text);
            decode(&[b"~", text.as_slice()].concat());
        }
    }
}
