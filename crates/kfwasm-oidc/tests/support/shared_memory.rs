use std::collections::BTreeMap;

use kfwasm_oidc::shared_data::{NotWritten, SharedData, Version};

/// The memory that the workers of an Envoy share, with other plugins too.
#[derive(Default)]
pub(crate) struct SharedMemory {
    entries: BTreeMap<String, (Vec<u8>, Version)>,
    writes: u32,
    /// Everything that was ever written.
    pub(crate) written: Vec<Vec<u8>>,
}

impl SharedMemory {
    pub(crate) fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    pub(crate) fn value(&self, name: &str) -> Vec<u8> {
        self.entries[name].0.clone()
    }

    /// What another plugin does to an entry.
    pub(crate) fn put(&mut self, name: &str, value: Option<Vec<u8>>) {
        self.writes += 1;
        match value {
            Some(value) => drop(
                self.entries
                    .insert(name.to_owned(), (value, Version(self.writes))),
            ),
            None => drop(self.entries.remove(name)),
        }
    }
}

impl SharedData for SharedMemory {
    fn get(&mut self, name: &str) -> Option<(Vec<u8>, Version)> {
        self.entries.get(name).cloned()
    }

    /// Compares and swaps as Envoy does: an entry that is gone can be written whatever the version.
    fn set(
        &mut self,
        name: &str,
        value: &[u8],
        version: Option<Version>,
    ) -> Result<(), NotWritten> {
        let current = self.entries.get(name).map(|(_, version)| *version);
        match (current, version) {
            (Some(current), Some(read)) if current != read => Err(NotWritten),
            _ => {
                self.written.push(value.to_owned());
                self.put(name, Some(value.to_owned()));
                Ok(())
            }
        }
    }
}

/// The same memory, where somebody else gets their turn before each write.
pub(crate) struct Contended<'a> {
    pub(crate) memory: &'a mut SharedMemory,
    pub(crate) before_write: &'a mut dyn FnMut(&mut SharedMemory),
}

impl SharedData for Contended<'_> {
    fn get(&mut self, name: &str) -> Option<(Vec<u8>, Version)> {
        self.memory.get(name)
    }

    fn set(
        &mut self,
        name: &str,
        value: &[u8],
        version: Option<Version>,
    ) -> Result<(), NotWritten> {
        (self.before_write)(self.memory);
        self.memory.set(name, value, version)
    }
}
