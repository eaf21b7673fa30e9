//! The life of a request.

use std::rc::Rc;

use kfwasm_config::{Config, Identity};

use crate::addresses::public_host;
use crate::bearer::BearerTokens;
use crate::callout::{CalloutError, HttpResponse};
use crate::client_fault::ClientFault;
use crate::cookies::{CookieNames, OwnCookie, OwnCookies};
use crate::directory::{Due, Fetch};
use crate::endpoints::{self, Endpoint};
use crate::gate::Gate;
use crate::header_edits::HeaderEdits;
use crate::header_map::MalformedHeaderMap;
use crate::host::Host;
use crate::identity;
use crate::key_ring::KeyRing;
use crate::local_reply::LocalReply;
use crate::normalized_path::NormalizedPath;
use crate::outcome::Outcome;
use crate::own_headers::OwnHeaders;
use crate::page::Look;
use crate::programs::UsedCodes;
use crate::providers::Providers;
use crate::recipient::Recipient;
use crate::refresh::{Leases, RideAlong};
use crate::request_head::RequestHead;
use crate::request_kind::RequestKind;
use crate::secret::Secret;
use crate::session::{Lifetime, OpenSession, ProviderLogouts, Session, SessionCache};
use crate::set_cookie::SetCookie;
use crate::signature_budget::SignatureBudget;
use crate::skip::SkipRules;
use crate::step::Step;
use crate::step_up;
use crate::time::UnixTime;

/// The relying party of one worker: a configuration, the secrets that it names, and what was learned since.
pub struct RelyingParty {
    pub(crate) config: Config,
    pub(crate) skip: SkipRules,
    pub(crate) own_headers: OwnHeaders,
    /// `config.identity`, shared with what is under way.
    pub(crate) identity_headers: Rc<Identity>,
    pub(crate) keys: Rc<KeyRing>,
    pub(crate) providers: Providers,
    pub(crate) sessions: SessionCache,
    pub(crate) used_codes: UsedCodes,
    /// Sessions that the provider has ended.
    pub(crate) logouts: ProviderLogouts,
    /// What logout tokens with wrong signatures may cost.
    pub(crate) logout_budget: SignatureBudget,
    pub(crate) leases: Leases,
    pub(crate) bearers: BearerTokens,
    pub(crate) lifetime: Lifetime,
    pub(crate) cookie_names: CookieNames,
    pub(crate) set_cookie: SetCookie,
    pub(crate) gate: Option<Rc<Gate>>,
    pub(crate) look: Look,
}

impl RelyingParty {
    /// Looks through a request's header map, as the host hands it over.
    ///
    /// # Errors
    /// The buffer is not a header map.
    pub fn scan<'a>(&self, headers: &'a [u8]) -> Result<RequestHead<'a>, MalformedHeaderMap> {
        RequestHead::scan(headers, &self.own_headers)
    }

    /// Decides what becomes of a request.
    pub fn handle_request(&mut self, head: &RequestHead<'_>, host: &mut Host<'_>) -> Step {
        let path = NormalizedPath::of(head.path_alone());
        if let Some(path) = &path
            && self.skip.cover(head, path)
        {
            let cookies = self.cookie_names.own(&head.cookies);
            return Step::Forward(self.edits(head, &cookies, Outcome::Skipped));
        }
        if let Some(location) = self.https_location(head) {
            let outcome = Outcome::RedirectedToHttps;
            return Step::Reply(LocalReply::redirect(308, location, outcome));
        }
        if let Some(endpoint) = path.as_ref().and_then(|it| self.endpoint_at(it)) {
            return self.answer(endpoint, head, host);
        }
        let cookies = self.cookie_names.own(&head.cookies);
        if let Some(session) = self.session_among(&cookies, head, host) {
            if !self.admits(&session, path.as_ref()) {
                return Step::Reply(self.forbid(&session, &Recipient::of(head)));
            }
            if !step_up::is_enough(&session.session, path.as_ref(), &self.config, host.now) {
                return self.ask_to_step_up(head, path.as_ref(), host);
            }
            let token = self.id_token_of(head, &session);
            let path = path.as_ref();
            if let Some(kind) = self.asked_for_token(token.as_ref(), &session, head, path, host.now)
            {
                return self.ask_to_sign_in(kind, head, host);
            }
            return Step::Forward(self.edits_with_session(head, &cookies, &session, token, host));
        }
        if let Some(step) = self.bearer(head, &cookies, host) {
            return step;
        }
        let kind = RequestKind::of(head, path.as_ref(), &self.config.api_paths);
        self.ask_to_sign_in(kind, head, host)
    }

    /// Answers a request whose headers are not a header map.
    #[must_use]
    pub fn refuse_malformed(&self) -> LocalReply {
        let fault = ClientFault::Malformed("headers that cannot be read");
        self.refuse(&fault.into(), &Recipient::default())
    }

    /// The documents to fetch now, so that requests find them there. To be asked about once a second.
    pub fn due_fetches(&mut self, host: &mut Host<'_>) -> Vec<Fetch> {
        self.recall(host);
        self.leases.sweep(host);
        let mut due = self.providers.due(host);
        due.extend(self.bearers.due(host));
        due
    }

    /// Learns what other workers of this Envoy know. To be asked when a configuration begins to serve, and once a second.
    pub fn recall(&mut self, host: &mut Host<'_>) {
        self.logouts.confirm(&self.sessions);
        self.logouts.learn(host);
    }

    /// Takes the response to one of [`RelyingParty::due_fetches`].
    ///
    /// # Errors
    /// What the operator should know: why the document could not be used, and what to do. What was known before stays.
    pub fn fetched(
        &mut self,
        document: Due,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), String> {
        let received = match document {
            Due::Provider(provider, document) => {
                self.providers.received(provider, document, response, host)
            }
            Due::BearerIssuer(issuer) => self.received_bearer_keys(issuer, response, host),
        };
        received.map_err(|refusal| refusal.to_string())
    }

    /// How old the keys are of the provider whose are the oldest, in seconds; `None` when none are fetched at all.
    pub fn key_set_age(&mut self, host: &mut Host<'_>) -> Option<u64> {
        self.providers.key_set_age(host)
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    fn endpoint_at(&self, path: &NormalizedPath<'_>) -> Option<Endpoint> {
        endpoints::at(path, &self.config, &self.providers)
    }

    fn answer(&mut self, endpoint: Endpoint, head: &RequestHead<'_>, host: &mut Host<'_>) -> Step {
        let Some(public_host) = self.public_host(head) else {
            let refusal = ClientFault::UnknownHost.into();
            return Step::Reply(self.refuse(&refusal, &Recipient::of(head)));
        };
        match endpoint {
            Endpoint::Callback => {
                let provider = self.providers.serving(&public_host).next();
                self.callback(provider, head, &public_host, host)
            }
            Endpoint::CallbackOf(provider) => {
                let named = self.providers.get(provider).provider();
                let further = self.config.is_further(named, &public_host);
                self.callback(further.then_some(provider), head, &public_host, host)
            }
            Endpoint::Start(provider) => self.start_chosen(provider, public_host, head, host),
            Endpoint::SignOut => self.sign_out(head, &public_host, host),
            Endpoint::FrontChannelLogout => Step::Reply(self.front_channel_logout(head, host)),
            Endpoint::BackChannelLogout => self.back_channel_logout(head, host),
            Endpoint::ProgramAuthorization => self.program_authorization(head, &public_host, host),
            Endpoint::ProgramToken => Step::Reply(self.program_token(head, &public_host, host)),
        }
    }

    /// The session that the request's cookie holds, unless it is over.
    pub(crate) fn session_of(
        &mut self,
        head: &RequestHead<'_>,
        host: &Host<'_>,
    ) -> Option<Rc<OpenSession>> {
        let cookies = self.cookie_names.own(&head.cookies);
        self.session_among(&cookies, head, host)
    }

    /// The session that one of these cookies holds, unless it is over.
    ///
    /// Several cookies of the name mean that somebody set one for a parent domain or another path; the first that we
    /// sealed counts.
    fn session_among(
        &mut self,
        cookies: &OwnCookies<'_>,
        head: &RequestHead<'_>,
        host: &Host<'_>,
    ) -> Option<Rc<OpenSession>> {
        let mut values = SessionCookies::default();
        cookies.iter().for_each(|cookie| values.take(cookie));
        values.sessions.iter().flatten().find_map(|value| {
            let open = self.open_session(value)?;
            let is_ended = values.has_ended && has_signed_out(cookies, &open);
            let counts = !is_ended
                && !self.is_over(&open, host.now)
                && self.counts_on(&open, || public_host(head, &self.config));
            counts.then_some(open)
        })
    }

    /// What the value of a session's cookie stands for, if we sealed it.
    pub(crate) fn open_session(&mut self, value: &[u8]) -> Option<Rc<OpenSession>> {
        if let Some(open) = self.sessions.get(value) {
            return Some(open);
        }
        let session = Session::open(&self.keys, self.cookie_names.session(), value)?;
        let prefix = self.common_prefix(&session);
        let open = Rc::new(OpenSession::new(session, prefix, &self.config));
        self.sessions.put(value, Rc::clone(&open));
        Some(open)
    }

    /// The prefix of the session's user that is not part of the name.
    pub(crate) fn common_prefix(&self, session: &Session) -> &str {
        let id = self.providers.of(session);
        let provider = id.map(|id| self.providers.get(id).provider());
        identity::common_prefix(provider, &self.config.identity)
    }

    /// Whether a session is neither over nor revoked, and of a provider that is still there.
    pub(crate) fn is_in_force(&self, open: &OpenSession, now: UnixTime) -> bool {
        !self.is_over(open, now) && self.providers.of(&open.session).is_some()
    }

    fn is_over(&self, open: &OpenSession, now: UnixTime) -> bool {
        open.is_revoked
            || open.session.is_over(self.lifetime, now)
            || self.logouts.end(&open.session)
    }

    /// Whether the session is of a provider that is still there, and counts on the host that a request names: one of its
    /// provider's.
    pub(crate) fn counts_on(
        &self,
        open: &OpenSession,
        public_host: impl FnOnce() -> Option<String>,
    ) -> bool {
        self.providers.vouch_for(&open.session, public_host)
    }

    pub(crate) fn edits(
        &self,
        head: &RequestHead<'_>,
        cookies: &OwnCookies<'_>,
        outcome: Outcome,
    ) -> HeaderEdits {
        HeaderEdits {
            outcome,
            session: None,
            identity: None,
            names: Rc::clone(&self.identity_headers),
            forged: head.forged.iter().map(|name| name.to_vec()).collect(),
            cookies: cookies.removed_from(&head.cookies),
            gate: self.gate.clone(),
            id_token: None,
            renewed_session: None,
            ride_along: None,
        }
    }

    fn edits_with_session(
        &mut self,
        head: &RequestHead<'_>,
        cookies: &OwnCookies<'_>,
        open: &Rc<OpenSession>,
        id_token: Option<Secret>,
        host: &mut Host<'_>,
    ) -> HeaderEdits {
        let mut edits = HeaderEdits {
            session: Some(Rc::clone(open)),
            identity: Some(Rc::clone(&open.identity)),
            ..self.edits(head, cookies, Outcome::Forwarded)
        };
        self.forward_id_token(&mut edits, head, id_token);
        if !is_cacheable(head) {
            edits.ride_along = self.due_refresh(head, open, host);
            // A cookie from before the refresh must not come after those of it.
            if edits.ride_along.is_none() {
                edits.renewed_session = self.renewed_session(open, host);
            }
        }
        edits
    }

    fn due_refresh(
        &mut self,
        head: &RequestHead<'_>,
        open: &Rc<OpenSession>,
        host: &mut Host<'_>,
    ) -> Option<RideAlong> {
        let is_due = open.session.is_refresh_due(host.now) && self.config.session.refresh;
        is_due.then(|| self.ride_along(head, open, host))?
    }

    /// The session's cookie, sealed anew when what it says of its last use is old. A renewal that fails is tried again by
    /// the next request.
    fn renewed_session(&self, open: &OpenSession, host: &mut Host<'_>) -> Option<String> {
        let session = open.session.renewed(self.lifetime, host.now)?;
        self.session_cookie(&session, host).ok()
    }

    /// Asks for sign-in in the way that fits who is asking.
    pub(crate) fn ask_to_sign_in(
        &mut self,
        kind: RequestKind,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> Step {
        match kind {
            RequestKind::Navigation => self.start_sign_in(head, host),
            RequestKind::Frame => Step::Reply(self.frame_reply()),
            RequestKind::Program => Step::Reply(self.unauthorized(&Recipient::of(head))),
        }
    }
}

/// Whether the browser says that it has signed out of the session. It may say so of several, some of them made up.
fn has_signed_out(cookies: &OwnCookies<'_>, open: &OpenSession) -> bool {
    let id = open.hashed_id.as_bytes();
    let mut ended = cookies.iter();
    ended.any(|cookie| matches!(cookie, OwnCookie::Ended(ended) if *ended == id))
}

/// How many cookies of the session's name are looked at.
const MOST_SESSIONS: usize = 4;

/// What a request's cookies say about sessions.
#[derive(Default)]
struct SessionCookies<'a> {
    /// The first values of the session's name.
    sessions: [Option<&'a [u8]>; MOST_SESSIONS],
    /// Whether the browser has signed out of one.
    has_ended: bool,
}

impl<'a> SessionCookies<'a> {
    fn take(&mut self, cookie: &OwnCookie<'a>) {
        match cookie {
            OwnCookie::Session(value) => {
                if let Some(free) = self.sessions.iter_mut().find(|it| it.is_none()) {
                    *free = Some(value);
                }
            }
            OwnCookie::Ended(_) => self.has_ended = true,
            OwnCookie::Attempt(..)
            | OwnCookie::IdTokenHint(_)
            | OwnCookie::Tokens(..)
            | OwnCookie::Unknown => {}
        }
    }
}

/// Whether shared caches may keep the response, as they do with scripts, styles, images and fonts: a `set-cookie` must not
/// get in there.
fn is_cacheable(head: &RequestHead<'_>) -> bool {
    let kinds: [&[u8]; 8] = [
        b"script",
        b"style",
        b"image",
        b"font",
        b"audio",
        b"video",
        b"track",
        b"manifest",
    ];
    head.fetch_dest.is_some_and(|it| kinds.contains(&it))
}
