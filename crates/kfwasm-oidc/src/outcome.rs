//! How a request ended, for metrics and logs.

/// How a request was decided on. Each outcome has a counter of its own, and a word in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Forwarded with the identity of its session.
    Forwarded,
    /// Forwarded without identity, by a skip rule.
    Skipped,
    /// Sent to the provider to sign in.
    SignInStarted,
    /// Asked at which provider to sign in.
    ProviderChoice,
    /// Came back from the provider and is signed in.
    SignInCompleted,
    /// Came back from the provider, or asked for sign-in, and was refused.
    SignInRefused,
    /// Answered 401: a program without a session.
    Unauthorized,
    /// Answered 401: a program whose sign-in is too old for the path, or of another kind.
    StepUpNeeded,
    /// Answered 403: somebody who has signed in and may not go there.
    Forbidden,
    /// Answered 401: a program with a bearer token that is not valid here.
    BearerRefused,
    /// Answered 503: a bearer token that was not looked at, because too many were wrong.
    BearerDelayed,
    /// Told to reload the top window: a frame without a session.
    FrameUnauthorized,
    /// Signed out, or asked whether to.
    SignedOut,
    /// The provider ended sessions.
    ProviderSignOut,
    /// Somebody wanted to end sessions in the provider's name, and did not show to be it.
    ProviderSignOutRefused,
    /// Asked whether a program may act for them.
    ProgramAsked,
    /// Allowed a program to act for them.
    ProgramAllowed,
    /// A program that got a session.
    ProgramSignedIn,
    /// A program that got none, or nobody's permission.
    ProgramRefused,
    /// Sent from plain http to https.
    RedirectedToHttps,
    /// Refused: the host is not one of the public hosts.
    Misdirected,
    /// Refused: the request is malformed.
    Malformed,
    /// Refused: the provider cannot be reached.
    ProviderUnavailable,
    /// Refused: the provider broke a rule.
    ProviderFault,
    /// Refused: the gateway itself could not go on.
    GatewayFault,
}

impl Outcome {
    /// Every outcome, in the order of [`Outcome::index`].
    pub const ALL: [Self; 25] = [
        Self::Forwarded,
        Self::Skipped,
        Self::SignInStarted,
        Self::ProviderChoice,
        Self::SignInCompleted,
        Self::SignInRefused,
        Self::Unauthorized,
        Self::StepUpNeeded,
        Self::Forbidden,
        Self::BearerRefused,
        Self::BearerDelayed,
        Self::FrameUnauthorized,
        Self::SignedOut,
        Self::ProviderSignOut,
        Self::ProviderSignOutRefused,
        Self::ProgramAsked,
        Self::ProgramAllowed,
        Self::ProgramSignedIn,
        Self::ProgramRefused,
        Self::RedirectedToHttps,
        Self::Misdirected,
        Self::Malformed,
        Self::ProviderUnavailable,
        Self::ProviderFault,
        Self::GatewayFault,
    ];

    /// The position in [`Outcome::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forwarded => "forwarded",
            Self::Skipped => "skipped",
            Self::SignInStarted => "sign_in_started",
            Self::ProviderChoice => "provider_choice",
            Self::SignInCompleted => "sign_in_completed",
            Self::SignInRefused => "sign_in_refused",
            Self::Unauthorized => "unauthorized",
            Self::StepUpNeeded => "step_up_needed",
            Self::Forbidden => "forbidden",
            Self::BearerRefused => "bearer_refused",
            Self::BearerDelayed => "bearer_delayed",
            Self::FrameUnauthorized => "frame_unauthorized",
            Self::SignedOut => "signed_out",
            Self::ProviderSignOut => "provider_sign_out",
            Self::ProviderSignOutRefused => "provider_sign_out_refused",
            Self::ProgramAsked => "program_asked",
            Self::ProgramAllowed => "program_allowed",
            Self::ProgramSignedIn => "program_signed_in",
            Self::ProgramRefused => "program_refused",
            Self::RedirectedToHttps => "redirected_to_https",
            Self::Misdirected => "misdirected",
            Self::Malformed => "malformed",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::ProviderFault => "provider_fault",
            Self::GatewayFault => "gateway_fault",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn every_outcome_stands_at_its_index() {
        for (index, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome.index(), index);
        }
    }
}
