//! PKCS#8 private keys in PEM.
//!
//! Read by hand: the `pkcs8` and `der` crates read the same few values for 40 KB of module
//! (docs/decisions/002-signatures.md).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::private_key::PrivateKeyFault;
use crate::rsa::RsaSigningKey;

/// `rsaEncryption`, 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// `id-ecPublicKey`, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// `secp256r1`, 1.2.840.10045.3.1.7 (RFC 5480 §2.1.1.1), which is P-256.
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The DER of a private key of a known type (RFC 5958 §2).
pub(crate) struct PrivateKeyInfo(Zeroizing<Vec<u8>>);

/// The numbers of an RSA private key that signing needs (RFC 8017 appendix A.1.2), big-endian.
pub(crate) struct RsaNumbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) public_exponent: &'a [u8],
    pub(super) private_exponent: &'a [u8],
}

impl RsaNumbers<'_> {
    /// How many bits the modulus has.
    pub(super) fn bits(&self) -> usize {
        let first = self.modulus.first().copied().unwrap_or_default();
        (8 * self.modulus.len()).saturating_sub(first.leading_zeros() as usize)
    }

    /// The key that they make; `None` when they do not belong together.
    pub(crate) fn key(&self) -> Option<RsaSigningKey> {
        RsaSigningKey::new(self.modulus, self.public_exponent, self.private_exponent)
    }
}

impl PrivateKeyInfo {
    /// Reads PEM (RFC 7468 §10). What stands before and after the key is not looked at.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, PrivateKeyFault> {
        let text = core::str::from_utf8(pem).map_err(|_| PrivateKeyFault::NotPem)?;
        let (_, text) = text
            .split_once("-----BEGIN ")
            .ok_or(PrivateKeyFault::NotPem)?;
        let (label, text) = text.split_once("-----").ok_or(PrivateKeyFault::NotPem)?;
        let (body, _) = text
            .split_once("-----END ")
            .ok_or(PrivateKeyFault::NotPem)?;
        match label {
            "PRIVATE KEY" => decode(body).map(Self).ok_or(PrivateKeyFault::NotPem),
            "ENCRYPTED PRIVATE KEY" => Err(PrivateKeyFault::Encrypted),
            _ => Err(PrivateKeyFault::NotPkcs8),
        }
    }

    /// The numbers, when it is an RSA key.
    pub(crate) fn rsa(&self) -> Option<RsaNumbers<'_>> {
        let (mut algorithm, key) = self.algorithm_and_key()?;
        if algorithm.value(OBJECT_IDENTIFIER)? != RSA {
            return None;
        }
        let mut numbers = Der(Der(key).value(SEQUENCE)?);
        numbers.value(INTEGER)?;
        Some(RsaNumbers {
            modulus: numbers.unsigned()?,
            public_exponent: numbers.unsigned()?,
            private_exponent: numbers.unsigned()?,
        })
    }

    /// The scalar, big-endian, when it is a key on P-256 (RFC 5915 §3).
    pub(super) fn p256(&self) -> Option<&[u8]> {
        let (mut algorithm, key) = self.algorithm_and_key()?;
        let names = (
            algorithm.value(OBJECT_IDENTIFIER)?,
            algorithm.value(OBJECT_IDENTIFIER)?,
        );
        if names != (EC, P256) {
            return None;
        }
        let mut members = Der(Der(key).value(SEQUENCE)?);
        members.value(INTEGER)?;
        members.value(OCTET_STRING)
    }

    fn algorithm_and_key(&self) -> Option<(Der<'_>, &[u8])> {
        let mut members = Der(Der(&self.0).value(SEQUENCE)?);
        members.value(INTEGER)?;
        Some((Der(members.value(SEQUENCE)?), members.value(OCTET_STRING)?))
    }
}

/// The base64 between the lines of a PEM, which may be broken anywhere.
fn decode(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let is_text = |byte: &u8| !byte.is_ascii_whitespace();
    let text: Zeroizing<Vec<u8>> = Zeroizing::new(body.bytes().filter(is_text).collect());
    STANDARD.decode(text.as_slice()).ok().map(Zeroizing::new)
}

/// Values in DER (X.690 §8.1), one after the other.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The contents of the next value, which must have this `tag`.
    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, rest) = self.0.split_first()?;
        let (length, rest) = length(rest)?;
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (*found == tag).then_some(contents)
    }

    /// The bytes of a positive integer, without the zero byte that keeps it from being negative (X.690
    /// §8.3).
    fn unsigned(&mut self) -> Option<&'a [u8]> {
        let integer = self.value(INTEGER)?;
        Some(integer.strip_prefix(&[0]).unwrap_or(integer))
    }
}

/// The length of a value (X.690 §8.1.3), and what follows. Nothing in a key has 64 KiB or more.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match first {
        0..=0x7f => Some((usize::from(*first), rest)),
        0x81 => rest
            .split_first()
            .map(|(only, rest)| (usize::from(*only), rest)),
        0x82 => {
            let (both, rest) = rest.split_first_chunk()?;
            Some((usize::from(u16::from_be_bytes(*both)), rest))
        }
        _ => None,
    }
}
