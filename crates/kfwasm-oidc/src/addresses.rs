//! By which addresses browsers reach the gateway.

use kfwasm_config::{Config, PlainHttp};

use crate::providers::ProviderId;
use crate::relying_party::RelyingParty;
use crate::request_head::RequestHead;

impl RelyingParty {
    /// The request's host, if it is one of the public hosts. Nothing else is ever put into a URL: the authority is the
    /// client's to choose.
    pub(crate) fn public_host(&self, head: &RequestHead<'_>) -> Option<String> {
        public_host(head, &self.config)
    }

    /// The origin of a public host (RFC 6454 §6.1).
    pub(crate) fn origin(&self, public_host: &str) -> String {
        [scheme(&self.config), "://", public_host].concat()
    }

    /// The redirect URI (RFC 6749 §3.1.2), which must be registered at the provider as it is.
    pub(crate) fn redirect_uri(&self, public_host: &str, provider: ProviderId) -> String {
        let provider = self.providers.get(provider).provider();
        let path = self.config.callback_path(provider, public_host);
        [self.origin(public_host), path].concat()
    }

    /// Where a request belongs that came over plain http and should not have: the session's cookie is `Secure`, so that
    /// no sign-in could succeed there.
    pub(crate) fn https_location(&self, head: &RequestHead<'_>) -> Option<String> {
        let plain = head.forwarded_proto == b"http";
        if !plain || self.config.insecure_http || self.config.plain_http == PlainHttp::Accept {
            return None;
        }
        let path = core::str::from_utf8(head.path).ok()?;
        let host = self.public_host(head)?;
        (path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| [&self.origin(&host), path].concat())
    }
}

/// See [`RelyingParty::public_host`].
pub(crate) fn public_host(head: &RequestHead<'_>, config: &Config) -> Option<String> {
    let host = without_default_port(head.host()?, scheme(config)).to_ascii_lowercase();
    let known = config.public_hosts.iter();
    known
        .map(|it| it.as_str())
        .any(|it| it == host)
        .then_some(host)
}

fn scheme(config: &Config) -> &'static str {
    if config.insecure_http {
        "http"
    } else {
        "https"
    }
}

/// The authority as browsers write it: without the scheme's own port.
fn without_default_port<'a>(authority: &'a str, scheme: &str) -> &'a str {
    let port = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(port).unwrap_or(authority)
}
