use crate::config::Config;
use crate::provider::Provider;
use crate::public_host::PublicHost;

/// A redirect URI (RFC 6749 §3.1.2), and the provider where it must be registered as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri<'a> {
    /// The provider at which it must be registered.
    pub provider: &'a Provider,
    /// The address, which no two providers share.
    pub uri: String,
}

impl Config {
    /// Every redirect URI: one of each provider on each public host that it serves, by provider.
    pub fn redirect_uris(&self) -> Vec<RedirectUri<'_>> {
        let of_provider = |provider| {
            let hosts = self.public_hosts.iter();
            let hosts = hosts.filter(move |host| Provider::serves(provider, host.as_str()));
            hosts.map(move |host| RedirectUri {
                provider,
                uri: self.redirect_uri(provider, host),
            })
        };
        self.providers.iter().flat_map(of_provider).collect()
    }

    fn redirect_uri(&self, provider: &Provider, host: &PublicHost) -> String {
        let scheme = if self.insecure_http { "http" } else { "https" };
        let path = self.callback_path(provider, host.as_str());
        [scheme, "://", host.as_str(), &path].concat()
    }

    /// The path of a provider's redirect URI on a public host. Each provider has another one, so that a response says by its
    /// address alone which provider it comes from (RFC 9700 §4.4.2.2): an attacker's provider that passes a sign-in on to an
    /// honest one is found out (mix-up), whether that one names itself (RFC 9207) or not.
    pub fn callback_path(&self, provider: &Provider, public_host: &str) -> String {
        match self.is_further(provider, public_host) {
            true => self.callback.path_of(&provider.name),
            false => self.callback.path.as_str().to_owned(),
        }
    }

    /// Whether the provider serves the host, and is not the first one to.
    pub fn is_further(&self, provider: &Provider, public_host: &str) -> bool {
        let serving = self.providers.iter().filter(|it| it.serves(public_host));
        serving.skip(1).any(|it| it.name == provider.name)
    }
}
