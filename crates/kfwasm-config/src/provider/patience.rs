//! How patient the gateway is with a provider: with its clock, and with its answers.

use crate::duration::Duration;
use crate::read::object::Object;

pub(crate) const CLOCK_SKEW: &str = "60s";
pub(crate) const TIMEOUT: &str = "5s";

/// Reads how far its clock may differ from the gateway's.
pub(crate) fn read_clock_skew(object: &mut Object<'_>) -> Option<Duration> {
    object.or_default("clockSkew", CLOCK_SKEW, &|text| {
        Duration::parse_within(text, 0..=300)
    })
}

/// Reads how long it may take to answer.
pub(crate) fn read_timeout(object: &mut Object<'_>) -> Option<Duration> {
    object.or_default("timeout", TIMEOUT, &|text| {
        Duration::parse_within(text, 1..=30)
    })
}
