//! The environment variables of oidc-authservice, of all its versions.

use super::fates::{Fates, Rule};
use super::translate::{
    authorization_endpoint, claim, client_id, groups, groups_claim, groups_header, header, issuer,
    landing_after_sign_out, lifetime_in_seconds, prefix, redirect_url, same_site, scopes,
    skip_prefixes, transformers, url_prefix,
};
use super::{Draft, Setting};

/// What it is in kfwasm. Whence others follow comes first.
const TAKEN: [(&str, Rule); 19] = [
    ("REDIRECT_URL", redirect_url),
    ("OIDC_PROVIDER", issuer),
    ("OIDC_AUTH_URL", authorization_endpoint),
    ("CLIENT_ID", client_id),
    ("OIDC_SCOPES", scopes),
    ("AUTHSERVICE_URL_PREFIX", url_prefix),
    ("SKIP_AUTH_URI", skip_prefixes),
    ("SKIP_AUTH_URLS", skip_prefixes),
    ("USERID_HEADER", header),
    ("USERID_PREFIX", prefix),
    ("USERID_CLAIM", claim),
    ("USERID_TRANSFORMERS", transformers),
    ("GROUPS_HEADER", groups_header),
    ("GROUPS_CLAIM", groups_claim),
    ("GROUPS_ALLOWLIST", groups),
    ("SESSION_MAX_AGE", lifetime_in_seconds),
    ("SESSION_SAME_SITE", same_site),
    ("AFTER_LOGOUT_URL", landing_after_sign_out),
    ("CLIENT_NAME", brand),
];

/// What is done without a setting.
const NOT_NEEDED: [(&str, &str); 17] = [
    ("PORT", "there is no service of its own"),
    ("SERVER_PORT", "there is no service of its own"),
    ("SERVER_HOSTNAME", "there is no service of its own"),
    ("WEB_SERVER_UI_PORT", "there is no service of its own"),
    ("READINESS_PROBE_PORT", "there is no service of its own"),
    ("STORE_PATH", "sessions are in cookies, and nowhere else"),
    (
        "SESSION_STORE_TYPE",
        "sessions are in cookies, and nowhere else",
    ),
    (
        "SESSION_STORE_PATH",
        "sessions are in cookies, and nowhere else",
    ),
    (
        "OIDC_STATE_STORE_PATH",
        "sessions are in cookies, and nowhere else",
    ),
    ("SESSION_DOMAIN", "cookies are for the host alone"),
    (
        "AFTER_LOGIN_URL",
        "a browser returns to the page that it asked for",
    ),
    ("HOMEPAGE_URL", "pages of the gateway link to nothing else"),
    ("LOG_LEVEL", "the gateway's own log level counts"),
    (
        "VERIFY_AUTH_URL",
        "every request is checked in the gateway itself",
    ),
    ("TEMPLATE_PATH", "pages are made by the filter; see brand"),
    (
        "TEMPLATE_CONTEXT_*",
        "pages are made by the filter; see brand",
    ),
    ("THEMES_URL", "pages are made by the filter; see brand"),
];

/// What has no place, and what to do about it.
const LEFT: [(&str, &str); 7] = [
    (
        "CA_BUNDLE",
        "add caCertificates or credentialName to the DestinationRule of the provider's host",
    ),
    (
        "STRICT_SESSION_VALIDATION",
        "the provider is not asked at each request; see session.onTokenExpiry",
    ),
    (
        "AUTH_HEADER",
        "bearer tokens are read from Authorization alone",
    ),
    (
        "ID_TOKEN_HEADER",
        "the ID token does not go to upstreams under another name",
    ),
    (
        "AUTH_METHOD_HEADER",
        "upstreams are not told how somebody signed in",
    ),
    ("THEME", "see brand for the looks of pages"),
    (
        "AUDIENCES",
        "write bearer.issuers with the issuer of the service accounts and these audiences",
    ),
];

pub(super) const FATES: Fates = Fates {
    taken: &TAKEN,
    not_needed: &NOT_NEEDED,
    left: &LEFT,
};

fn brand(draft: &mut Draft, setting: &Setting) {
    draft.take(setting, "brand.name", setting.text());
}
