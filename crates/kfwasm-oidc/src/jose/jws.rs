//! The JWS compact serialization.

use super::base64url;
use super::fault::JwsFault;
use super::header::JoseHeader;

/// A signed token taken apart (RFC 7515 §7.1). Its signature has not been checked.
#[derive(Clone, Debug)]
pub struct CompactJws<'token> {
    header: JoseHeader,
    payload: Vec<u8>,
    signed: &'token [u8],
    signature: Vec<u8>,
}

impl<'token> CompactJws<'token> {
    /// Longest token in bytes. Providers' tokens have 1 to 12 KB, and Envoy takes no more than 60 KB
    /// of request headers.
    pub const LONGEST: usize = 64 * 1024;

    /// Takes `token` apart and reads its header (RFC 7515 §5.2, steps 1 to 7).
    ///
    /// # Errors
    /// It is too long, does not have three parts of strict base64url, or its header breaks a rule.
    pub fn parse(token: &'token [u8]) -> Result<Self, JwsFault> {
        if token.len() > Self::LONGEST {
            return Err(JwsFault::TooLong);
        }
        let parts = token.iter().filter(|byte| **byte == b'.').count() + 1;
        let mut halves = token.rsplitn(2, |byte| *byte == b'.');
        let (Some(signature), Some(signed)) = (halves.next(), halves.next()) else {
            return Err(JwsFault::Parts(parts));
        };
        let mut encoded = signed.split(|byte| *byte == b'.');
        let (Some(header), Some(payload), None) = (encoded.next(), encoded.next(), encoded.next())
        else {
            return Err(JwsFault::Parts(parts));
        };
        Ok(Self {
            header: JoseHeader::parse(&decode(header, "header")?)?,
            payload: decode(payload, "payload")?,
            signed,
            signature: decode(signature, "signature")?,
        })
    }

    /// The header, as the token claims it.
    #[must_use]
    pub fn header(&self) -> &JoseHeader {
        &self.header
    }

    /// The decoded payload. Nobody's word until the signature has been checked.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The bytes that were signed: the JWS Signing Input (RFC 7515 §2).
    #[must_use]
    pub fn signed(&self) -> &'token [u8] {
        self.signed
    }

    /// The decoded signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

fn decode(part: &[u8], name: &'static str) -> Result<Vec<u8>, JwsFault> {
    base64url::decode(part).ok_or(JwsFault::Base64(name))
}
