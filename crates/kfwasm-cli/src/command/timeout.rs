use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

/// Nobody waits longer, and a clock can add it.
const LONGEST: Duration = Duration::from_hours(24);

/// How long is waited.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct TimeoutArgs {
    /// How long to wait for each object, and for the filter to decide: 5m, 90s, 1m30s; a number alone is seconds.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = parse)]
    timeout: Duration,
}

impl TimeoutArgs {
    pub(crate) fn limit(&self) -> Duration {
        self.timeout
    }
}

/// Reads a duration as kubectl and helm spell it: more than nothing, and 24 hours at the most.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let spelt = || text.parse::<SignedDuration>().ok();
    let spelt = || spelt().and_then(|it| Duration::try_from(it).ok());
    match seconds.or_else(spelt) {
        None => Err("write it like 5m, 90s or 1m30s".to_owned()),
        Some(limit) if limit.is_zero() || limit > LONGEST => {
            Err("it is more than 0, and 24h at the most".to_owned())
        }
        Some(limit) => Ok(limit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_spelt_as_for_kubectl_and_helm() {
        for (text, seconds) in [
            ("300", 300),
            ("5m", 300),
            ("1m30s", 90),
            ("1h", 3600),
            ("24h", 86_400),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "soon", "-5s", "5 minutes and a half", "5x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_time_at_all_and_more_than_a_day_are_refused() {
        for text in ["0", "0s", "86401", "25h", "18446744073709551615"] {
            assert!(parse(text).unwrap_err().contains("24h"), "{text}");
        }
    }
}
