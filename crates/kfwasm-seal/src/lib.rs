//! Authenticated encryption (XChaCha20-Poly1305), compiled for speed.
//!
//! A crate of its own, because generic code is compiled as the crate is that uses it, and the rest of the module is compiled for size
//! (docs/decisions/024-small-before-fast.md): every session that a worker sees for the first time is opened here.

use core::fmt;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

/// What makes one sealing differ from every other with the same key: 24 random bytes.
pub type Nonce = [u8; 24];

/// A key that seals and opens. It is never shown.
pub struct Cipher(XChaCha20Poly1305);

impl Cipher {
    /// The cipher with this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Encrypts `content`, and authenticates it and `name`; `None` when it is too large for the cipher.
    #[must_use]
    #[inline(never)]
    pub fn seal(&self, nonce: &Nonce, name: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload {
            msg: content,
            aad: name,
        };
        self.0.encrypt(&XNonce::from(*nonce), payload).ok()
    }

    /// Decrypts what was sealed with this key and nonce under this name; `None` when it was not.
    #[must_use]
    #[inline(never)]
    pub fn open(&self, nonce: &Nonce, name: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload {
            msg: sealed,
            aad: name,
        };
        self.0.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cipher([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::Cipher;

    #[test]
    fn only_the_same_key_nonce_and_name_open() {
        let cipher = Cipher::new(&[1; 32]);
        let sealed = cipher.seal(&[2; 24], b"name", b"content").unwrap();

        let open = |cipher: &Cipher, nonce, name: &[u8]| cipher.open(nonce, name, &sealed);
        assert_eq!(
            open(&cipher, &[2; 24], b"name").as_deref(),
            Some(&b"content"[..])
        );
        assert_eq!(open(&Cipher::new(&[3; 32]), &[2; 24], b"name"), None);
        assert_eq!(open(&cipher, &[3; 24], b"name"), None);
        assert_eq!(open(&cipher, &[2; 24], b"eman"), None);
    }

    #[test]
    fn it_is_not_shown() {
        assert_eq!(format!("{:?}", Cipher::new(&[1; 32])), "Cipher([redacted])");
    }
}
