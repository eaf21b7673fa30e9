//! Sessions that the provider has ended (OpenID Connect Back-Channel Logout 1.0, Front-Channel Logout 1.0).

use core::cmp::Ordering;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::cache::SessionCache;
use super::record::Session;
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::sealed_entry::SealedEntry;
use crate::shared_data::{NotWritten, Version};
use crate::time::UnixTime;

/// Whose sessions are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Named {
    /// The sessions here that began from one session at the provider, by its `sid`.
    Session,
    /// All sessions of one user, by `sub`.
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
    /// Sessions that began later go on.
    pub(crate) before: UnixTime,
    /// When it can be forgotten, because the last of them would be over anyway.
    pub(crate) until: UnixTime,
    /// How many this worker had heard of before.
    #[serde(skip)]
    number: u64,
}

/// How a logout came to be known. What everybody can send is kept apart, so that it cannot push out what the provider signed, nor
/// what a session bears out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// The provider has signed it.
    Back,
    /// A browser has sent it, and there is a session that it is about.
    Front,
    /// Somebody has sent it. It may be made up, or be about a session that has not been here lately.
    Hearsay,
}

/// The logouts that one worker knows of. All workers of an Envoy learn of each within a second, by shared data; the worker
/// that took it knows at once. Other gateways do not learn of it (docs/decisions/020-provider-logout.md).
pub(crate) struct ProviderLogouts {
    back: Known,
    front: Known,
    hearsay: Known,
}

/// Logouts in the order of [`Logout::key`], and where they are shared.
struct Known {
    entry: SealedEntry,
    logouts: Vec<Logout>,
    seen: Option<Version>,
    /// How many there have been.
    count: u64,
    /// Whether some of them are not shared yet.
    is_behind: bool,
    /// The last second in which one was shared at once.
    shared_at: UnixTime,
}

/// Most logouts of each channel that are known at a time.
const MOST: usize = 1024;

/// How often to try again while other workers write too.
const ATTEMPTS: usize = 8;

impl Logout {
    fn key(&self) -> (Named, &str, &str) {
        (self.named, &self.name, &self.provider)
    }

    /// Whether that makes a difference.
    fn join(&mut self, other: &Self) -> bool {
        let is_new = self.before < other.before || self.until < other.until;
        self.before = self.before.max(other.before);
        self.until = self.until.max(other.until);
        is_new
    }

    fn ends(&self, session: &Session) -> bool {
        session.signed_in_at <= self.before
    }
}

impl ProviderLogouts {
    /// `registration` tells these logouts from those of other plugins' sessions.
    pub(crate) fn new(keys: Rc<KeyRing>, registration: &str) -> Self {
        let entry = |channel| {
            let name = ["kfwasm.logouts-", channel, ".", registration].concat();
            SealedEntry::new(Rc::clone(&keys), Purpose::SharedDocument, name)
        };
        let known = |channel| Known {
            entry: entry(channel),
            logouts: Vec::new(),
            seen: None,
            count: 0,
            is_behind: false,
            shared_at: UnixTime(0),
        };
        Self {
            back: known("back"),
            front: known("front"),
            hearsay: known("hearsay"),
        }
    }

    /// Whether the provider has ended the session. Asked at every request, and for nothing while there are no logouts.
    pub(crate) fn end(&self, session: &Session) -> bool {
        [&self.back, &self.front, &self.hearsay]
            .iter()
            .any(|it| it.end(session))
    }

    /// Learns of the logouts that other workers took. To be asked about once a second.
    pub(crate) fn learn(&mut self, host: &mut Host<'_>) {
        for known in [&mut self.back, &mut self.front, &mut self.hearsay] {
            known.learn(host);
        }
    }

    /// Believes hearsay about sessions that have been here lately: no one who makes up more can push it out.
    pub(crate) fn confirm(&mut self, sessions: &SessionCache) {
        if self.hearsay.logouts.is_empty() {
            return;
        }
        for session in sessions.iter() {
            if let Some(logout) = self.hearsay.logout_of(session) {
                self.front.keep(logout.clone());
            }
        }
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
            Channel::Hearsay => return self.hearsay.note_in_time(logout, host),
        };
        known.note(logout, host)
    }
}

impl Known {
    fn end(&self, session: &Session) -> bool {
        if self.logouts.is_empty() {
            return false;
        }
        let of_user = || self.find(Named::User, &session.subject, &session.provider);
        self.logout_of(session).is_some() || of_user().is_some_and(|it| it.ends(session))
    }

    /// The end of just this session.
    fn logout_of(&self, session: &Session) -> Option<&Logout> {
        let sid = session.provider_session.as_deref()?;
        let logout = self.find(Named::Session, sid, &session.provider)?;
        logout.ends(session).then_some(logout)
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
    fn learn(&mut self, host: &mut Host<'_>) {
        self.logouts.retain(|it| it.until > host.now);
        let (shared, is_empty) = self.read(host);
        let is_behind = self.is_behind || (is_empty && !self.logouts.is_empty());
        for logout in shared {
            self.keep(logout);
        }
        self.is_behind = is_behind;
        if is_behind {
            let written = self.entry.swap_record(&self.logouts, self.seen, host);
            self.is_behind = written.is_err();
        }
    }

    fn note(&mut self, logout: Logout, host: &mut Host<'_>) -> Result<(), NotWritten> {
        self.keep(logout);
        let mut attempts = 0..ATTEMPTS;
        while self.is_behind {
            attempts.next().ok_or(NotWritten)?;
            self.learn(host);
        }
        Ok(())
    }

    /// Keeps a logout that may be one of very many. The first of a second is shared at once, the others with the next tick.
    fn note_in_time(&mut self, logout: Logout, host: &mut Host<'_>) -> Result<(), NotWritten> {
        if self.shared_at == host.now {
            self.keep(logout);
            return Ok(());
        }
        self.shared_at = host.now;
        self.note(logout, host)
    }

    /// Adds a logout; where there is no room, the oldest gives way.
    fn keep(&mut self, mut logout: Logout) {
        match self.place(logout.key()) {
            Ok(place) => {
                let known = self.logouts.get_mut(place);
                self.is_behind |= known.is_some_and(|it| it.join(&logout));
            }
            Err(place) => {
                logout.number = self.count;
                self.count = self.count.saturating_add(1);
                self.logouts.insert(place, logout);
                self.is_behind = true;
                self.shrink();
            }
        }
    }

    fn shrink(&mut self) {
        if self.logouts.len() <= MOST {
            return;
        }
        let places = self.logouts.iter().enumerate();
        let first = places
            .min_by_key(|(_, it)| (it.until, it.number))
            .map(|(place, _)| place);
        if let Some(place) = first {
            self.logouts.remove(place);
        }
    }

    /// What was written since this worker last looked, and whether the entry holds nothing at all.
    fn read(&mut self, host: &mut Host<'_>) -> (Vec<Logout>, bool) {
        let Some((sealed, version)) = self.entry.sealed(host) else {
            return (Vec::new(), false);
        };
        if self.seen == Some(version) {
            return (Vec::new(), false);
        }
        self.seen = Some(version);
        let opened = self.entry.open(&sealed);
        let logouts = opened.and_then(|record| postcard::from_bytes(&record).ok());
        (logouts.unwrap_or_default(), sealed.is_empty())
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
            before,
            until,
            number: 0,
        }
    }
}
