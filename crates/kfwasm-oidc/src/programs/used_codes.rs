//! Codes that have served.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::code::Code;
use crate::host::Host;
use crate::key_ring::{KeyRing, Purpose};
use crate::sealed_entry::SealedEntry;
use crate::time::UnixTime;

/// The codes of an Envoy that have served, until they could not serve any more anyway.
///
/// Another gateway with the same keys does not know them: there a code serves once more within its minute, for whoever has
/// the code verifier too.
pub(crate) struct UsedCodes {
    entry: SealedEntry,
}

/// Whether a code serves now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    First,
    Again,
    /// The memory of what has served cannot be written.
    Unknown,
}

#[derive(Default, Serialize, Deserialize)]
struct Record(Vec<([u8; 16], UnixTime)>);

/// Most codes that are remembered: more people do not sign in programs within five minutes at one gateway.
const MOST: usize = 1024;

/// How often to try again while other workers write too.
const ATTEMPTS: usize = 8;

impl UsedCodes {
    /// `registration` tells these codes from those of other plugins.
    pub(crate) fn new(keys: Rc<KeyRing>, registration: &str) -> Self {
        let name = ["kfwasm.program-codes.", registration].concat();
        let entry = SealedEntry::new(keys, Purpose::SharedDocument, name);
        Self { entry }
    }

    /// Notes that a code serves; no two workers can do so for the same one.
    pub(super) fn note(&self, code: &Code, host: &mut Host<'_>) -> Use {
        for _ in 0..ATTEMPTS {
            let (mut record, version) = self.entry.record::<Record>(host);
            record.0.retain(|(_, ends_at)| *ends_at > host.now);
            if record.0.iter().any(|(id, _)| *id == code.id) {
                return Use::Again;
            }
            if record.0.len() >= MOST {
                return Use::Unknown;
            }
            record.0.push((code.id, code.ends_at));
            if self.entry.swap_record(&record, version, host).is_ok() {
                return Use::First;
            }
        }
        Use::Unknown
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Code, MOST, Use, UsedCodes};
    use crate::entropy::predictable::Zeroes;
    use crate::host::Host;
    use crate::jose::RustCryptoVerifier;
    use crate::key_ring::KeyRing;
    use crate::programs::authorization_request::AuthorizationRequest;
    use crate::shared_data::{NotWritten, SharedData, Version};
    use crate::time::UnixTime;

    #[derive(Default)]
    struct Memory(Option<Vec<u8>>);

    impl SharedData for Memory {
        fn get(&mut self, _: &str) -> Option<(Vec<u8>, Version)> {
            Some((self.0.clone()?, Version(1)))
        }

        fn set(&mut self, _: &str, value: &[u8], _: Option<Version>) -> Result<(), NotWritten> {
            self.0 = Some(value.to_owned());
            Ok(())
        }
    }

    fn code(number: usize, ends_at: UnixTime) -> Code {
        let query = b"response_type=code&client_id=kfwasm&redirect_uri=http://127.0.0.1:1/callback\
            &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_le_bytes());
        Code {
            id,
            request: AuthorizationRequest::parse(query, "").unwrap(),
            session: Vec::new(),
            ends_at,
        }
    }

    #[test]
    fn what_has_served_is_remembered_as_long_as_it_could_serve_and_no_more_than_there_is_room_for()
    {
        let keys = Rc::new(KeyRing::parse(&[b'A'; 44]).unwrap());
        let used = UsedCodes::new(keys, "");
        let mut memory = Memory::default();
        let mut note = |number, now| {
            let mut host = Host {
                now: UnixTime(now),
                entropy: &mut Zeroes,
                shared: &mut memory,
                signatures: &mut RustCryptoVerifier,
            };
            used.note(&code(number, UnixTime(100)), &mut host)
        };

        assert!((0..MOST).all(|number| note(number, 0) == Use::First));
        assert_eq!(note(0, 99), Use::Again);
        assert_eq!(note(MOST, 99), Use::Unknown);
        assert_eq!(note(MOST, 100), Use::First);
    }
}
