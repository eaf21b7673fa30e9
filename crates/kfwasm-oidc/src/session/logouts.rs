//! Sessions that the provider has ended (OpenID Connect Back-Channel Logout 1.0, Front-Channel Logout 1.0).

use core::cmp::Ordering;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::record::Session;
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::shared_data::{NotWritten, Version};
use crate::time::UnixTime;

/// Whose sessions are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Named {
    /// Those of one session at the provider, by its `sid`.
    Session,
    /// All of one user, by `sub`.
    User,
}

/// The end of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logout {
    pub(crate) named: Named,
    /// `sid` or `sub`.
    pub(crate) name: String,
    /// The name of the provider.
    pub(crate) provider: String,
    /// Sessions that began later go on, in seconds since the epoch.
    pub(crate) before: u64,
    /// When it can be forgotten, because the last of them would be over anyway.
    pub(crate) until: u64,
}

/// How a logout came to be known. What everybody can send is kept apart, so that it cannot push out what the provider signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Back,
    Front,
}

/// The logouts that one worker knows of. All workers of an Envoy learn of each within a second, by shared data; the worker
/// that took it knows at once. Other gateways do not learn of it (docs/decisions/020-provider-logout.md).
pub(crate) struct ProviderLogouts {
    keys: Rc<KeyRing>,
    back: Known,
    front: Known,
}

/// Logouts in the order of [`Logout::key`], and where they are shared.
struct Known {
    entry: String,
    most: usize,
    logouts: Vec<Logout>,
    seen: Option<Version>,
}

/// Most logouts that are known at a time.
const MOST: usize = 1024;
/// Most of those that everybody can send.
const MOST_UNSIGNED: usize = 256;

/// How often to try again while other workers write too.
const ATTEMPTS: usize = 8;

impl Logout {
    fn key(&self) -> (Named, &str, &str) {
        (self.named, &self.name, &self.provider)
    }

    fn join(&mut self, other: &Self) {
        self.before = self.before.max(other.before);
        self.until = self.until.max(other.until);
    }
}

impl ProviderLogouts {
    /// `registration` tells these logouts from those of other plugins' sessions.
    pub(crate) fn new(keys: Rc<KeyRing>, registration: &str) -> Self {
        let known = |channel: &str, most| Known {
            entry: ["kfwasm.logouts-", channel, ".", registration].concat(),
            most,
            logouts: Vec::new(),
            seen: None,
        };
        Self {
            keys,
            back: known("back", MOST),
            front: known("front", MOST_UNSIGNED),
        }
    }

    /// Whether the provider has ended the session. Asked at every request, and for nothing while there are no logouts.
    pub(crate) fn end(&self, session: &Session) -> bool {
        self.back.end(session) || self.front.end(session)
    }

    /// Learns of the logouts that other workers took. To be asked about once a second.
    pub(crate) fn learn(&mut self, host: &mut Host<'_>) {
        self.back.learn(&self.keys, host);
        self.front.learn(&self.keys, host);
    }

    /// Ends sessions: here at once, and in the other workers when they next look.
    ///
    /// # Errors
    /// The other workers could not be told.
    pub(crate) fn note(
        &mut self,
        channel: Channel,
        logout: Logout,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let known = match channel {
            Channel::Back => &mut self.back,
            Channel::Front => &mut self.front,
        };
        known.note(logout, &self.keys, host)
    }
}

impl Known {
    fn end(&self, session: &Session) -> bool {
        if self.logouts.is_empty() {
            return false;
        }
        let is_ended = |named, name| {
            let logout = self.find(named, name, &session.provider);
            logout.is_some_and(|it| session.signed_in_at <= it.before)
        };
        let sid = session.provider_session.as_deref();
        sid.is_some_and(|sid| is_ended(Named::Session, sid))
            || is_ended(Named::User, &session.subject)
    }

    fn find(&self, named: Named, name: &str, provider: &str) -> Option<&Logout> {
        let place = self.place((named, name, provider)).ok()?;
        self.logouts.get(place)
    }

    fn place(&self, key: (Named, &str, &str)) -> Result<usize, usize> {
        let order = |it: &Logout| -> Ordering { it.key().cmp(&key) };
        self.logouts.binary_search_by(order)
    }

    /// Another plugin can delete the entry, but not make a worker forget what it knows already.
    fn learn(&mut self, keys: &KeyRing, host: &mut Host<'_>) {
        self.logouts.retain(|it| it.until > host.now.0);
        let (shared, version) = self.read(keys, host);
        if version.is_none() {
            // Only an entry that is there is written by comparing and swapping.
            let _: Result<(), NotWritten> = self.write(&self.logouts, None, keys, host);
        }
        if version == self.seen {
            return;
        }
        self.seen = version;
        for logout in shared {
            self.keep(logout);
        }
    }

    fn note(
        &mut self,
        logout: Logout,
        keys: &KeyRing,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        self.keep(logout);
        for _ in 0..ATTEMPTS {
            self.learn(keys, host);
            let (_, version) = self.read(keys, host);
            if version == self.seen && self.write(&self.logouts, version, keys, host).is_ok() {
                return Ok(());
            }
        }
        Err(NotWritten)
    }

    /// Adds a logout; where there is no room, the one that could be forgotten first gives way.
    fn keep(&mut self, logout: Logout) {
        match self.place(logout.key()) {
            Ok(place) => {
                if let Some(known) = self.logouts.get_mut(place) {
                    known.join(&logout);
                }
            }
            Err(place) => {
                self.logouts.insert(place, logout);
                self.shrink();
            }
        }
    }

    fn shrink(&mut self) {
        if self.logouts.len() <= self.most {
            return;
        }
        let places = self.logouts.iter().enumerate();
        let first = places
            .min_by_key(|(_, it)| it.until)
            .map(|(place, _)| place);
        if let Some(place) = first {
            self.logouts.remove(place);
        }
    }

    fn read(&self, keys: &KeyRing, host: &mut Host<'_>) -> (Vec<Logout>, Option<Version>) {
        let Some((sealed, version)) = host.shared.get(&self.entry) else {
            return (Vec::new(), None);
        };
        if Some(version) == self.seen {
            return (Vec::new(), self.seen);
        }
        let opened = keys.open(Purpose::SharedDocument, &self.entry, &sealed);
        let logouts = opened.and_then(|record| postcard::from_bytes(&record).ok());
        (logouts.unwrap_or_default(), Some(version))
    }

    fn write(
        &self,
        logouts: &[Logout],
        version: Option<Version>,
        keys: &KeyRing,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let record = postcard::to_allocvec(logouts).map_err(|_| NotWritten)?;
        let sealed = keys
            .seal(Purpose::SharedDocument, &self.entry, &record, host.entropy)
            .map_err(|_| NotWritten)?;
        host.shared.set(&self.entry, &sealed, version)
    }
}

impl Logout {
    /// The end of all sessions that began until `before`, remembered for as long as one of them could last.
    pub(crate) fn new(
        named: Named,
        name: String,
        provider: &str,
        before: UnixTime,
        until: UnixTime,
    ) -> Self {
        Self {
            named,
            name,
            provider: provider.to_owned(),
            before: before.0,
            until: until.0,
        }
    }
}
