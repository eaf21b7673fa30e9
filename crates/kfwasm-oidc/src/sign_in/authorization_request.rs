//! Sending the browser to the provider (OIDC Core §3.1.2.1).

use form_urlencoded::Serializer;
use kfwasm_config::Provider;

use super::attempt::{Attempt, LIFETIME};
use crate::host::Host;
use crate::jose::base64url;
use crate::local_reply::LocalReply;
use crate::outcome::Outcome;
use crate::provider::ProviderMetadata;
use crate::providers::ProviderId;
use crate::random;
use crate::recipient::Recipient;
use crate::refusal::Refusal;
use crate::relying_party::RelyingParty;
use crate::step_up::Requirement;

/// A person's wish to be signed in, taken from the request that showed it.
pub(crate) struct SignInRequest {
    pub(crate) provider: ProviderId,
    /// One of the public hosts.
    pub(crate) host: String,
    /// Path and query to come back to.
    pub(crate) return_to: String,
    /// Cookies of attempts to delete.
    pub(crate) dropped: Vec<String>,
    pub(crate) recipient: Recipient,
}

/// Longest path and query in bytes that is come back to: the attempt's cookie is to stay small.
const LONGEST_RETURN: usize = 1024;

/// Where to come back to for a request of `path` (with query): there, if it is short enough; without its query, if
/// that is; else to the front page.
pub(crate) fn return_to(path: &[u8]) -> String {
    let path = core::str::from_utf8(path).unwrap_or("/");
    let without_query = path.split('?').next().unwrap_or("/");
    let fits = |it: &&str| it.len() <= LONGEST_RETURN && it.starts_with('/');
    let graphic = |it: &&str| it.bytes().all(|byte| byte.is_ascii_graphic());
    let choices = [path, without_query, "/"].into_iter();
    choices.filter(graphic).find(fits).unwrap_or("/").to_owned()
}

impl RelyingParty {
    /// Begins a sign-in: a redirect to the authorization endpoint, and a cookie to come back with.
    pub(crate) fn send_to_provider(
        &self,
        request: &SignInRequest,
        metadata: &ProviderMetadata,
        host: &mut Host<'_>,
    ) -> Result<LocalReply, Refusal> {
        let state = base64url::encode(&random::bytes::<32>(host.entropy)?);
        let (page, now) = (request.return_to.clone(), host.now);
        let provider = self.providers.get(request.provider).provider();
        let named = provider.name.as_str().to_owned();
        let attempt = Attempt::new(named, request.host.clone(), page, now, host.entropy)?;
        let name = Attempt::cookie_name(&state, &self.cookie_names);
        let sealed = attempt.seal(&self.keys, &name, host.entropy)?;
        let delete = |name: &String| self.set_cookie.delete(name, "/");
        let mut cookies: Vec<String> = request.dropped.iter().map(delete).collect();
        cookies.push(self.set_cookie.set(&name, &sealed, "/", LIFETIME));
        let location = self.authorization_url(request.provider, metadata, &attempt, &state);
        Ok(LocalReply::redirect(302, location, Outcome::SignInStarted).with_cookies(cookies))
    }

    fn authorization_url(
        &self,
        provider_id: ProviderId,
        metadata: &ProviderMetadata,
        attempt: &Attempt,
        state: &str,
    ) -> String {
        let provider = self.providers.get(provider_id).provider();
        let scopes: Vec<&str> = provider.scopes.iter().map(|it| it.as_str()).collect();
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", provider.client_id.as_str())
            .append_pair(
                "redirect_uri",
                &self.redirect_uri(&attempt.host, provider_id),
            )
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", state)
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.code_challenge())
            .append_pair("code_challenge_method", "S256");
        let requirement = Requirement::of_page(&attempt.return_to, &self.config);
        append_further(&mut query, provider, &requirement);
        with_query(metadata.authorization_endpoint.as_str(), &query.finish())
    }
}

/// The parameters that the operator wrote, unless the page asks for something else (OIDC Core §3.1.2.1).
fn append_further(
    query: &mut Serializer<'_, String>,
    provider: &Provider,
    asked: &Requirement<'_>,
) {
    let acr_values = asked.acr_values.join(" ");
    let usual = provider.authorization_parameters.get("max_age");
    let usual: Option<u64> = usual.and_then(|seconds| seconds.parse().ok());
    let shorter = |seconds: &u64| usual.is_none_or(|usual| *seconds < usual);
    let max_age = asked.max_age.filter(shorter).map(|it| it.to_string());
    let is_replaced = |name: &str| match name {
        "acr_values" => !acr_values.is_empty(),
        "max_age" => max_age.is_some(),
        _ => false,
    };
    let written = provider.authorization_parameters.iter();
    query.extend_pairs(written.filter(|(name, _)| !is_replaced(name)));
    if !acr_values.is_empty() {
        query.append_pair("acr_values", &acr_values);
    }
    if let Some(seconds) = &max_age {
        query.append_pair("max_age", seconds);
    }
}

/// Adds parameters to a URL, which may have a query already (RFC 6749 §3.1).
pub(crate) fn with_query(url: &str, query: &str) -> String {
    let separator = if url.contains('?') { "&" } else { "?" };
    [url, separator, query].concat()
}
