use std::fmt;

use serde::Serialize;

use crate::Person;

/// What `tests/provider/provider.mjs` is told, on its standard input.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderSettings {
    /// The TCP port on loopback.
    pub port: u16,
    /// The one client's identifier.
    pub client_id: String,
    /// How it authenticates to the token endpoint (OpenID Connect Core §9).
    pub client_authentication: &'static str,
    /// Its secret, where it has one.
    pub client_secret: String,
    /// The public half of its key, in PEM, where it has one.
    pub client_key: Option<String>,
    /// Where it may be sent back to, after sign-in and after sign-out.
    pub redirect_uris: Vec<String>,
    /// How ID tokens are signed: RS256, PS384, ES512, EdDSA …
    pub algorithm: String,
    /// How long tokens live, in seconds.
    pub token_seconds: u32,
    /// Whether it gives refresh tokens, each of which serves once.
    pub refresh_tokens: bool,
    /// Whether ID tokens hold no claims about the user, which then only the userinfo endpoint tells (OIDC Core §5.4).
    pub thin_id_tokens: bool,
    /// Where it says that somebody has signed out (OpenID Connect Back-Channel Logout 1.0).
    pub back_channel_logout_uri: Option<String>,
    /// The authentication context classes that people can sign in with, when asked for them.
    pub acr_values: Vec<String>,
    /// Who can sign in.
    pub people: Vec<Person>,
    /// By which name and certificate it is known; plain http at 127.0.0.1 when `None`.
    pub tls: Option<ProviderTls>,
}

/// How a provider is known by https.
#[derive(Clone, Serialize)]
pub struct ProviderTls {
    /// The issuer's host.
    pub host: String,
    /// Its certificate, in PEM.
    pub certificate: String,
    /// The certificate's key, in PEM.
    pub key: String,
}

impl ProviderSettings {
    /// Alice and Bob, RS256, tokens of an hour.
    #[must_use]
    pub fn new(port: u16, redirect_uris: Vec<String>) -> Self {
        Self {
            port,
            client_id: "kfwasm".to_owned(),
            client_authentication: "client_secret_basic",
            client_secret: "the demo's client secret: +/?&%".to_owned(),
            client_key: None,
            redirect_uris,
            algorithm: "RS256".to_owned(),
            token_seconds: 3600,
            refresh_tokens: false,
            thin_id_tokens: false,
            back_channel_logout_uri: None,
            acr_values: vec!["strong".to_owned()],
            people: vec![Person::alice(), Person::bob()],
            tls: None,
        }
    }
}

/// Without the client secret.
impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("port", &self.port)
            .field("client_id", &self.client_id)
            .field("redirect_uris", &self.redirect_uris)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
