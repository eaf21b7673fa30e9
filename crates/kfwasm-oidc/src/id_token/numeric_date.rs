//! Dates in tokens.

use serde_json::Value;

use crate::time::UnixTime;

/// The end of the year 9999: a later date is a mistake, such as milliseconds in place of seconds.
const LATEST: u64 = 253_402_300_799;

/// Reads a NumericDate (RFC 7519 §2): seconds since the epoch, perhaps with a fraction, which is
/// dropped.
pub(super) fn parse(value: &Value) -> Option<UnixTime> {
    let seconds = value.as_u64().or_else(|| whole_seconds(value.as_f64()?))?;
    (seconds <= LATEST).then_some(UnixTime(seconds))
}

fn whole_seconds(seconds: f64) -> Option<u64> {
    // The cast cannot wrap: it saturates, and what is out of range is refused either way.
    (seconds >= 0.0).then_some(seconds as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{UnixTime, parse};

    #[test]
    fn a_date_is_a_number_of_seconds() {
        assert_eq!(parse(&json!(1_700_000_000)), Some(UnixTime(1_700_000_000)));
        assert_eq!(
            parse(&json!(1_700_000_000.9)),
            Some(UnixTime(1_700_000_000))
        );
        assert_eq!(parse(&json!(1.7e9)), Some(UnixTime(1_700_000_000)));
        assert_eq!(parse(&json!(0)), Some(UnixTime(0)));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for value in [
            json!(-1),
            json!(-0.5),
            json!("1700000000"),
            json!(1_700_000_000_000_u64),
            json!(1e300),
            json!(u64::MAX),
            json!(null),
            json!([1]),
        ] {
            assert_eq!(parse(&value), None, "{value}");
        }
    }
}
