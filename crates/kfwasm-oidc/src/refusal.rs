//! Refusals, and what goes onto the wire for them.

use core::fmt;

use crate::callout::CalloutError;
use crate::client_fault::ClientFault;
use crate::entropy::EntropyFailure;
use crate::id_token::IdTokenFault;
use crate::identity::IdentityFault;
use crate::key_ring::SealFailure;
use crate::outcome::Outcome;
use crate::provider::{ClientAuthenticationFailure, Document, ProviderFault};

/// Why a request cannot go on, by whose fault it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Client(ClientFault),
    Provider(ProviderFault),
    /// There is no answer from the provider.
    Unreachable(Document, CalloutError),
    /// The provider did not answer lately, and is not asked again for so many seconds.
    BackingOff(u64),
    /// The provider's claims do not make an identity.
    Identity(IdentityFault),
    /// The bearer token breaks a rule.
    Bearer(IdTokenFault),
    /// The configuration ends the bearer token, or those of its user.
    RevokedBearer,
    /// Too many bearer tokens were wrong just now to look at another one.
    TooManyTokens,
    /// The configuration ends the user's sessions, new ones too.
    Revoked,
    /// The provider did not deliver the sign-in that the page asks for.
    StepUp,
    /// The session does not fit into a cookie.
    SessionTooLarge,
    /// The gateway itself cannot go on.
    Gateway(&'static str),
}

/// How a refusal is answered.
pub(crate) struct Disposition {
    pub(crate) status: u16,
    pub(crate) outcome: Outcome,
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    /// In seconds.
    pub(crate) retry_after: Option<u64>,
}

/// After how many seconds to try again, where nothing better is known.
pub(crate) const RETRY_AFTER: u64 = 5;

impl Refusal {
    /// The one place where a refusal becomes a status and words for people.
    pub(crate) fn disposition(&self) -> Disposition {
        match self {
            Self::Client(fault) => client_disposition(fault),
            Self::Provider(fault) if is_outage(fault) => unavailable(RETRY_AFTER),
            Self::Provider(fault) if is_about_groups(fault) => Disposition::new(
                502,
                Outcome::ProviderFault,
                "Your groups could not be found out",
                "Your account is in more groups than a sign-in can tell, and the directory does not list them. Tell your administrator.",
            ),
            Self::Provider(_) => Disposition::new(
                502,
                Outcome::ProviderFault,
                "Sign-in did not work",
                "The sign-in service gave an answer that cannot be accepted. Try again; if that does not help, tell your administrator.",
            ),
            Self::Unreachable(..) => unavailable(RETRY_AFTER),
            Self::BackingOff(seconds) => unavailable(*seconds),
            Self::Identity(_) => Disposition::new(
                403,
                Outcome::SignInRefused,
                "Your account cannot be used here",
                "You have signed in, but the sign-in service does not say what is needed to know you here. Tell your administrator.",
            ),
            Self::Bearer(_) | Self::RevokedBearer => Disposition::new(
                401,
                Outcome::BearerRefused,
                "This token is not accepted",
                "The bearer token is not valid here. Get a new one, and check that it is made for this gateway.",
            ),
            Self::TooManyTokens => Disposition {
                retry_after: Some(1),
                ..Disposition::new(
                    503,
                    Outcome::BearerDelayed,
                    "The token cannot be checked right now",
                    "Too many tokens were wrong. Try again in a moment.",
                )
            },
            Self::Revoked => Disposition::new(
                403,
                Outcome::SignInRefused,
                "Your account may not be used here at the moment",
                "You have signed in, but your administrator has ended your access. Ask your administrator.",
            ),
            Self::StepUp => Disposition::new(
                403,
                Outcome::SignInRefused,
                "This page asks for a stronger sign-in",
                "You have signed in, but not in the way, or not as lately, as this page asks for. Try again from that page; if that does not help, tell your administrator.",
            ),
            Self::SessionTooLarge => Disposition::new(
                403,
                Outcome::SignInRefused,
                "Your account is in too many groups",
                "You have signed in, but the list of your groups is too long. Tell your administrator.",
            ),
            Self::Gateway(_) => Disposition::new(
                503,
                Outcome::GatewayFault,
                "Sign-in is not possible right now",
                "The gateway has a fault of its own. Tell your administrator.",
            ),
        }
    }
}

impl Refusal {
    /// What a person can pass on to their administrator, where there is more to say than the disposition does. The names of
    /// claims come from the configuration.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Identity(IdentityFault::NoClaim(names)) => {
                ["Looked for: ", &names.join(", "), "."].concat()
            }
            Self::Identity(IdentityFault::Unfit(name)) => {
                ["The claim “", name, "” cannot be used as it is."].concat()
            }
            Self::Identity(IdentityFault::UnverifiedEmail) => {
                "Your address (the claim “email”) is not verified there.".to_owned()
            }
            _ => String::new(),
        }
    }
}

impl Disposition {
    const fn new(
        status: u16,
        outcome: Outcome,
        title: &'static str,
        message: &'static str,
    ) -> Self {
        Self {
            status,
            outcome,
            title,
            message,
            retry_after: None,
        }
    }
}

fn unavailable(seconds: u64) -> Disposition {
    Disposition {
        retry_after: Some(seconds),
        ..Disposition::new(
            503,
            Outcome::ProviderUnavailable,
            "Sign-in is not possible right now",
            "The sign-in service does not answer. Try again in a moment.",
        )
    }
}

impl Refusal {
    /// Whether the same may work in a while.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(..) | Self::BackingOff(_) => true,
            Self::Provider(ProviderFault::IdToken(_)) => self.is_key_not_found(),
            Self::Provider(fault) => is_outage(fault),
            _ => false,
        }
    }

    /// Whether newer keys may change it.
    pub(crate) fn is_key_not_found(&self) -> bool {
        match self {
            Self::Provider(ProviderFault::IdToken(fault)) | Self::Bearer(fault) => {
                fault.is_key_not_found()
            }
            _ => false,
        }
    }
}

/// Whether the provider is down rather than wrong: Envoy answers 503 and 504 for it when it cannot be reached.
fn is_outage(fault: &ProviderFault) -> bool {
    match fault {
        ProviderFault::Status(_, status) => matches!(status, 429 | 500..),
        ProviderFault::Refused(error) => is_passing(error.code()),
        _ => false,
    }
}

fn is_about_groups(fault: &ProviderFault) -> bool {
    matches!(
        fault,
        ProviderFault::Memberships(_)
            | ProviderFault::Status(Document::Memberships, _)
            | ProviderFault::Json(Document::Memberships, _)
            | ProviderFault::TooLong(Document::Memberships, _)
    )
}

/// RFC 6749 §4.1.2.1: the two errors that go away by themselves.
fn is_passing(code: &str) -> bool {
    matches!(code, "temporarily_unavailable" | "server_error")
}

fn client_disposition(fault: &ClientFault) -> Disposition {
    let refused = |title, message| Disposition::new(400, Outcome::SignInRefused, title, message);
    match fault {
        ClientFault::Malformed(_) => Disposition::new(
            400,
            Outcome::Malformed,
            "This request cannot be understood",
            "Go back and try again.",
        ),
        ClientFault::Method => Disposition::new(
            405,
            Outcome::Malformed,
            "This request cannot be understood",
            "This address does not take requests of that kind.",
        ),
        // RFC 9110 §15.5.20: the server cannot speak for that authority.
        ClientFault::UnknownHost => Disposition::new(
            421,
            Outcome::Misdirected,
            "This address is not set up for sign-in",
            "Use the address that your administrator gave you.",
        ),
        ClientFault::UnknownAttempt | ClientFault::OtherProvider => refused(
            "This sign-in is not known here",
            "It was finished already, took too long, or was begun in another browser. Sign in again.",
        ),
        ClientFault::ExpiredAttempt => refused(
            "This sign-in took too long",
            "A sign-in must be finished within ten minutes. Sign in again.",
        ),
        ClientFault::CrossSiteSignOut => Disposition::new(
            403,
            Outcome::Malformed,
            "You are still signed in",
            "Another site tried to sign you out.",
        ),
        ClientFault::NotAWindow => Disposition::new(
            403,
            Outcome::ProgramRefused,
            "This page must be opened in a window of its own",
            "Open its address in a current browser, over https.",
        ),
        ClientFault::UnknownQuestion => Disposition::new(
            400,
            Outcome::ProgramRefused,
            "This question is not open any more",
            "It was asked too long ago, or your session has ended. Start the program again.",
        ),
        ClientFault::NotSignedIn(error) if is_passing(error.code()) => unavailable(RETRY_AFTER),
        ClientFault::NotSignedIn(error) if error.code() == "access_denied" => Disposition::new(
            403,
            Outcome::SignInRefused,
            "You were not signed in",
            "The sign-in was cancelled, or your account may not use this application.",
        ),
        ClientFault::NotSignedIn(_) => refused(
            "You were not signed in",
            "The sign-in service did not accept the request. Try again; if that does not help, tell your administrator.",
        ),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(fault) => fault.fmt(formatter),
            Self::Provider(fault) => write!(formatter, "{fault}; {}", fault.advice()),
            Self::Unreachable(document, error) => {
                write!(
                    formatter,
                    "{document}: {error}; see that the gateway has a cluster for the provider and can reach it"
                )
            }
            Self::BackingOff(seconds) => write!(
                formatter,
                "the provider did not answer lately, and is asked again in {seconds} s"
            ),
            Self::Identity(IdentityFault::NoClaim(names)) => write!(
                formatter,
                "the provider tells none of the claims {} about the user; set identity.claims to one that it tells, or let it add one to the ID token",
                names.join(", ")
            ),
            Self::Identity(IdentityFault::Unfit(name)) => write!(
                formatter,
                "the claim {name} holds something that cannot stand in a header; choose another claim"
            ),
            Self::Identity(IdentityFault::UnverifiedEmail) => formatter.write_str(
                "the provider says that the user's address is not verified, or does not say that it is (email_verified); let it be verified there, name users by another claim, or set identity.emailVerified",
            ),
            Self::Bearer(fault) => write!(
                formatter,
                "the client's bearer token {fault}; compare it with bearer.issuers"
            ),
            Self::RevokedBearer => formatter
                .write_str("session.revocation ends the client's bearer token, which is older than it says"),
            Self::TooManyTokens => formatter
                .write_str("bearer tokens with wrong signatures took too much time within this second"),
            Self::Revoked => formatter.write_str(
                "session.revocation ends this sign-in too: its notBefore is still to come; wait until then, or write the time of the revocation",
            ),
            Self::StepUp => formatter.write_str(
                "the provider did not sign the user in as stepUp asks for the page: acr is not one of acrValues, or auth_time is missing or too long ago; see that the provider honours acr_values and max_age for this client, and that its clock is right",
            ),
            Self::SessionTooLarge => formatter.write_str(
                "the session is larger than a cookie can be; let the provider send fewer groups",
            ),
            Self::Gateway(what) => formatter.write_str(what),
        }
    }
}

impl From<ClientFault> for Refusal {
    fn from(fault: ClientFault) -> Self {
        Self::Client(fault)
    }
}

impl From<ProviderFault> for Refusal {
    fn from(fault: ProviderFault) -> Self {
        Self::Provider(fault)
    }
}

impl From<IdentityFault> for Refusal {
    fn from(fault: IdentityFault) -> Self {
        Self::Identity(fault)
    }
}

impl From<EntropyFailure> for Refusal {
    fn from(_: EntropyFailure) -> Self {
        Self::Gateway("the host gave no random bytes")
    }
}

impl From<SealFailure> for Refusal {
    fn from(failure: SealFailure) -> Self {
        match failure {
            SealFailure::Entropy => EntropyFailure.into(),
            SealFailure::Content => Self::Gateway("a cookie's content could not be sealed"),
        }
    }
}

impl From<ClientAuthenticationFailure> for Refusal {
    fn from(failure: ClientAuthenticationFailure) -> Self {
        Self::Gateway(match failure {
            ClientAuthenticationFailure::NoCredential(_) => {
                "there is no credential for the provider's client authentication method; set clientSecret or privateKey"
            }
            ClientAuthenticationFailure::Entropy => "the host gave no random bytes",
            ClientAuthenticationFailure::Signing => "the private key could not sign",
        })
    }
}
