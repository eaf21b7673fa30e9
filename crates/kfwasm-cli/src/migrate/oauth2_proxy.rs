//! The options of oauth2-proxy, under the names that its configuration file has for them.

use super::fates::{Fates, Rule};
use super::translate::{
    acr_values, api_routes, authorization_endpoint, bearer, claim, client_id, domains, groups,
    groups_claim, groups_header, header, issuer, jwks_uri, lifetime, prompt, redirect_url,
    same_site, scopes, skip_routes, tenant, token_endpoint, unverified_addresses,
    userinfo_endpoint,
};
use super::{Draft, Setting};

/// What it is in kfwasm. Whence others follow comes first.
const TAKEN: [(&str, Rule); 26] = [
    ("redirect_url", redirect_url),
    ("azure_tenant", tenant),
    ("oidc_issuer_url", issuer),
    ("login_url", authorization_endpoint),
    ("redeem_url", token_endpoint),
    ("oidc_jwks_url", jwks_uri),
    ("profile_url", userinfo_endpoint),
    ("client_id", client_id),
    ("scope", scopes),
    ("prompt", prompt),
    ("acr_values", acr_values),
    ("user_header", header),
    ("groups_header", groups_header),
    ("oidc_email_claim", claim),
    ("oidc_groups_claim", groups_claim),
    ("insecure_oidc_allow_unverified_email", unverified_addresses),
    ("email_domains", domains),
    ("allowed_groups", groups),
    ("skip_auth_regex", skip_routes),
    ("skip_auth_routes", skip_routes),
    ("api_routes", api_routes),
    ("cookie_expire", lifetime),
    ("cookie_samesite", same_site),
    ("cookie_name", cookie_name),
    ("extra_jwt_issuers", extra_jwt_issuers),
    ("m2m_issuer", m2m_issuer),
];

const NO_SERVICE: &str = "there is no service of its own";
const ALWAYS: &str = "kfwasm always does so";
const LOOKS: &str = "see brand for the looks of pages";

/// What is done without a setting.
const NOT_NEEDED: [(&str, &str); 26] = [
    ("provider", "any OpenID provider works by its issuer"),
    ("upstreams", NO_SERVICE),
    ("http_address", NO_SERVICE),
    ("metrics_address", NO_SERVICE),
    ("reverse_proxy", NO_SERVICE),
    ("real_client_ip_header", NO_SERVICE),
    ("config", "it was read"),
    ("alpha_config", "it was read"),
    ("skip_oidc_discovery", "the endpoints are written down"),
    (
        "relative_redirect_url",
        "redirect URIs are made of the public hosts",
    ),
    (
        "skip_provider_button",
        "a navigation goes to the provider at once, a script gets 401",
    ),
    (
        "skip_jwt_bearer_tokens",
        "bearer.issuers says whose tokens count",
    ),
    ("code_challenge_method", "PKCE with S256 is always used"),
    ("approval_prompt", "nothing is sent unless it is asked for"),
    ("cookie_secure", "cookies are always Secure"),
    ("cookie_httponly", "cookies are always HttpOnly"),
    ("cookie_path", "cookies are for the whole host"),
    ("cookie_refresh", "a session is renewed as it is used"),
    ("cookie_csrf_per_request", ALWAYS),
    ("cookie_csrf_expire", "a sign-in may take ten minutes"),
    (
        "session_store_type",
        "sessions are in cookies, and nowhere else",
    ),
    (
        "redis_connection_url",
        "sessions are in cookies, and nowhere else",
    ),
    ("provider_display_name", LOOKS),
    ("custom_sign_in_logo", LOOKS),
    ("banner", LOOKS),
    ("footer", LOOKS),
];

/// What has no place, and what to do about it.
const LEFT: [(&str, &str); 13] = [
    (
        "a further provider",
        "write it into providers, with its hosts or for people to choose",
    ),
    (
        "set_authorization_header",
        "upstreams get no token; they get the identity headers",
    ),
    (
        "pass_authorization_header",
        "upstreams get no token; they get the identity headers",
    ),
    (
        "pass_access_token",
        "upstreams get no token; they get the identity headers",
    ),
    (
        "set_xauthrequest",
        "upstreams get no X-Auth-Request headers; they get the identity headers",
    ),
    (
        "ssl_insecure_skip_verify",
        "certificates of providers are always checked",
    ),
    (
        "provider_ca_files",
        "add caCertificates or credentialName to the DestinationRule of the provider's host",
    ),
    (
        "cookie_domains",
        "cookies are for the host alone: name each host in publicHosts",
    ),
    (
        "whitelist_domains",
        "after sign-in no browser is sent to another origin",
    ),
    (
        "skip_auth_preflight",
        "write rules of skip with methods: [OPTIONS]",
    ),
    ("htpasswd_file", "people sign in at the provider alone"),
    ("authenticated_emails_file", "write access rules with users"),
    ("custom_templates_dir", LOOKS),
];

pub(super) const FATES: Fates = Fates {
    taken: &TAKEN,
    not_needed: &NOT_NEEDED,
    left: &LEFT,
};

/// Two filters that write one cookie would sign each other's users out.
fn cookie_name(draft: &mut Draft, setting: &Setting) {
    let what =
        "session.cookieName: authservice_session, so that both can run while you change over";
    draft.tell_change(setting, what);
}

fn extra_jwt_issuers(draft: &mut Draft, setting: &Setting) {
    let known = draft.token_issuers.clone();
    bearer::issuers(draft, setting, &known);
}

/// An issuer whose tokens a RequestAuthentication lets in.
fn m2m_issuer(draft: &mut Draft, setting: &Setting) {
    let issuer = setting.text();
    let mut known = draft.token_issuers.iter();
    let found = known.find(|known| known.issuer == issuer).cloned();
    let written = draft.get("bearer.issuers").map(ToString::to_string);
    if written.is_some_and(|written| written.contains(&format!("{issuer:?}"))) {
        return draft.drop(setting, "extra_jwt_issuers has it");
    }
    bearer::issuer_of(draft, setting, found.unwrap_or_default());
}
