//! RSA signatures (RFC 8017), checked and made.
//!
//! Written by hand for size: the `rsa` crate and the big integers under it do the same for 45 KiB more of module
//! (docs/decisions/002-signatures.md). The tests run it against that crate and against all vectors of Wycheproof.

mod emsa;
mod hash;
mod modulus;
mod public_key;
mod signing_key;

pub(crate) use emsa::Encoding;
pub(crate) use hash::Hash;
pub(crate) use public_key::RsaPublicKey;
pub(crate) use signing_key::RsaSigningKey;
