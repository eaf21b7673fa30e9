//! What a provider did wrong.

use core::error::Error;
use core::fmt;

use kfwasm_config::UrlError;

use super::authorization_response::ResponseIssuerFault;
use super::document::Document;
use super::oauth_error::OAuthError;
use crate::excerpt::Excerpt;
use crate::id_token::IdTokenFault;
use crate::jose::JsonFault;

/// What the provider did wrong: in which document, and which rule it broke. Never holds a token, a code
/// or a secret, so that it can be logged as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderFault {
    /// The document came with this HTTP status instead of 200.
    Status(Document, u16),
    /// The document is longer than so many bytes.
    TooLong(Document, usize),
    /// The document is not a JSON object with unique names.
    Json(Document, JsonFault),
    /// The discovery document breaks a rule.
    Discovery(DiscoveryFault),
    /// The key set breaks a rule.
    KeySet(KeySetFault),
    /// The answer of the token endpoint breaks a rule.
    TokenResponse(TokenResponseFault),
    /// The answer of the userinfo endpoint breaks a rule.
    UserInfo(UserInfoFault),
    /// The list of a user's groups breaks a rule.
    Memberships(MembershipsFault),
    /// The provider refused the request by the book (RFC 6749 §5.2, §4.1.2.1).
    Refused(OAuthError),
    /// The authorization response is not this provider's.
    AuthorizationResponse(ResponseIssuerFault),
    /// The ID token breaks a rule.
    IdToken(IdTokenFault),
}

/// Which rule a discovery document breaks (OIDC Discovery §3 and §4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoveryFault {
    /// A member is missing or has the wrong type.
    Member(&'static str),
    /// Its issuer is this one, and not the configured one.
    Issuer {
        /// What the document says.
        found: Excerpt,
        /// What it should say.
        expected: Excerpt,
    },
    /// The named endpoint is not a URL that kfwasm may call.
    Endpoint(&'static str, UrlError),
    /// The provider signs ID tokens by none of the configured algorithms, but by these.
    Algorithms(Excerpt),
    /// The provider says that it does not know PKCE with S256.
    Pkce,
    /// The provider authenticates clients by none of the methods that fit our credential, but by these.
    ClientAuthentication(Excerpt),
}

/// Which rule a key set breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetFault {
    /// It has no array `keys`.
    KeysMissing,
    /// It has more than 100 keys.
    TooManyKeys,
    /// It has no key that could verify a signature.
    NoUsableKey,
}

/// Which rule the answer of the token endpoint breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenResponseFault {
    /// A member is missing.
    Missing(&'static str),
    /// A member does not have the form that its definition demands.
    Malformed(&'static str),
    /// The access token is not a bearer token.
    TokenType,
    /// It is an HTML page.
    Html,
}

/// What is wrong with the list of a user's groups at Microsoft Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipsFault {
    /// It has no array `value`.
    Value,
    /// A group in it has no `id`.
    Member,
    /// `@odata.nextLink` is not a URL at the same host.
    NextLink,
    /// There are more groups, or pages of them, than anybody has.
    TooMany,
}

/// Which rule the answer of the userinfo endpoint breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserInfoFault {
    /// It is not about the user of the ID token.
    Subject,
    /// It is a JWT and not JSON.
    Jwt,
}

impl ProviderFault {
    pub(crate) fn json(document: Document, fault: JsonFault) -> Self {
        Self::Json(document, fault)
    }

    /// What the operator can do about it, for the log.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Status(Document::Memberships, 401 | 403) => {
                "the access token is not one for Microsoft Graph with User.Read: write User.Read among `scopes`, ask for no other `resource`, and grant the permission to the app registration; or set `groupOverage: ignore`"
            }
            Self::Status(_, 500..) => {
                "the provider has a fault of its own: wait, or ask those who run it"
            }
            Self::Status(Document::Discovery, _) => {
                "check `issuer`: this URL with /.well-known/openid-configuration behind it must answer"
            }
            Self::Status(..) | Self::Json(..) | Self::TooLong(..) => {
                "open the URL yourself: a proxy, a login page or another service may answer in the provider's place"
            }
            Self::Discovery(fault) => fault.advice(),
            Self::KeySet(fault) => fault.advice(),
            Self::TokenResponse(fault) => fault.advice(),
            Self::UserInfo(fault) => fault.advice(),
            Self::Memberships(_) => {
                "check `graphEndpoint`, if set by hand; or set `groupOverage: ignore`"
            }
            Self::Refused(error) => error.advice(),
            Self::AuthorizationResponse(_) => {
                "nothing, if it is rare: the callback was called with an answer that is not this provider's; otherwise check `issuer`"
            }
            Self::IdToken(fault) => fault.advice(),
        }
    }
}

impl DiscoveryFault {
    fn advice(&self) -> &'static str {
        match self {
            Self::Issuer { .. } => {
                "set `issuer` to exactly what the document says, to the last slash, if that is the provider you mean"
            }
            Self::Member(_) => {
                "set `authorizationEndpoint`, `tokenEndpoint` and `jwksUri` by hand, and report it to those who run the provider"
            }
            Self::Endpoint(_, UrlError::PlainHttp) => {
                "serve the provider by https, or, where you trust the network, set `insecureHttp: true`"
            }
            Self::Endpoint(..) => "set this endpoint by hand",
            Self::Algorithms(_) => "set `idTokenSigningAlgorithms` to what the provider signs with",
            Self::Pkce => {
                "enable PKCE with S256 for this client; if the document is wrong, set all endpoints by hand"
            }
            Self::ClientAuthentication(_) => {
                "give kfwasm the credential that the provider wants (`clientSecret` or `privateKey`), or set `clientAuthentication`"
            }
        }
    }
}

impl KeySetFault {
    fn advice(self) -> &'static str {
        match self {
            Self::KeysMissing | Self::TooManyKeys => {
                "check that `jwksUri`, if set by hand, is the provider's key set"
            }
            Self::NoUsableKey => {
                "the provider must publish an RSA key of 2048 bits or more, a P-256, P-384 or P-521 key, or an Ed25519 key for signatures"
            }
        }
    }
}

impl TokenResponseFault {
    fn advice(self) -> &'static str {
        match self {
            Self::Missing("id_token") => {
                "check that `scopes` has `openid`, and that `tokenEndpoint`, if set by hand, is the OpenID one"
            }
            Self::Html => {
                "check `tokenEndpoint`: a proxy, a login page or another service answers in the provider's place"
            }
            _ => "the provider does not follow the specification: report it to those who run it",
        }
    }
}

impl UserInfoFault {
    fn advice(self) -> &'static str {
        match self {
            Self::Subject => {
                "check that `userinfoEndpoint`, if set by hand, is this provider's: an answer about somebody else must not be used"
            }
            Self::Jwt => {
                "let the provider answer this client with JSON, or put the claims into the ID token and set `identity.userInfo: never`"
            }
        }
    }
}

impl From<DiscoveryFault> for ProviderFault {
    fn from(fault: DiscoveryFault) -> Self {
        Self::Discovery(fault)
    }
}

impl From<KeySetFault> for ProviderFault {
    fn from(fault: KeySetFault) -> Self {
        Self::KeySet(fault)
    }
}

impl From<TokenResponseFault> for ProviderFault {
    fn from(fault: TokenResponseFault) -> Self {
        Self::TokenResponse(fault)
    }
}

impl From<UserInfoFault> for ProviderFault {
    fn from(fault: UserInfoFault) -> Self {
        Self::UserInfo(fault)
    }
}

impl From<MembershipsFault> for ProviderFault {
    fn from(fault: MembershipsFault) -> Self {
        Self::Memberships(fault)
    }
}

impl From<ResponseIssuerFault> for ProviderFault {
    fn from(fault: ResponseIssuerFault) -> Self {
        Self::AuthorizationResponse(fault)
    }
}

impl From<IdTokenFault> for ProviderFault {
    fn from(fault: IdTokenFault) -> Self {
        Self::IdToken(fault)
    }
}

impl Error for ProviderFault {}

impl fmt::Display for ProviderFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(document, status) => {
                write!(
                    formatter,
                    "{document} came with HTTP status {status} instead of 200"
                )
            }
            Self::TooLong(document, longest) => {
                write!(formatter, "{document} is longer than {longest} bytes")
            }
            Self::Json(document, fault) => write!(formatter, "{document} {fault}"),
            Self::Discovery(fault) => write!(formatter, "{} {fault}", Document::Discovery),
            Self::KeySet(fault) => write!(formatter, "{} {fault}", Document::KeySet),
            Self::TokenResponse(fault) => write!(formatter, "{} {fault}", Document::TokenResponse),
            Self::UserInfo(fault) => write!(formatter, "{} {fault}", Document::UserInfo),
            Self::Memberships(fault) => write!(formatter, "{} {fault}", Document::Memberships),
            Self::Refused(error) => write!(formatter, "the provider refused: {error}"),
            Self::AuthorizationResponse(fault) => {
                write!(formatter, "the authorization response {fault}")
            }
            Self::IdToken(fault) => write!(formatter, "the ID token {fault}"),
        }
    }
}

impl fmt::Display for DiscoveryFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => {
                write!(formatter, "has no sound `{name}` (OIDC Discovery §3)")
            }
            Self::Issuer { found, expected } => write!(
                formatter,
                "is of the issuer `{found}` instead of `{expected}` (OIDC Discovery §4.3)"
            ),
            Self::Endpoint(name, error) => {
                write!(formatter, "names a `{name}` that {error} (OIDC Discovery §3)")
            }
            Self::Algorithms(found) => write!(
                formatter,
                "says that ID tokens are signed by `{found}`, none of which is allowed (OIDC Discovery §3)"
            ),
            Self::Pkce => formatter.write_str(
                "says that the provider does not know the code challenge method `S256` (RFC 7636 §4.2, RFC 8414 §2)",
            ),
            Self::ClientAuthentication(found) => write!(
                formatter,
                "says that clients authenticate by `{found}`, none of which fits the configured credential (OIDC Discovery §3)"
            ),
        }
    }
}

impl fmt::Display for KeySetFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::KeysMissing => "has no array `keys` (RFC 7517 §5)",
            Self::TooManyKeys => "has more than 100 keys",
            Self::NoUsableKey => "has no key that could verify a signature (RFC 7517 §4)",
        })
    }
}

impl fmt::Display for TokenResponseFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing("id_token") => {
                formatter.write_str("has no `id_token` (OIDC Core §3.1.3.3)")
            }
            Self::Missing(name) => write!(formatter, "has no `{name}` (RFC 6749 §5.1)"),
            Self::Malformed(name) => {
                write!(formatter, "has a malformed `{name}` (RFC 6749 §5.1)")
            }
            Self::TokenType => {
                formatter.write_str("has a `token_type` other than Bearer (OIDC Core §3.1.3.3)")
            }
            Self::Html => formatter.write_str("is an HTML page instead of JSON (RFC 6749 §5.1)"),
        }
    }
}

impl fmt::Display for UserInfoFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Subject => "has no `sub`, or not that of the ID token (OIDC Core §5.3.2)",
            Self::Jwt => "is a JWT instead of JSON (OIDC Core §5.3.2)",
        })
    }
}

impl fmt::Display for MembershipsFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Value => "has no array `value`",
            Self::Member => "has a group without `id`",
            Self::NextLink => "goes on at another host (`@odata.nextLink`)",
            Self::TooMany => "has more than 12,000 groups or 12 pages",
        })
    }
}

#[cfg(test)]
mod tests;
