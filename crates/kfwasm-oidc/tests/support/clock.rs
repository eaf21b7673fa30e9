use std::cell::Cell;
use std::rc::Rc;

use kfwasm_oidc::time::UnixTime;

pub(crate) const MINUTE: u64 = 60;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// What time it is, for all parts alike. It stands still unless a test moves it.
#[derive(Clone)]
pub(crate) struct Clock(Rc<Cell<u64>>);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Cell::new(1_800_000_000)))
    }

    pub(crate) fn now(&self) -> UnixTime {
        UnixTime(self.0.get())
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.set(self.0.get() + seconds);
    }
}
