//! JSON Object Signing and Encryption: public keys, signatures, and the tokens that carry them.
//!
//! Nothing here knows what a token is for; `id_token` does.

mod algorithm;
pub(crate) mod base64url;
mod fault;
mod header;
mod host_signature;
pub(crate) mod json_object;
mod jwk;
mod jwk_set;
mod jws;
mod key_selection;
mod large_curve;
mod public_key;
mod signature;

pub use fault::JwsFault;
pub use header::JoseHeader;
pub use host_signature::HostVerifier;
pub use json_object::JsonFault;
pub use jwk::Jwk;
pub use jwk_set::JwkSet;
pub use jws::CompactJws;
pub use key_selection::TrustedKeys;
pub use large_curve::{LargeCurve, LargeCurveKey};
pub use public_key::PublicKey;
pub use signature::{RustCryptoVerifier, SignatureVerifier, Verdict};

pub(crate) use algorithm::{digest, named};
pub(crate) use signature::Metered;
