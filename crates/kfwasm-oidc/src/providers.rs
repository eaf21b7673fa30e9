//! The providers that people sign in at.

use kfwasm_config::{Callback, Provider};

use crate::callout::{CalloutError, HttpResponse};
use crate::directory::{Directory, Due, Fetch, Published};
use crate::host::Host;
use crate::normalized_path::NormalizedPath;
use crate::provider::ClientCredential;
use crate::refusal::Refusal;
use crate::session::Session;

/// The place of a provider in the configuration. It means something only to the list that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderId(usize);

impl ProviderId {
    /// The first provider: there is always one.
    pub const FIRST: Self = Self(0);
}

/// A provider, what is known of it, and who we are to it.
pub(crate) struct Registration {
    pub(crate) directory: Directory,
    pub(crate) credential: ClientCredential,
    /// The `max_age` among the authorization parameters, which the ID token must then honour.
    pub(crate) max_age: Option<u64>,
}

impl Registration {
    pub(crate) fn new(directory: Directory, credential: ClientCredential) -> Self {
        let max_age = directory.provider().authorization_parameters.get("max_age");
        Self {
            max_age: max_age.and_then(|seconds| seconds.parse().ok()),
            directory,
            credential,
        }
    }

    pub(crate) fn provider(&self) -> &Provider {
        self.directory.provider()
    }
}

/// All of them, in the order of the configuration; there is always a first one.
pub(crate) struct Providers {
    first: Registration,
    further: Vec<Registration>,
}

impl Providers {
    /// `None` for an empty list.
    pub(crate) fn new(registrations: Vec<Registration>) -> Option<Self> {
        let mut all = registrations.into_iter();
        Some(Self {
            first: all.next()?,
            further: all.collect(),
        })
    }

    pub(crate) fn get(&self, id: ProviderId) -> &Registration {
        let further = id.0.checked_sub(1).and_then(|it| self.further.get(it));
        further.unwrap_or(&self.first)
    }

    pub(crate) fn get_mut(&mut self, id: ProviderId) -> &mut Registration {
        let further = id.0.checked_sub(1).and_then(|it| self.further.get_mut(it));
        further.unwrap_or(&mut self.first)
    }

    fn all(&self) -> impl Iterator<Item = (ProviderId, &Provider)> {
        let all = core::iter::once(&self.first).chain(&self.further);
        all.enumerate()
            .map(|(place, it)| (ProviderId(place), it.provider()))
    }

    /// The first provider that satisfies the condition.
    pub(crate) fn find(&self, is_it: impl Fn(&Provider) -> bool) -> Option<ProviderId> {
        self.all().find(|(_, it)| is_it(it)).map(|(id, _)| id)
    }

    /// The provider of this name.
    pub(crate) fn named(&self, name: &str) -> Option<ProviderId> {
        self.find(|it| it.name.as_str() == name)
    }

    /// The provider that vouched for a session's user, if it is still one of ours. What a provider said ends with its place in
    /// the configuration.
    pub(crate) fn of(&self, session: &Session) -> Option<ProviderId> {
        self.named(&session.provider)
    }

    /// The providers that people sign in at who come by this public host. The configuration leaves no public host without.
    pub(crate) fn serving<'a>(&'a self, public_host: &'a str) -> impl Iterator<Item = ProviderId> {
        self.all()
            .filter(move |(_, it)| it.serves(public_host))
            .map(|(id, _)| id)
    }

    /// The one provider of a public host, when there is no other.
    pub(crate) fn sole(&self, public_host: &str) -> Option<ProviderId> {
        let mut serving = self.serving(public_host);
        let first = serving.next();
        first.filter(|_| serving.next().is_none())
    }

    /// Whether the session's provider is still one of ours, and one of the host that the request names.
    pub(crate) fn vouch_for(
        &self,
        session: &Session,
        public_host: impl FnOnce() -> Option<String>,
    ) -> bool {
        let Some(id) = self.of(session) else {
            return false;
        };
        let provider = self.get(id).provider();
        provider.hosts.is_empty() || public_host().is_some_and(|it| provider.serves(&it))
    }

    /// The provider that a path below the callback's names, and whether it is where a sign-in begins rather than where it
    /// ends.
    pub(crate) fn at(
        &self,
        path: &NormalizedPath<'_>,
        callback: &Callback,
    ) -> Option<(ProviderId, bool)> {
        if self.further.is_empty() {
            return None;
        }
        let below = path.as_str().strip_prefix(callback.path.as_str())?;
        let segments = below.strip_prefix('/')?;
        let (name, begins) = match segments.strip_suffix("/start") {
            Some(name) => (name, true),
            None => (segments, false),
        };
        Some((self.named(name)?, begins))
    }

    /// The documents to fetch now.
    pub(crate) fn due(&mut self, host: &mut Host<'_>) -> Vec<Fetch> {
        let all = core::iter::once(&mut self.first).chain(&mut self.further);
        let mut due = Vec::new();
        for (place, registration) in all.enumerate() {
            let id = ProviderId(place);
            let documents = registration.directory.due(host).into_iter();
            due.extend(documents.map(|(document, request)| Fetch {
                document: Due::Provider(id, document),
                request,
            }));
        }
        due
    }

    /// Tells what belongs to these sessions from what belongs to others, in the memory that all share.
    pub(crate) fn registration(&self) -> String {
        self.first.directory.registration()
    }

    /// How old the oldest fetched keys are, in seconds.
    pub(crate) fn key_set_age(&mut self, host: &mut Host<'_>) -> Option<u64> {
        let all = core::iter::once(&mut self.first).chain(&mut self.further);
        all.filter_map(|it| it.directory.key_set_age(host)).max()
    }

    pub(crate) fn received(
        &mut self,
        id: ProviderId,
        document: Published,
        response: Result<HttpResponse, CalloutError>,
        host: &mut Host<'_>,
    ) -> Result<(), Refusal> {
        let directory = &mut self.get_mut(id).directory;
        directory.received(document, response, host)
    }
}
