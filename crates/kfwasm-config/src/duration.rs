use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use crate::refusal::Refusal;

/// A length of time in whole seconds, written with units: `90s`, `15m`, `12h`, `7d`, `1h30m`; at
/// most 400 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        from = "String",
        into = "String",
        extend("pattern" = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$", "minLength" = 2)
    )
)]
pub struct Duration(u64);

/// Seconds per unit, longest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Duration {
    /// The longest time a browser keeps a cookie (RFC 6265bis §5.5), and so the longest that
    /// anything here may last.
    pub const LONGEST: Self = Self(400 * 86_400);

    /// So many seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The length in seconds.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0.saturating_mul(1_000)
    }

    /// Reads numbers with units, longest unit first, each at most once.
    ///
    /// # Errors
    /// Says what is wrong about it.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match read_units(text) {
            Some(seconds) if seconds <= Self::LONGEST.0 => Ok(Self(seconds)),
            Some(_) => Err(Refusal::quoting(
                text,
                "is longer than 400 days",
                "write less",
            )),
            None => Err(Refusal::quoting(
                text,
                "is not a duration",
                "write whole numbers with units, such as 90s, 15m, 12h, 7d or 1h30m",
            )),
        }
    }

    /// Reads a duration that must lie within so many seconds.
    pub(crate) fn parse_within(text: &str, seconds: RangeInclusive<u64>) -> Result<Self, Refusal> {
        let duration = Self::parse(text)?;
        if seconds.contains(&duration.0) {
            return Ok(duration);
        }
        let (least, most) = seconds.into_inner();
        Err(Refusal {
            advice: Cow::Owned(format!("write {} to {}", Self(least), Self(most))),
            ..Refusal::quoting(text, "is out of bounds", "")
        })
    }
}

/// As whole numbers of the longest unit that leaves no rest.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut units = UNITS.into_iter();
        let whole = units.find(|(_, seconds)| self.0 > 0 && self.0.is_multiple_of(*seconds));
        let (unit, seconds) = whole.unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

fn read_units(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    for (unit, seconds) in UNITS {
        if let Some((number, after)) = rest.split_once(unit) {
            total = total.checked_add(read_number(number)?.checked_mul(seconds)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

fn read_number(text: &str) -> Option<u64> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}
