//! What is wrong with a signed token, whatever it is for.

use core::fmt;

use super::json_object::JsonFault;
use crate::excerpt::Excerpt;

/// Which rule of JSON Web Signature a token breaks. Never holds bytes of the token beyond the name
/// of its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwsFault {
    /// Longer than [`super::CompactJws::LONGEST`].
    TooLong,
    /// Not three parts separated by dots, but so many. Five would be an encrypted token (RFC 7516 §7.1).
    Parts(usize),
    /// The named part is not strict base64url.
    Base64(&'static str),
    /// The header is not a JSON object with unique names.
    Header(JsonFault),
    /// A header parameter is missing or not a string.
    HeaderMember(&'static str),
    /// The header has a `crit` parameter.
    CriticalExtension,
    /// The header has a `b64` parameter.
    UnencodedPayload,
    /// The algorithm is `none`, however it is spelled.
    Unsigned,
    /// The algorithm is HS256, HS384 or HS512.
    Symmetric,
    /// The algorithm is not one that the operator allows.
    AlgorithmNotAllowed(Excerpt),
    /// No key of the set could have signed the token. Newer keys may cure it.
    KeyNotFound,
    /// The key that the token names is for another algorithm.
    KeyDoesNotFit,
    /// The key that the token names signs for another issuer.
    KeyOfAnotherIssuer,
    /// The key that the token names did not make this signature.
    Signature,
}

impl JwsFault {
    /// What the operator can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Parts(5) => {
                "switch off ID token encryption for this client at the provider; kfwasm has no key to decrypt with"
            }
            Self::Unsigned | Self::Symmetric | Self::AlgorithmNotAllowed(_) => {
                "set the ID token signing algorithm of this client at the provider to one of `idTokenSigningAlgorithms`, or add the provider's (an asymmetric one) to that list"
            }
            Self::KeyNotFound => {
                "check that `jwksUri`, if set by hand, is this provider's; a provider that has just changed its keys recovers by itself"
            }
            Self::KeyOfAnotherIssuer => {
                "check that `issuer` and `jwksUri` belong together: the key set is shared by several issuers"
            }
            Self::KeyDoesNotFit | Self::Signature => {
                "nothing that kfwasm was configured with explains this: treat it as an attack or a broken provider, and ask those who run it"
            }
            _ => "the provider does not follow the specification: report it to those who run it",
        }
    }
}

impl fmt::Display for JwsFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Parts(parts) if *parts != 5 => {
                return write!(formatter, "has {parts} parts instead of 3 (RFC 7515 §7.1)");
            }
            Self::Base64(part) => {
                return write!(
                    formatter,
                    "has a {part} that is not base64url without padding (RFC 7515 §2)"
                );
            }
            Self::Header(fault) => return write!(formatter, "has a header that {fault}"),
            Self::HeaderMember(name) => {
                return write!(
                    formatter,
                    "has no string `{name}` in its header (RFC 7515 §4.1)"
                );
            }
            Self::AlgorithmNotAllowed(name) => {
                return write!(
                    formatter,
                    "is signed by `{name}`, which is not allowed (RFC 8725 §3.1)"
                );
            }
            Self::TooLong => "is longer than 65536 bytes",
            Self::Parts(_) => "is encrypted (RFC 7516 §7.1)",
            Self::CriticalExtension => "demands an extension in `crit` (RFC 7515 §4.1.11)",
            Self::UnencodedPayload => "has an unencoded payload (RFC 7797 §7)",
            Self::Unsigned => "is not signed: its algorithm is `none` (RFC 8725 §3.2)",
            Self::Symmetric => "is signed with a shared secret (RFC 8725 §2.1)",
            Self::KeyNotFound => "is signed by a key that is not in the key set (RFC 7515 §4.1.4)",
            Self::KeyDoesNotFit => "names a key that is not for its algorithm (RFC 7517 §4.4)",
            Self::KeyOfAnotherIssuer => {
                "names a key that signs for another issuer (OIDC Core §3.1.3.7 (6))"
            }
            Self::Signature => "has a signature that its key did not make (RFC 7515 §5.2)",
        })
    }
}
