//! Points in time.

use kfwasm_config::PointInTime;
use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds ignored: the `NumericDate` of RFC 7519 §2
/// without its fraction.
///
/// The core never reads a clock: whoever calls it says what time it is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct UnixTime(pub u64);

impl UnixTime {
    /// This time `seconds` later; at the end of time, the end of time.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This time `seconds` earlier; before 1970, 1970.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// How many seconds have gone by since `earlier`; 0 when that is still to come.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How many seconds have gone by since `earlier`; `None` when that is still to come.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Option<u64> {
        self.0.checked_sub(earlier.0)
    }
}

impl From<PointInTime> for UnixTime {
    fn from(time: PointInTime) -> Self {
        Self(time.seconds_since_epoch())
    }
}
