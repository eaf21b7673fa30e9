//! The keys that seal what is kept in browsers and in shared memory.

use core::fmt;

use hkdf::Hkdf;
use kfwasm_config::{SessionKeysFault, session_keys};
use kfwasm_seal::{Cipher, Nonce};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::entropy::{Entropy, EntropyFailure};
use crate::jose::base64url;
use crate::random;

/// What a sealed thing is for. Each purpose has a key of its own, so that one thing cannot be passed off as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Who is signed in.
    Session,
    /// A sign-in under way.
    SignInAttempt,
    /// The ID token that a sign-out hints at.
    IdTokenHint,
    /// A document of the provider in shared memory.
    SharedDocument,
    /// What a person is asked about a program.
    ProgramQuestion,
    /// The code that a program gets a session for.
    ProgramCode,
    /// The tokens of a session, beside it.
    SessionTokens,
    /// A refresh, in shared memory.
    Refresh,
}

/// The purposes, with what their keys are derived for. What has no version of its own has this one: with other fields it gets
/// another name here, so that nothing of before opens (docs/decisions/012-versions.md).
const PURPOSES: [(Purpose, &[u8]); 8] = [
    (Purpose::Session, b"kfwasm v1 session"),
    (Purpose::SignInAttempt, b"kfwasm v1 sign-in attempt"),
    (Purpose::IdTokenHint, b"kfwasm v1 id token hint"),
    (Purpose::SharedDocument, b"kfwasm v1 shared document"),
    (Purpose::ProgramQuestion, b"kfwasm v1 program question"),
    (Purpose::ProgramCode, b"kfwasm v1 program code"),
    (Purpose::SessionTokens, b"kfwasm v1 session tokens"),
    (Purpose::Refresh, b"kfwasm v1 refresh"),
];

/// The first byte of everything sealed: how the rest is laid out.
const VERSION: u8 = 1;

type KeyId = [u8; 4];

/// The keys of a deployment. The first seals, all open, so that a key can be replaced without signing anybody out:
/// put the new one last on all gateways, then first, and drop the old one when `session.absolute` has gone by.
///
/// Every gateway with the same ring accepts the same sessions: the ring is the deployment.
pub(crate) struct KeyRing(Vec<Key>);

struct Key {
    id: KeyId,
    ciphers: Vec<(Purpose, Cipher)>,
}

/// Why something was not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealFailure {
    /// The host gave no random bytes.
    Entropy,
    /// It is too large to be encoded or encrypted.
    Content,
}

impl From<EntropyFailure> for SealFailure {
    fn from(_: EntropyFailure) -> Self {
        Self::Entropy
    }
}

impl KeyRing {
    /// The ring of the keys that are read ([`session_keys`]).
    ///
    /// # Errors
    /// The first thing that is wrong with it; never what is in it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, SessionKeysFault> {
        let keys = session_keys(text)?;
        // What is expanded to is never longer than HKDF can make it (RFC 5869 §2.3).
        let derived: Option<_> = keys.iter().map(|key| Key::derive(key)).collect();
        derived.map(Self).ok_or(SessionKeysFault::Empty)
    }

    /// Seals `content` for `purpose` under `name`: version, key id, nonce and ciphertext, in that order.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        name: &str,
        content: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealFailure> {
        let nonce: Nonce = random::bytes(entropy)?;
        let key = self.0.first().ok_or(SealFailure::Content)?;
        let sealed = key
            .cipher(purpose)
            .and_then(|cipher| cipher.seal(&nonce, name.as_bytes(), content))
            .ok_or(SealFailure::Content)?;
        Ok([&[VERSION][..], &key.id, &nonce, &sealed].concat())
    }

    /// Seals `content` for `purpose` under `name`, as base64url for a cookie.
    pub(crate) fn seal_text(
        &self,
        purpose: Purpose,
        name: &str,
        content: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<String, SealFailure> {
        Ok(base64url::encode(
            &self.seal(purpose, name, content, entropy)?,
        ))
    }

    /// Opens what one of the keys sealed for the same purpose under the same name; `None` for all else.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        name: &str,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        let (id, rest) = rest.split_first_chunk::<4>()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<24>()?;
        if *version != VERSION {
            return None;
        }
        // Two keys may share an identifier by chance, so all that do are tried.
        self.0
            .iter()
            .filter(|key| key.id == *id)
            .filter_map(|key| key.cipher(purpose))
            .find_map(|cipher| cipher.open(nonce, name.as_bytes(), ciphertext))
            .map(Zeroizing::new)
    }

    /// Opens the base64url that [`KeyRing::seal_text`] made for the same purpose under the same name.
    pub(crate) fn open_text(
        &self,
        purpose: Purpose,
        name: &str,
        text: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.open(purpose, name, &base64url::decode(text)?)
    }
}

impl Key {
    /// RFC 5869: extract without a salt, expand with the purpose as `info`.
    fn derive(key: &[u8]) -> Option<Self> {
        let hkdf = Hkdf::<Sha256>::new(None, key);
        let mut id = KeyId::default();
        hkdf.expand(b"kfwasm v1 key id", &mut id).ok()?;
        let cipher = |(purpose, info): (Purpose, &[u8])| {
            let mut derived = Zeroizing::new([0; 32]);
            hkdf.expand(info, derived.as_mut_slice()).ok()?;
            Some((purpose, Cipher::new(&derived)))
        };
        let ciphers = PURPOSES.into_iter().map(cipher).collect::<Option<_>>()?;
        Some(Self { id, ciphers })
    }

    fn cipher(&self, purpose: Purpose) -> Option<&Cipher> {
        let (_, cipher) = self.ciphers.iter().find(|(it, _)| *it == purpose)?;
        Some(cipher)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyRing([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyRing, PURPOSES};
    use crate::entropy::predictable::Zeroes;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_under_its_name_alone() {
        let keys = KeyRing::parse(&[b'A'; 44]).unwrap();
        for (purpose, _) in PURPOSES {
            let sealed = keys.seal(purpose, "name", b"text", &mut Zeroes).unwrap();
            for (other, _) in PURPOSES {
                let opened = keys.open(other, "name", &sealed);
                assert_eq!(opened.is_some(), other == purpose);
            }
            assert!(keys.open(purpose, "other", &sealed).is_none());
        }
    }
}
