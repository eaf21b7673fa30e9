//! The provider's page, which signs somebody out, loads ours in a frame (OpenID Connect Front-Channel Logout 1.0).
//!
//! Nothing says that the provider asks. Our cookies do not come along either, unless it is of our own site: they are
//! `SameSite=Lax`, and browsers keep other sites' frames apart. So it is `sid` that counts, which the browser, the provider
//! and its other clients know and nobody can guess: whoever knows it can end that session, and do nothing else.

use form_urlencoded::parse;
use kfwasm_config::IssuerRule;

use crate::client_fault::ClientFault;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::recipient::Recipient;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::session::{Channel, Logout, Named, OpenSession, Session};
use crate::shared_data::NotWritten;

/// Bounds of a `sid` in bytes. A shorter one could be guessed; longer ones are not kept with sessions.
const SHORTEST_SID: usize = 16;
const LONGEST_SID: usize = 255;

impl RelyingParty {
    /// The front-channel logout endpoint (§2).
    pub(crate) fn front_channel_logout(
        &mut self,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> LocalReply {
        if !matches!(head.method, b"GET" | b"HEAD") {
            return self.refuse(&ClientFault::Method.into(), &Recipient::of(head));
        }
        match self.ended_session(head.query()) {
            Some((providers, sid)) => self.end_session_named(&providers, &sid, head, host),
            None => self
                .framed(Outcome::ProviderSignOutRefused)
                .reporting(NO_SESSION.to_owned()),
        }
    }

    /// The `sid` of a request that names an issuer of ours by `iss`, and the names of that issuer's providers: we may be
    /// several clients of one, and nothing says whose frame it is.
    fn ended_session(&self, query: &[u8]) -> Option<(Vec<String>, String)> {
        let (mut issuer, mut sid) = (None, None);
        for (name, value) in parse(query) {
            let place = match &*name {
                "iss" => &mut issuer,
                "sid" => &mut sid,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let fits = |it: &String| (SHORTEST_SID..=LONGEST_SID).contains(&it.len());
        let sid = sid.map(|it| it.into_owned()).filter(fits)?;
        let providers = self.providers_of(&issuer?);
        (!providers.is_empty()).then_some((providers, sid))
    }

    fn providers_of(&self, issuer: &str) -> Vec<String> {
        let providers = self.config.providers.iter();
        providers
            .filter(|it| IssuerRule::of(it).is_named_by(issuer))
            .map(|it| it.name.as_str().to_owned())
            .collect()
    }

    fn end_session_named(
        &mut self,
        providers: &[String],
        sid: &str,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> LocalReply {
        let open = self.session_of(head, host);
        let is_one = |it: &Session| providers.iter().any(|name| is_about(it, name, sid));
        let open = open.filter(|it| is_one(&it.session));
        let cookies = match &open {
            Some(open) => self.ending_cookies(head, Some(open), host),
            None => Vec::new(),
        };
        for provider in providers {
            self.note_front_channel(provider, sid, open.as_deref(), host);
        }
        self.framed(Outcome::ProviderSignOut)
            .with_cookies(cookies)
            .about(open)
    }

    fn note_front_channel(
        &mut self,
        provider: &str,
        sid: &str,
        open: Option<&OpenSession>,
        host: &mut Host<'_>,
    ) {
        let until = self.lifetime.longest(host.now);
        let logout = Logout::new(Named::Session, sid.to_owned(), provider, host.now, until);
        let brought = open.map(|it| &it.session);
        let mut known = brought.into_iter().chain(self.sessions.iter());
        let channel = match known.any(|it| is_about(it, provider, sid)) {
            true => Channel::Front,
            false => Channel::Hearsay,
        };
        // The worker that was asked knows at any rate, and the frame cannot tell anybody of a failure.
        let _: Result<(), NotWritten> = self.logouts.note(channel, logout, host);
    }

    /// An empty page that the providers' pages may frame.
    fn framed(&self, outcome: Outcome) -> LocalReply {
        let mut policy = String::from("default-src 'none'; frame-ancestors");
        for provider in &self.config.providers {
            let issuer = &provider.issuer;
            let origin = issuer.as_str().strip_suffix(issuer.path_and_query());
            policy = [&policy, " ", origin.unwrap_or(issuer.as_str())].concat();
        }
        LocalReply::new(200, outcome)
            .with_header("content-security-policy", policy)
            .with_body("text/html; charset=utf-8", b"<!doctype html>".to_vec())
    }
}

fn is_about(session: &Session, provider: &str, sid: &str) -> bool {
    session.provider_session.as_deref() == Some(sid) && session.provider == provider
}

const NO_SESSION: &str = "a front-channel logout without the provider's iss and a sid: let the provider send both (at Microsoft Entra ID, add the optional claim sid)";
