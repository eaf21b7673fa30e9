//! What the workers of an Envoy share, sealed.

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::shared_data::{NotWritten, Version};

/// An entry of the memory that all workers share, and other plugins of the same Envoy too: they can delete or replay it, but
/// neither read it nor put anything of their own there. The name is sealed with the content, so that one entry cannot stand
/// for another.
#[derive(Clone)]
pub(crate) struct SealedEntry {
    keys: Rc<KeyRing>,
    purpose: Purpose,
    name: String,
}

/// No entry has this version: what is written for it makes an entry, and leaves one alone that is there.
const NEVER: Version = Version(u32::MAX);

impl SealedEntry {
    pub(crate) const fn new(keys: Rc<KeyRing>, purpose: Purpose, name: String) -> Self {
        Self {
            keys,
            purpose,
            name,
        }
    }

    /// What stands there, sealed, and its version; `None` when the host has no room for it.
    ///
    /// Only an entry that is there is written by comparing and swapping, so that a missing one is made, empty. If another
    /// worker makes it at the same moment, it is that one's.
    pub(crate) fn sealed(&self, host: &mut Host<'_>) -> Option<(Vec<u8>, Version)> {
        if let Some(found) = host.shared.get(&self.name) {
            return Some(found);
        }
        let _: Result<(), NotWritten> = host.shared.set(&self.name, b"", Some(NEVER));
        host.shared.get(&self.name)
    }

    /// The content; `None` for what was not sealed with our keys for this entry.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.keys.open(self.purpose, &self.name, sealed)
    }

    /// The record that stands there, an empty one where there is none to be read, and the version to write the next for.
    pub(crate) fn record<T: DeserializeOwned + Default>(
        &self,
        host: &mut Host<'_>,
    ) -> (T, Option<Version>) {
        let Some((sealed, version)) = self.sealed(host) else {
            return (T::default(), None);
        };
        let record = self.open(&sealed);
        let record = record.and_then(|it| postcard::from_bytes(&it).ok());
        (record.unwrap_or_default(), Some(version))
    }

    /// Writes a record if the entry still has the version that was read.
    ///
    /// # Errors
    /// Another worker was faster, or the host has no room or no randomness.
    pub(crate) fn swap_record<T: Serialize>(
        &self,
        record: &T,
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let version = version.ok_or(NotWritten)?;
        let content = postcard::to_allocvec(record).map_err(|_| NotWritten)?;
        self.write(&content, Some(version), host)
    }

    /// Writes content if the entry still has the version that was read; whatever it has, when there is none.
    ///
    /// # Errors
    /// Another worker was faster, or the host has no room or no randomness.
    pub(crate) fn write(
        &self,
        content: &[u8],
        version: Option<Version>,
        host: &mut Host<'_>,
    ) -> Result<(), NotWritten> {
        let sealed = self
            .keys
            .seal(self.purpose, &self.name, content, host.entropy)
            .map_err(|_| NotWritten)?;
        host.shared.set(&self.name, &sealed, version)
    }

    /// Empties the entry if it still has the version that was read. If another worker was faster, it is that one's.
    pub(crate) fn clear(&self, version: Version, host: &mut Host<'_>) {
        let _: Result<(), NotWritten> = host.shared.set(&self.name, b"", Some(version));
    }
}
