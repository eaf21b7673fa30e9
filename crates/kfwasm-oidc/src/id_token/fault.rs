//! What is wrong with an ID token.

use core::fmt;

use kfwasm_config::ForeignIssuer;

use crate::excerpt::Excerpt;
use crate::jose::{JsonFault, JwsFault};

/// Which rule an ID token breaks.
///
/// Holds no bytes of the token but those claims that say whose mistake it is: issuer, audience,
/// tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdTokenFault {
    /// It is not a properly signed token.
    Jws(JwsFault),
    /// Its `typ` says that it is something else, such as an access token or a logout token.
    MediaType(Excerpt),
    /// Its payload is not a JSON object with unique names.
    Payload(JsonFault),
    /// A claim is missing that is required, or that was asked for.
    ClaimMissing(&'static str),
    /// A claim does not have the form that its definition demands.
    ClaimMalformed(&'static str),
    /// Its issuer is this one, and not the configured one.
    Issuer(Excerpt),
    /// It is from this tenant, which the operator does not let in.
    Tenant(Excerpt),
    /// It is for this audience, and not for us.
    Audience(Excerpt),
    /// It is for several audiences, and does not say that it was issued to us.
    AuthorizedPartyMissing,
    /// It was issued to somebody else.
    AuthorizedParty,
    /// It ended so many seconds ago.
    Expired(u64),
    /// It begins in so many seconds.
    NotYetValid(u64),
    /// It was issued so many seconds from now.
    IssuedInFuture(u64),
    /// Its nonce is not the one that was sent.
    Nonce,
    /// It came with a refresh, and this is another than at sign-in.
    Discontinued(&'static str),
    /// Its `at_hash` is of another access token.
    AccessTokenHash,
    /// The user proved who they are so many seconds ago, which is too long.
    AuthenticationTooOld(u64),
}

impl IdTokenFault {
    /// There are no keys at all, so that the token's is one that newer keys may have.
    pub(crate) const KEY_NOT_FOUND: Self = Self::Jws(JwsFault::KeyNotFound);

    /// Whether the token names a key that the key set does not have: fetching the keys once more may
    /// cure it, and nothing else.
    #[must_use]
    pub fn is_key_not_found(&self) -> bool {
        matches!(self, Self::Jws(JwsFault::KeyNotFound))
    }

    /// What the operator can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Jws(fault) => fault.advice(),
            Self::Issuer(_) => {
                "set `issuer` to this one, if it is the one you trust; at Microsoft Entra ID, issuer and endpoints must be of the same version (v2.0)"
            }
            Self::Tenant(_) => "add this tenant to `tenants`, if its users are to be let in",
            Self::Audience(_) | Self::AuthorizedPartyMissing | Self::AuthorizedParty => {
                "check that `clientId` is the one of the registration that these endpoints belong to"
            }
            Self::Expired(_) | Self::NotYetValid(_) | Self::IssuedInFuture(_) => {
                "compare the clocks of the gateway's node and of the provider; `clockSkew` allows for a small difference"
            }
            Self::Nonce => {
                "nothing, if it is rare: a user went back to an old sign-in page; otherwise treat it as an attack"
            }
            Self::Discontinued(_) => {
                "nothing, if the account was changed at the provider: the user signs in again; otherwise report it to those who run the provider"
            }
            Self::AuthenticationTooOld(_) | Self::ClaimMissing("auth_time") => {
                "the provider ignores `max_age`: ask those who run it, or do without"
            }
            Self::MediaType(_) | Self::AccessTokenHash => {
                "check that `tokenEndpoint`, if set by hand, is this provider's"
            }
            Self::Payload(_) | Self::ClaimMissing(_) | Self::ClaimMalformed(_) => {
                "the provider does not follow the specification: report it to those who run it"
            }
        }
    }
}

impl From<ForeignIssuer<'_>> for IdTokenFault {
    fn from(foreign: ForeignIssuer<'_>) -> Self {
        match foreign {
            ForeignIssuer::Issuer(found) => Self::Issuer(Excerpt::of(found)),
            ForeignIssuer::NoTenant => Self::ClaimMissing("tid"),
            ForeignIssuer::Tenant(found) => Self::Tenant(Excerpt::of(found)),
        }
    }
}

impl From<JwsFault> for IdTokenFault {
    fn from(fault: JwsFault) -> Self {
        Self::Jws(fault)
    }
}

impl fmt::Display for IdTokenFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jws(fault) => return fault.fmt(formatter),
            Self::Payload(fault) => return write!(formatter, "has a payload that {fault}"),
            Self::MediaType(found) => write!(formatter, "is of type `{found}`"),
            Self::ClaimMissing(name) => write!(formatter, "has no `{name}`"),
            Self::ClaimMalformed(name) => write!(formatter, "has a malformed `{name}`"),
            Self::Issuer(found) => write!(
                formatter,
                "is from the issuer `{found}` instead of the configured one"
            ),
            Self::Tenant(found) => write!(
                formatter,
                "is from the tenant `{found}`, which is not in `tenants`"
            ),
            Self::Audience(found) => write!(formatter, "is for `{found}` instead of this client"),
            Self::AuthorizedPartyMissing => {
                formatter.write_str("is for several audiences and has no `azp`")
            }
            Self::AuthorizedParty => formatter.write_str("was issued to another client: `azp`"),
            Self::Expired(seconds) => write!(formatter, "ended {seconds} s ago"),
            Self::NotYetValid(seconds) => write!(formatter, "begins only in {seconds} s"),
            Self::IssuedInFuture(seconds) => {
                write!(formatter, "was issued {seconds} s in the future")
            }
            Self::Nonce => formatter.write_str("has another `nonce` than the one sent"),
            Self::Discontinued(name) => {
                write!(
                    formatter,
                    "came with a refresh and has another `{name}` than before"
                )
            }
            Self::AccessTokenHash => {
                formatter.write_str("belongs to another access token: `at_hash`")
            }
            Self::AuthenticationTooOld(seconds) => write!(
                formatter,
                "says that the user signed in {seconds} s ago, longer than `max_age`"
            ),
        }?;
        write!(formatter, " ({})", self.section())
    }
}

impl IdTokenFault {
    /// The rule that is broken.
    fn section(&self) -> &'static str {
        match self {
            Self::Jws(_) | Self::Payload(_) => "RFC 7519 §7.2",
            Self::MediaType(_) => "RFC 8725 §3.11",
            Self::ClaimMissing("tid") => "Microsoft Entra ID",
            Self::ClaimMissing(_) | Self::ClaimMalformed(_) => "OIDC Core §2",
            Self::Issuer(_) | Self::Tenant(_) => "OIDC Core §3.1.3.7 (2)",
            Self::Audience(_) | Self::AuthorizedPartyMissing => "OIDC Core §3.1.3.7 (3)",
            Self::AuthorizedParty => "OIDC Core §3.1.3.7 (5)",
            Self::Expired(_) => "OIDC Core §3.1.3.7 (9)",
            Self::NotYetValid(_) => "RFC 7519 §4.1.5",
            Self::IssuedInFuture(_) => "OIDC Core §3.1.3.7 (10)",
            Self::Nonce => "OIDC Core §3.1.3.7 (11)",
            Self::AuthenticationTooOld(_) => "OIDC Core §3.1.3.7 (13)",
            Self::Discontinued(_) => "OIDC Core §12.2",
            Self::AccessTokenHash => "OIDC Core §3.1.3.8",
        }
    }
}
