//! What a setting of a predecessor is in kfwasm's configuration. Named after what it is about.

mod access;
pub(super) mod bearer;
mod identity;
mod paths;
mod provider;
mod route_pattern;
mod session;

pub(super) use access::{domains, groups};
pub(super) use identity::{
    claim, groups_claim, groups_header, header, prefix, transformers, unverified_addresses,
};
pub(super) use paths::{
    api_routes, landing_after_sign_out, redirect_url, skip_prefixes, skip_routes, url_prefix,
};
pub(super) use provider::{
    acr_values, authorization_endpoint, client_id, issuer, jwks_uri, prompt, scopes, tenant,
    token_endpoint, userinfo_endpoint,
};
pub(super) use session::{lifetime, lifetime_in_seconds, same_site};
