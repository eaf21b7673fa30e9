//! Beginning a sign-in, at the provider that there is or that the person chooses.

use form_urlencoded::{byte_serialize, parse};

use super::attempt::to_drop;
use super::authorization_request::{SignInRequest, return_to};
use crate::client_fault::ClientFault;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::page::{Action, Page};
use crate::pending::NeedsMetadata;
use crate::providers::ProviderId;
use crate::recipient::Recipient;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;
use crate::request_kind::RequestKind;
use crate::step::Step;

/// The parameter of a start path that says which page was asked for.
const RETURN_TO: &str = "return_to";

impl RelyingParty {
    /// Sends somebody who asks for a page to the provider; where there are several, lets them choose first.
    pub(crate) fn start_sign_in(&mut self, head: &RequestHead<'_>, host: &mut Host<'_>) -> Step {
        let Some(public_host) = self.public_host(head) else {
            return Step::Reply(
                self.refuse(&ClientFault::UnknownHost.into(), &Recipient::of(head)),
            );
        };
        let return_to = return_to(head.path);
        match self.providers.sole(&public_host) {
            Some(provider) => self.sign_in_at(provider, public_host, return_to, head, host),
            None => Step::Reply(self.choice(&public_host, &return_to)),
        }
    }

    /// The start paths: the provider is chosen. They begin sign-ins for whom other pages would, and for nobody else.
    pub(crate) fn start_chosen(
        &mut self,
        provider: ProviderId,
        public_host: String,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> Step {
        let chosen = self
            .providers
            .serving(&public_host)
            .any(|it| it == provider);
        match RequestKind::of(head, None, &[]) {
            RequestKind::Navigation if chosen => {
                let return_to = asked_for(head.query());
                self.sign_in_at(provider, public_host, return_to, head, host)
            }
            RequestKind::Navigation => {
                let fault = ClientFault::Malformed("a choice of a provider that is none here");
                Step::Reply(self.refuse(&fault.into(), &Recipient::of(head)))
            }
            kind => self.ask_to_sign_in(kind, head, host),
        }
    }

    fn sign_in_at(
        &mut self,
        provider: ProviderId,
        public_host: String,
        return_to: String,
        head: &RequestHead<'_>,
        host: &mut Host<'_>,
    ) -> Step {
        let request = SignInRequest {
            provider,
            host: public_host,
            return_to,
            dropped: to_drop(&head.cookies, &self.cookie_names, &self.keys, host.now),
            recipient: Recipient::of(head),
        };
        NeedsMetadata::SignIn(request).start(provider, self, host)
    }

    /// The page where people choose a provider. Its links lead to start paths of this origin, which take the name of a
    /// configured provider and a path of ours, and no address.
    fn choice(&self, public_host: &str, return_to: &str) -> LocalReply {
        let query: String = byte_serialize(return_to.as_bytes()).collect();
        let choices: Vec<(String, &str)> = self
            .providers
            .serving(public_host)
            .map(|it| self.providers.get(it).provider())
            .map(|it| {
                let path = self.config.callback.start_path_of(&it.name);
                let href = [&path, "?", RETURN_TO, "=", &query].concat();
                (href, it.label())
            })
            .collect();
        let page = Page {
            action: Action::Choice(&choices),
            ..Page::new("Sign in", "Choose where you have your account.")
        };
        self.page(401, Outcome::ProviderChoice, &page)
            .with_header("www-authenticate", "Bearer realm=\"kfwasm\"".to_owned())
    }
}

/// The page that a start path is to come back to; the front page where it names none of ours.
fn asked_for(query: &[u8]) -> String {
    let path = parse(query).find(|(name, _)| name == RETURN_TO);
    path.map_or_else(|| "/".to_owned(), |(_, path)| return_to(path.as_bytes()))
}
