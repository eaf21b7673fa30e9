//! When a document is fetched next.

use kfwasm_config::Duration;
use serde::{Deserialize, Serialize};

use crate::entropy::Entropy;
use crate::random;
use crate::time::UnixTime;

/// The state of fetching one document, shared by all workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Schedule {
    /// When the document was last fetched with success, if it ever was.
    fetched_at: Option<UnixTime>,
    /// When a fetch was last begun, if one ever was.
    begun_at: Option<UnixTime>,
    /// Before when the workers do not fetch by themselves.
    next_at: UnixTime,
    /// Fetches that failed since the last success.
    failures: u32,
}

/// How long a document is used when the provider does not say (`cache-control`), in seconds.
const USUAL_AGE: u64 = 3600;
/// Bounds on what the provider says.
const SHORTEST_AGE: u64 = 300;
const LONGEST_AGE: u64 = 24 * 3600;
/// How often unknown keys may cause a fetch, in seconds.
const EARLY_FETCH: u64 = 10;
/// Longest pause after failures, in seconds.
const LONGEST_PAUSE: u64 = 60;

impl Schedule {
    pub(super) fn fetched_at(self) -> Option<UnixTime> {
        self.fetched_at
    }

    /// A time further off than any that is ever set comes of a clock that was wrong then.
    pub(super) fn is_due(self, now: UnixTime) -> bool {
        now >= self.next_at || self.next_at > now.plus(LONGEST_AGE)
    }

    /// How many seconds to leave the provider alone after failures; `None` when it may be asked.
    pub(super) fn backing_off(self, now: UnixTime) -> Option<u64> {
        let pause = self.next_at.seconds_since(now);
        (self.failures > 0 && pause > 0).then_some(pause)
    }

    /// In how many seconds an unknown key may cause a fetch; `None` when it may now.
    pub(super) fn early_fetch_in(self, now: UnixTime) -> Option<u64> {
        let last = self.begun_at.max(self.fetched_at);
        let since = last.and_then(|last| now.since(last));
        let pause = since.and_then(|seconds| EARLY_FETCH.checked_sub(seconds));
        let pause = pause.filter(|seconds| *seconds > 0);
        pause.max(self.backing_off(now))
    }

    /// A fetch is under way: no worker begins another before it must have ended.
    pub(super) fn begun(self, now: UnixTime, timeout: Duration) -> Self {
        Self {
            begun_at: Some(now),
            next_at: now.plus(timeout.as_secs()).plus(1),
            ..self
        }
    }

    /// The document has come. It is fetched again when four fifths of its age are over, a little earlier or later so that
    /// gateways do not all ask at once.
    pub(super) fn succeeded(
        self,
        now: UnixTime,
        cache_control: Option<&[u8]>,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let age = max_age(cache_control.unwrap_or_default())
            .unwrap_or(USUAL_AGE)
            .clamp(SHORTEST_AGE, LONGEST_AGE);
        let (fifth, tenth) = (age / 5, age / 10);
        let pause = age
            .saturating_sub(fifth)
            .saturating_sub(up_to(tenth, entropy));
        Self {
            fetched_at: Some(now),
            next_at: now.plus(pause),
            failures: 0,
            ..self
        }
    }

    /// The document has not come: the pause doubles from 1 s to 60 s, of which a random half is waited at least.
    pub(super) fn failed(self, now: UnixTime, entropy: &mut dyn Entropy) -> Self {
        let doubled = 1_u64.checked_shl(self.failures).unwrap_or(LONGEST_PAUSE);
        let longest = doubled.clamp(1, LONGEST_PAUSE);
        let pause = longest.saturating_sub(up_to(longest / 2, entropy));
        Self {
            next_at: now.plus(pause),
            failures: self.failures.saturating_add(1),
            ..self
        }
    }
}

/// A random number of seconds, at most `most`; none where there is no randomness, for it only spreads load.
fn up_to(most: u64, entropy: &mut dyn Entropy) -> u64 {
    let random = random::bytes::<4>(entropy).unwrap_or_default();
    u64::from(u32::from_le_bytes(random))
        .checked_rem(most.saturating_add(1))
        .unwrap_or(0)
}

/// The `max-age` of a `cache-control` header (RFC 9111 §5.2.2.1).
fn max_age(cache_control: &[u8]) -> Option<u64> {
    let text = core::str::from_utf8(cache_control).ok()?;
    text.split(',')
        .find_map(|directive| directive.trim().strip_prefix("max-age="))
        .and_then(|seconds| seconds.trim_matches('"').parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_AGE, LONGEST_PAUSE, SHORTEST_AGE, Schedule};
    use crate::entropy::predictable::Zeroes;
    use crate::time::UnixTime;

    const NOW: UnixTime = UnixTime(1_000_000);

    #[test]
    fn a_document_is_fetched_again_before_it_is_too_old() {
        for (cache_control, age) in [
            (None, 3600),
            (Some(&b"public, max-age=7200"[..]), 7200),
            (Some(b"max-age=1"), SHORTEST_AGE),
            (Some(b"max-age=99999999"), LONGEST_AGE),
            (Some(b"max-age=\xff"), 3600),
        ] {
            let schedule = Schedule::default().succeeded(NOW, cache_control, &mut Zeroes);

            assert!(!schedule.is_due(NOW));
            assert!(schedule.is_due(NOW.plus(age * 4 / 5)), "{cache_control:?}");
        }
    }

    #[test]
    fn failures_make_the_pause_longer_but_never_longer_than_a_minute() {
        let mut schedule = Schedule::default();
        let mut pauses = Vec::new();
        for _ in 0..80 {
            schedule = schedule.failed(NOW, &mut Zeroes);
            pauses.push(schedule.backing_off(NOW).unwrap_or(0));
        }

        assert_eq!(pauses.get(..7), Some(&[1, 2, 4, 8, 16, 32, 60][..]));
        assert!(pauses.iter().all(|pause| *pause <= LONGEST_PAUSE));
    }

    #[test]
    fn a_clock_that_was_wrong_does_not_stop_the_fetching() {
        let ahead = NOW.plus(365 * 24 * 3600);
        let schedule = Schedule::default().succeeded(ahead, None, &mut Zeroes);

        assert!(schedule.is_due(NOW));
        assert_eq!(schedule.early_fetch_in(NOW), None);
    }

    #[test]
    fn unknown_keys_cause_one_fetch_in_ten_seconds() {
        let schedule = Schedule::default().begun(NOW, kfwasm_config::Duration::from_secs(5));

        assert_eq!(schedule.early_fetch_in(NOW.plus(9)), Some(1));
        assert_eq!(schedule.early_fetch_in(NOW.plus(10)), None);
    }
}
