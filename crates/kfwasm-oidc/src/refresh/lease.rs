//! One refresh per session in an Envoy.

use std::rc::Rc;

use super::ride_along::Refreshed;
use super::session_tokens::SessionTokens;
use crate::fields::{FieldReader, FieldWriter};
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::sealed_entry::SealedEntry;
use crate::shared_data::{NotWritten, Version};
use crate::time::UnixTime;

/// Where leases are: so many entries of the shared memory, because it never forgets a name.
const SLOTS: u64 = 4096;
/// For how long what a refresh brought is kept for others with the same cookies, in seconds.
const KEPT: u64 = 120;
/// How long a refusal is believed, in seconds.
const REFUSED: u64 = 300;
/// Shortest and longest pause after failures, in seconds.
const FIRST_PAUSE: u64 = 5;
const LONGEST_PAUSE: u64 = 60;

/// The right to refresh a session with just these tokens.
pub(super) struct Lease {
    slot: SealedEntry,
    fingerprint: [u8; 32],
    failures: u64,
}

/// What an entry of the shared memory says.
struct Entry {
    fingerprint: [u8; 32],
    state: State,
    /// Until when it counts.
    until: UnixTime,
    /// How often in a row the refresh has failed.
    failures: u64,
}

const UNDER_WAY: u8 = 0;
const FINISHED: u8 = 1;
const FAILED: u8 = 2;

enum State {
    UnderWay,
    Finished(Refreshed),
    Failed,
}

/// What came of asking for a lease.
pub(super) enum Taken {
    Ours(Lease),
    Finished(Refreshed),
    Elsewhere,
    /// It failed a short while ago, or the entry is in use for another session.
    NotNow,
}

/// The entries that this worker has written, so that it can empty them.
#[derive(Default)]
pub(crate) struct Leases(Vec<(SealedEntry, UnixTime)>);

/// Most entries that are remembered; others are overwritten one day.
const MOST_REMEMBERED: usize = 4096;

impl Leases {
    /// Asks for the lease of the session with these tokens, for so many `seconds`.
    pub(super) fn take(
        &mut self,
        tokens: &SessionTokens,
        seconds: u64,
        keys: &Rc<KeyRing>,
        host: &mut Host<'_>,
    ) -> Taken {
        let fingerprint = tokens.fingerprint();
        let slot = slot(&fingerprint, keys);
        let Some((sealed, version)) = slot.sealed(host) else {
            return Taken::NotNow;
        };
        let failures = match failures(open(&slot, &sealed), &fingerprint, host.now) {
            Ok(failures) => failures,
            Err(taken) => return taken,
        };
        let lease = Lease {
            slot,
            fingerprint,
            failures,
        };
        let until = host.now.plus(seconds);
        match lease.write(State::UnderWay, until, Some(version), host) {
            Ok(()) => {
                self.remember(&lease.slot, until.plus(KEPT));
                Taken::Ours(lease)
            }
            Err(NotWritten) => Taken::Elsewhere,
        }
    }

    fn remember(&mut self, slot: &SealedEntry, until: UnixTime) {
        if self.0.len() < MOST_REMEMBERED {
            self.0.push((slot.clone(), until));
        }
    }

    /// Empties the entries that do not count any more.
    pub(crate) fn sweep(&mut self, host: &mut Host<'_>) {
        while self.0.first().is_some_and(|(_, until)| *until <= host.now) {
            let (slot, _) = self.0.remove(0);
            let Some((sealed, version)) = slot.sealed(host) else {
                continue;
            };
            let is_live = open(&slot, &sealed).is_some_and(|it| it.is_live(host.now));
            if !is_live && !sealed.is_empty() {
                slot.clear(version, host);
            }
        }
    }
}

impl Lease {
    /// Keeps what the refresh brought for others with the same cookies.
    pub(super) fn finish(&self, refreshed: &Refreshed, host: &mut Host<'_>) {
        let until = host.now.plus(KEPT).min(refreshed.until());
        self.end(State::Finished(refreshed.clone()), until, host);
    }

    /// The refresh failed, and is tried again after a pause, which doubles.
    pub(super) fn fail(self, host: &mut Host<'_>) {
        let pause = (FIRST_PAUSE << self.failures.min(8)).min(LONGEST_PAUSE);
        let until = host.now.plus(pause);
        let failures = self.failures.saturating_add(1);
        Self { failures, ..self }.end(State::Failed, until, host);
    }

    /// The provider has refused for good, as far as it knows.
    pub(super) fn refuse(&self, host: &mut Host<'_>) {
        let until = host.now.plus(REFUSED);
        self.end(State::Failed, until, host);
    }

    /// If this cannot be written, the lease ends by itself.
    fn end(&self, state: State, until: UnixTime, host: &mut Host<'_>) {
        let _: Result<(), NotWritten> = self.write(state, until, None, host);
    }

    fn write(
        &self,
        state: State,
        until: UnixTime,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let entry = Entry {
            fingerprint: self.fingerprint,
            state,
            until,
            failures: self.failures,
        };
        self.slot.write(&entry.written(), version, host)
    }
}

impl Entry {
    fn written(&self) -> Vec<u8> {
        let mut fields = FieldWriter::default();
        fields.raw(&self.fingerprint);
        fields.number(self.until.0);
        fields.number(self.failures);
        match &self.state {
            State::UnderWay => fields.byte(UNDER_WAY),
            State::Failed => fields.byte(FAILED),
            State::Finished(refreshed) => {
                fields.byte(FINISHED);
                refreshed.write(&mut fields);
            }
        }
        fields.into_bytes()
    }

    fn read(fields: &mut FieldReader<'_>) -> Option<Self> {
        Some(Self {
            fingerprint: fields.array()?,
            until: UnixTime(fields.number()?),
            failures: fields.number()?,
            state: match fields.byte()? {
                UNDER_WAY => State::UnderWay,
                FAILED => State::Failed,
                FINISHED => State::Finished(Refreshed::read(fields)?),
                _ => return None,
            },
        })
    }

    /// An end further off than any that is ever written comes of a clock that was wrong then.
    fn is_live(&self, now: UnixTime) -> bool {
        now < self.until && self.until <= now.plus(LONGEST)
    }
}

/// Longest that an entry counts, in seconds: a lease of four steps of 60 seconds, or a refusal.
const LONGEST: u64 = 600;

/// How often the refresh has failed in a row, if it may be tried now.
fn failures(entry: Option<Entry>, fingerprint: &[u8; 32], now: UnixTime) -> Result<u64, Taken> {
    let Some(entry) = entry else { return Ok(0) };
    let (is_live, is_same) = (entry.is_live(now), entry.fingerprint == *fingerprint);
    match (entry.state, is_live, is_same) {
        (State::Finished(refreshed), true, true) if refreshed.is_current(now) => {
            Err(Taken::Finished(refreshed))
        }
        (State::UnderWay, true, true) => Err(Taken::Elsewhere),
        (State::UnderWay, true, false) | (State::Failed, true, true) => Err(Taken::NotNow),
        (State::Failed, false, true) => Ok(entry.failures),
        _ => Ok(0),
    }
}

/// What another plugin wrote there counts for nothing.
fn open(slot: &SealedEntry, sealed: &[u8]) -> Option<Entry> {
    let record = slot.open(sealed)?;
    Entry::read(&mut FieldReader::new(&record))
}

fn slot(fingerprint: &[u8; 32], keys: &Rc<KeyRing>) -> SealedEntry {
    let [first, second, ..] = *fingerprint;
    let number = u64::from(u16::from_be_bytes([first, second])) % SLOTS;
    let name = ["kfwasm.refresh.", &number.to_string()].concat();
    SealedEntry::new(Rc::clone(keys), Purpose::Refresh, name)
}
