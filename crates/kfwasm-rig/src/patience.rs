use std::thread;
use std::time::{Duration, Instant};

use crate::RigError;

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks until `look` finds what it looks for, at most for `patience`.
///
/// # Errors
/// [`RigError::TimedOut`] naming `what`, when it was not found in time.
pub fn wait_until<T>(
    what: &str,
    patience: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> Result<T, RigError> {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(RigError::TimedOut {
                what: what.to_owned(),
                seconds: patience.as_secs(),
            });
        }
        thread::sleep(BETWEEN_LOOKS);
    }
}
