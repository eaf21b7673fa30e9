use core::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Shortest key in bytes.
const SHORTEST: usize = 32;
/// Most keys in a ring: each costs a comparison per foreign cookie.
const MOST: usize = 8;

/// Why what `session.keys` leads to is no key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKeysFault {
    /// There is no key in it.
    Empty,
    /// The key at this position, counted from 1, is not base64.
    Encoding(usize),
    /// The key at this position, counted from 1, has fewer than 32 bytes.
    TooShort(usize),
    /// There are more than 8 keys.
    TooMany,
}

/// Reads the keys that `session.keys` leads to: base64 or base64url (RFC 4648 §4, §5), padded or not, separated by commas or
/// white space.
///
/// # Errors
/// The first thing that is wrong with it; never what is in it.
pub fn session_keys(text: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>, SessionKeysFault> {
    let separator = |byte: &u8| *byte == b',' || byte.is_ascii_whitespace();
    let keys: Vec<_> = text
        .split(separator)
        .filter(|key| !key.is_empty())
        .enumerate()
        .map(|(index, key)| decoded(key, index.saturating_add(1)))
        .collect::<Result<_, _>>()?;
    match keys.len() {
        0 => Err(SessionKeysFault::Empty),
        1..=MOST => Ok(keys),
        _ => Err(SessionKeysFault::TooMany),
    }
}

fn decoded(text: &[u8], position: usize) -> Result<Zeroizing<Vec<u8>>, SessionKeysFault> {
    let standard: Vec<u8> = text.iter().map(to_standard_alphabet).collect();
    let standard = Zeroizing::new(standard);
    let key = EITHER_PADDING.decode(standard.as_slice());
    let key = Zeroizing::new(key.map_err(|_| SessionKeysFault::Encoding(position))?);
    match key.len() {
        SHORTEST.. => Ok(key),
        _ => Err(SessionKeysFault::TooShort(position)),
    }
}

const EITHER_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn to_standard_alphabet(byte: &u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    }
}

impl fmt::Display for SessionKeysFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("holds no key"),
            Self::Encoding(position) => write!(formatter, "key {position} is not base64"),
            Self::TooShort(position) => {
                write!(formatter, "key {position} is shorter than {SHORTEST} bytes")
            }
            Self::TooMany => write!(formatter, "holds more than {MOST} keys"),
        }
    }
}
