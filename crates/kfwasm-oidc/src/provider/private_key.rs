//! The private key of the client.

use core::error::Error;
use core::fmt;

use kfwasm_config::ClientAssertionSigningAlgorithm;
use p256::ecdsa::signature::Signer as _;

use super::client_authentication::ClientAuthenticationFailure;
use super::pkcs8::PrivateKeyInfo;
use crate::entropy::Entropy;
use crate::rsa::RsaSigningKey;
use crate::secret::Secret;

/// Bits of an RSA modulus: RFC 7518 §3.3 demands 2048 or more, and more than 4096 would keep a worker
/// busy for a tenth of a second and longer.
const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=4096;

/// A private key, bound to the one algorithm that it signs with.
#[derive(Clone)]
pub(super) enum PrivateKey {
    Rs256(RsaSigningKey),
    Ps256(RsaSigningKey),
    Es256(p256::ecdsa::SigningKey),
}

/// Why a private key cannot be used: the operator's to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKeyFault {
    /// It is not PEM.
    NotPem,
    /// It is PEM, but protected by a passphrase.
    Encrypted,
    /// It is a PEM of another kind than PKCS#8.
    NotPkcs8,
    /// It is PKCS#8, but not a sound key of the type that the algorithm signs with.
    Unfit(ClientAssertionSigningAlgorithm),
    /// It is an RSA key of less than 2048 or more than 4096 bits.
    Size,
}

impl PrivateKey {
    /// Reads a PKCS#8 key in PEM (RFC 7468 §10).
    pub(super) fn from_pem(
        pem: &Secret,
        algorithm: ClientAssertionSigningAlgorithm,
    ) -> Result<Self, PrivateKeyFault> {
        use ClientAssertionSigningAlgorithm as Algorithm;
        let key = PrivateKeyInfo::from_pem(pem.expose())?;
        let unfit = PrivateKeyFault::Unfit(algorithm);
        match algorithm {
            Algorithm::RS256 => rsa_key(&key, unfit).map(Self::Rs256),
            Algorithm::PS256 => rsa_key(&key, unfit).map(Self::Ps256),
            Algorithm::ES256 => p256_key(&key).map(Self::Es256).ok_or(unfit),
        }
    }

    /// The signature over `message` in the encoding of RFC 7518 §3.
    pub(super) fn sign(
        &self,
        message: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ClientAuthenticationFailure> {
        let signature = match self {
            Self::Rs256(key) => key.sign_pkcs1_v1_5(message),
            Self::Ps256(key) => {
                let mut salt = [0; 32];
                entropy.fill(&mut salt)?;
                key.sign_pss(message, &salt)
            }
            // RFC 6979: deterministic, so that a bad source of randomness cannot give the key away.
            Self::Es256(key) => {
                let signature: Option<p256::ecdsa::Signature> = key.try_sign(message).ok();
                signature.map(|signature| signature.to_bytes().to_vec())
            }
        };
        signature.ok_or(ClientAuthenticationFailure::Signing)
    }
}

fn rsa_key(key: &PrivateKeyInfo, unfit: PrivateKeyFault) -> Result<RsaSigningKey, PrivateKeyFault> {
    let numbers = key.rsa().ok_or(unfit)?;
    if !RSA_BITS.contains(&numbers.bits()) {
        return Err(PrivateKeyFault::Size);
    }
    numbers.key().ok_or(unfit)
}

fn p256_key(key: &PrivateKeyInfo) -> Option<p256::ecdsa::SigningKey> {
    p256::ecdsa::SigningKey::from_slice(key.p256()?).ok()
}

impl PrivateKeyFault {
    /// What the operator can do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotPem => {
                "put the whole PEM file into the variable, line breaks included: kubectl create secret generic NAME --from-file=..."
            }
            Self::Encrypted => "take the passphrase off: openssl pkcs8 -in key.pem -out plain.pem",
            Self::NotPkcs8 => {
                "convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out pkcs8.pem"
            }
            Self::Unfit(_) => {
                "set `clientAssertionSigningAlgorithm` to one that fits the key: RS256 or PS256 for RSA, ES256 for P-256"
            }
            Self::Size => {
                "make a new one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"
            }
        }
    }
}

impl Error for PrivateKeyFault {}

impl fmt::Display for PrivateKeyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPem => formatter.write_str("the private key is not PEM (RFC 7468 §10)"),
            Self::Encrypted => formatter.write_str("the private key is encrypted"),
            Self::NotPkcs8 => formatter.write_str("the private key is not PKCS#8 (RFC 5958)"),
            Self::Unfit(algorithm) => {
                write!(
                    formatter,
                    "the private key cannot sign by {}",
                    algorithm.as_str()
                )
            }
            Self::Size => formatter
                .write_str("the private key does not have 2048 to 4096 bits (RFC 7518 §3.3)"),
        }
    }
}
