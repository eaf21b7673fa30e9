//! How long a session lasts.

use kfwasm_config::{OnTokenExpiry, Session as Settings};

use crate::time::UnixTime;

/// The limits of every session in this deployment, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    idle: u64,
    absolute: u64,
    on_token_expiry: OnTokenExpiry,
    refresh: bool,
    /// Whether the session needs its ID token.
    forward_id_token: bool,
}

/// How long a token lives whose provider does not say so, in seconds.
const USUAL_TOKEN: u64 = 3600;
/// How long before its end a token is replaced, in seconds; with a short-lived one, a fifth of its life before.
const MARGIN: u64 = 300;

/// A renewed cookie is not worth its bytes more often than this, in seconds.
const RENEWAL: u64 = 3600;

impl Lifetime {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            idle: settings.idle.as_secs(),
            absolute: settings.absolute.as_secs(),
            on_token_expiry: match settings.forward_id_token {
                true => OnTokenExpiry::End,
                false => settings.on_token_expiry,
            },
            refresh: settings.refresh,
            forward_id_token: settings.forward_id_token,
        }
    }

    /// How long what the provider has given lasts: the access token, as `expires_in` says, and the ID token where it is used.
    pub(crate) fn of_tokens(
        self,
        now: UnixTime,
        expires_in: Option<u64>,
        id_token_expiry: UnixTime,
    ) -> Option<u64> {
        match self.forward_id_token {
            true => {
                let left = id_token_expiry.seconds_since(now);
                Some(expires_in.map_or(left, |it| it.min(left)))
            }
            false => expires_in,
        }
    }

    /// When a session that begins now ends in any case. `token_lifetime` is the provider's `expires_in`.
    pub(crate) fn end(self, now: UnixTime, token_lifetime: Option<u64>) -> UnixTime {
        let seconds = match (self.on_token_expiry, token_lifetime) {
            (OnTokenExpiry::End, Some(token)) => self.absolute.min(token),
            (OnTokenExpiry::End, None) | (OnTokenExpiry::Keep, _) => self.absolute,
        };
        now.plus(seconds)
    }

    /// When to ask the provider for new tokens, if that is wanted.
    pub(crate) fn refresh_at(self, now: UnixTime, token_lifetime: Option<u64>) -> Option<UnixTime> {
        let life = token_lifetime.unwrap_or(USUAL_TOKEN);
        let margin = MARGIN.min(life / 5);
        let pause = life.saturating_sub(margin).max(1);
        self.refresh.then_some(now.plus(pause))
    }

    /// When a session that began at `signed_in_at` ends in any case, now that it was refreshed.
    pub(crate) fn refreshed_end(
        self,
        now: UnixTime,
        signed_in_at: UnixTime,
        token_lifetime: Option<u64>,
    ) -> UnixTime {
        self.end(now, token_lifetime)
            .min(self.longest(signed_in_at))
    }

    /// When a session that began at `signed_in_at` ends at the latest.
    pub(crate) fn longest(self, signed_in_at: UnixTime) -> UnixTime {
        signed_in_at.plus(self.absolute)
    }

    /// When a session that is used now ends if it is not used again.
    pub(crate) fn idle_end(self, now: UnixTime, end: UnixTime) -> UnixTime {
        now.plus(self.idle).min(end)
    }

    /// Whether the cookie should be sealed anew, because what it says of its last use is old: by an eighth of the idle
    /// limit, or by an hour.
    pub(crate) fn is_renewal_due(self, now: UnixTime, idle_end: UnixTime, end: UnixTime) -> bool {
        let gained = self.idle_end(now, end).seconds_since(idle_end);
        gained > 0 && gained >= (self.idle / 8).min(RENEWAL)
    }
}
