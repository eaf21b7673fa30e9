//! Documents in the memory that all workers share.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::Published;
use super::schedule::Schedule;
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::shared_data::{NotWritten, SharedData, Version};

/// Where the documents of one provider are. Other plugins of the same Envoy share the memory, so everything is sealed:
/// they can delete or replay an entry, but not put keys of their own there.
pub(super) struct Store {
    keys: Rc<KeyRing>,
    discovery: Names,
    key_set: Names,
}

/// The names of a document's two entries. They are sealed with the entries, so that one cannot stand for another.
struct Names {
    body: String,
    schedule: String,
}

impl Store {
    /// The store of what `registration` tells from others.
    pub(super) fn new(registration: &str, keys: Rc<KeyRing>) -> Self {
        let names = |document| Names {
            body: ["kfwasm.", document, ".", registration].concat(),
            schedule: ["kfwasm.", document, "-schedule.", registration].concat(),
        };
        Self {
            keys,
            discovery: names("discovery"),
            key_set: names("key-set"),
        }
    }

    fn names(&self, document: Published) -> &Names {
        match document {
            Published::Discovery => &self.discovery,
            Published::KeySet => &self.key_set,
        }
    }

    /// The schedule of a document and the version of its entry; the first schedule, if there is none to be read.
    pub(super) fn schedule(
        &self,
        document: Published,
        shared: &mut dyn SharedData,
    ) -> (Schedule, Option<Version>) {
        let name = &self.names(document).schedule;
        let Some((sealed, version)) = shared.get(name) else {
            return (Schedule::default(), None);
        };
        let opened = self.keys.open(Purpose::SharedDocument, name, &sealed);
        let schedule = opened.and_then(|record| postcard::from_bytes(&record).ok());
        (schedule.unwrap_or_default(), Some(version))
    }

    pub(super) fn put_schedule(
        &self,
        document: Published,
        schedule: &Schedule,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let name = &self.names(document).schedule;
        let record = postcard::to_allocvec(schedule).map_err(|_| NotWritten)?;
        let sealed = self
            .keys
            .seal(Purpose::SharedDocument, name, &record, host.entropy)
            .map_err(|_| NotWritten)?;
        host.shared.set(name, &sealed, version)
    }

    pub(super) fn body(
        &self,
        document: Published,
        shared: &mut dyn SharedData,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let name = &self.names(document).body;
        let (sealed, _) = shared.get(name)?;
        self.keys.open(Purpose::SharedDocument, name, &sealed)
    }

    /// Stores a body. If that fails, the other workers fetch it themselves.
    pub(super) fn put_body(&self, document: Published, body: &[u8], host: &mut Host<'_>) {
        let name = &self.names(document).body;
        let sealed = self
            .keys
            .seal(Purpose::SharedDocument, name, body, host.entropy);
        if let Ok(sealed) = sealed {
            let _: Result<(), NotWritten> = host.shared.set(name, &sealed, None);
        }
    }
}
