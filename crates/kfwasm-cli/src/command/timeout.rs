use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

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

/// Reads a duration as kubectl and helm spell it.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let spelt = || text.parse::<SignedDuration>().ok();
    let spelt = || spelt().and_then(|it| Duration::try_from(it).ok());
    seconds
        .or_else(spelt)
        .ok_or_else(|| "write it like 5m, 90s or 1m30s".to_owned())
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
            ("0", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "soon", "-5s", "5 minutes and a half", "5x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
