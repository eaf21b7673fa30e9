//! What the client did wrong.

use core::fmt;

use crate::provider::OAuthError;

/// Why a client's request was refused. Holds nothing that the client sent but what is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClientFault {
    /// The headers, the authority or the query cannot be read.
    Malformed(&'static str),
    /// The method is not one that the endpoint has.
    Method,
    /// The authority is not one of the public hosts.
    UnknownHost,
    /// The callback names a sign-in that this browser has not begun, or no longer knows.
    UnknownAttempt,
    /// The callback is that of another provider than the one that the browser was sent to.
    OtherProvider,
    /// The sign-in took longer than ten minutes.
    ExpiredAttempt,
    /// Another site asked for a sign-out.
    CrossSiteSignOut,
    /// Something else than a whole window asks for what only a person may see.
    NotAWindow,
    /// The answer is to a question that was not asked here, or too long ago.
    UnknownQuestion,
    /// The provider reports that the sign-in did not succeed (RFC 6749 §4.1.2.1).
    NotSignedIn(OAuthError),
}

impl fmt::Display for ClientFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(formatter, "the client sent {what}"),
            Self::Method => formatter.write_str("the client used a method that the endpoint does not have"),
            Self::UnknownHost => formatter.write_str(
                "the client used a host that is not in publicHosts: add it there, if people are to use it",
            ),
            Self::UnknownAttempt => formatter.write_str(
                "the client came back from a sign-in that its browser has no cookie of: finished already, too old, or not begun there",
            ),
            Self::OtherProvider => formatter.write_str(
                "the client came back to the callback of another provider than it was sent to: one provider's answer passed off as another's (RFC 9700 section 4.4), or the providers have changed places in the configuration since",
            ),
            Self::ExpiredAttempt => formatter.write_str("the client took longer than ten minutes to sign in"),
            Self::CrossSiteSignOut => formatter.write_str("another site made the client ask for a sign-out"),
            Self::NotAWindow => formatter.write_str("something else than a browser's window asked for a page that only a person may see"),
            Self::UnknownQuestion => formatter.write_str("the client answered a question about a program that was not asked here, or too long ago"),
            Self::NotSignedIn(error) => write!(formatter, "the provider did not sign the user in: {error}"),
        }
    }
}
