use crate::refusal::Refusal;

/// A point in time in UTC, such as `2026-11-24T12:00:00Z` (RFC 3339 §5.6), to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        from = "String",
        into = "String",
        extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
    )
)]
pub struct PointInTime(u64);

impl PointInTime {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds_since_epoch(self) -> u64 {
        self.0
    }

    /// Reads a time from 1970 to 9999.
    ///
    /// # Errors
    /// When it is written otherwise, or no such day or time exists.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        read(text.as_bytes()).map(Self).ok_or_else(|| {
            Refusal::quoting(
                text,
                "is not a time in UTC",
                "write it as 2026-11-24T12:00:00Z, as from `date -u +%FT%TZ`",
            )
        })
    }
}

fn read(text: &[u8]) -> Option<u64> {
    let (date, time) = text.strip_suffix(b"Z")?.split_at_checked(11)?;
    let (year, month, day) = three(date.strip_suffix(b"T")?, 4, b'-')?;
    let (hour, minute, second) = three(time, 2, b':')?;
    let exists = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(month, year)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let of_day = hour
        .wrapping_mul(3600)
        .wrapping_add(minute.wrapping_mul(60))
        .wrapping_add(second);
    exists.then(|| {
        days_before(year, month)
            .wrapping_add(day)
            .wrapping_sub(1)
            .wrapping_mul(86_400)
            .wrapping_add(of_day)
    })
}

/// Three numbers of digits with `separator` between them; the first has `first` digits, the others two.
fn three(text: &[u8], first: usize, separator: u8) -> Option<(u64, u64, u64)> {
    let mut parts = text.split(|byte| *byte == separator);
    let numbers = (
        number(parts.next()?, first)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    parts.next().is_none().then_some(numbers)
}

fn number(text: &[u8], digits: usize) -> Option<u64> {
    let fits = text.len() == digits && text.iter().all(u8::is_ascii_digit);
    let text = core::str::from_utf8(text).ok()?;
    fits.then(|| text.parse().ok())?
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of(month: u64, year: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first of the month.
fn days_before(year: u64, month: u64) -> u64 {
    let years = (1970..year).map(|it| if is_leap(it) { 366 } else { 365 });
    let months = (1..month).map(|it| days_of(it, year));
    years.chain(months).sum()
}

#[cfg(test)]
mod tests {
    use super::PointInTime;

    #[test]
    fn times_are_read_to_the_second() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-11-24T12:00:00Z", 1_795_521_600),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            let read = PointInTime::parse(text).unwrap();
            assert_eq!(read.seconds_since_epoch(), seconds, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "1795521600",
            "2026-11-24",
            "2026-11-24T12:00:00",
            "2026-11-24T12:00:00+01:00",
            "2026-11-24 12:00:00Z",
            "2026-02-29T12:00:00Z",
            "2100-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-00-01T12:00:00Z",
            "2026-11-31T12:00:00Z",
            "2026-11-00T12:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T12:60:00Z",
            "2026-11-24T12:00:60Z",
            "2026-11-24T12:00:00.5Z",
            "+026-11-24T12:00:00Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert!(PointInTime::parse(text).is_err(), "{text}");
        }
    }
}
