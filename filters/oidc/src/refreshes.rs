//! Refreshes of sessions: begun by the streams that need them, carried out by the root, which outlives them.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use kfwasm_oidc::time::UnixTime;
use kfwasm_oidc::{Refresh, Refreshed};

use crate::gateway::Gateway;
use crate::host_calls;

/// The refreshes that streams have begun and that the root has not seen yet.
#[derive(Clone, Default)]
pub(crate) struct Begun(Rc<RefCell<Vec<Beginning>>>);

/// A refresh that is to be carried out.
pub(crate) struct Beginning {
    pub(crate) gateway: Rc<Gateway>,
    pub(crate) refresh: Box<Refresh>,
    pub(crate) companion: Rc<Companion>,
}

/// What a stream and the refresh beside it know of each other.
#[derive(Default)]
pub(crate) struct Companion {
    state: RefCell<State>,
    /// The stream whose response waits, and since when.
    waiting: Cell<Option<(u32, UnixTime)>>,
}

#[derive(Default)]
enum State {
    #[default]
    UnderWay,
    Ended(Option<Refreshed>),
}

/// For how long a response waits at the most, in seconds. What comes later is there for the next request.
const LONGEST_WAIT: u64 = 3;

/// How soon the root looks after new refreshes, in milliseconds.
const SOON: u32 = 1;

impl Begun {
    /// Leaves the refresh to the root.
    pub(crate) fn begin(&self, gateway: Rc<Gateway>, refresh: Box<Refresh>) -> Rc<Companion> {
        let companion = Rc::new(Companion::default());
        if let Ok(mut begun) = self.0.try_borrow_mut() {
            begun.push(Beginning {
                gateway,
                refresh,
                companion: Rc::clone(&companion),
            });
        }
        host_calls::set_tick_period(SOON);
        companion
    }

    pub(crate) fn take(&self) -> Vec<Beginning> {
        self.0.take()
    }
}

impl Companion {
    /// What the refresh has brought; `None` while it is under way, for which the response of the stream then waits.
    pub(crate) fn end_or_wait(&self, stream: u32) -> Option<Option<Refreshed>> {
        match self.state.take() {
            State::Ended(refreshed) => Some(refreshed),
            State::UnderWay => {
                self.waiting.set(Some((stream, host_calls::now())));
                None
            }
        }
    }

    /// The stream is gone, or does not wait any more.
    pub(crate) fn leave(&self) {
        self.waiting.set(None);
    }

    /// The refresh is over, says the `root`: the response that waits goes on with the new cookies, or else a later one takes them.
    pub(crate) fn end(&self, refreshed: Option<Refreshed>, root: u32) {
        match self.waiting.take() {
            Some((stream, _)) => host_calls::resume_response(stream, root, || {
                refreshed.iter().for_each(set_cookies);
            }),
            None => drop(self.state.replace(State::Ended(refreshed))),
        }
    }

    /// Lets a response go on that has waited long enough.
    pub(crate) fn release_if_late(&self, now: UnixTime, root: u32) {
        let late = |(_, since): &(u32, UnixTime)| now.seconds_since(*since) >= LONGEST_WAIT;
        if let Some((stream, _)) = self.waiting.get().filter(late) {
            self.waiting.set(None);
            host_calls::resume_response(stream, root, || {});
        }
    }
}

/// Gives the browser the cookies of a refreshed session with the response of the current stream.
pub(crate) fn set_cookies(refreshed: &Refreshed) {
    if !refreshed.is_current(host_calls::now()) {
        return;
    }
    for cookie in &refreshed.cookies {
        host_calls::set_session_cookie(cookie);
    }
}
