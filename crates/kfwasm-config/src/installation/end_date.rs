use jiff::civil::Date;

use crate::refusal::Refusal;

/// The day, in UTC, in which something ends: `2027-05-28` (`full-date` of RFC 3339 §5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndDate(Date);

impl EndDate {
    /// Reads a date.
    ///
    /// # Errors
    /// When it is written otherwise, or there is no such day.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let read = text.parse().ok();
        // ISO 8601 has more ways to write a day, and years of six digits.
        let plain = read.filter(|date: &Date| date.year() >= 0 && date.to_string() == text);
        plain.map(Self).ok_or_else(|| {
            Refusal::quoting(
                text,
                "is not a date",
                "write year, month and day, such as 2027-05-28",
            )
        })
    }

    /// The day.
    pub const fn date(self) -> Date {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::EndDate;

    #[test]
    fn a_day_is_read() {
        for (text, day) in [
            ("2027-05-28", date(2027, 5, 28)),
            ("2028-02-29", date(2028, 2, 29)),
        ] {
            assert_eq!(EndDate::parse(text).unwrap().date(), day);
        }
    }

    #[test]
    fn what_is_written_otherwise_or_is_no_day_is_refused() {
        for text in [
            "",
            "soon",
            "2027",
            "2027-5-28",
            "20270528",
            "28.05.2027",
            "2027-02-29",
            "2027-13-01",
            "2027-05-28T00:00:00Z",
            "2027-05-28 ",
            "-000001-05-28",
            "+002027-05-28",
        ] {
            assert!(EndDate::parse(text).is_err(), "{text}");
        }
    }
}
