//! The OpenID provider: what it says about itself, and how its token endpoint is spoken to.

mod authorization_response;
mod client_assertion;
mod client_authentication;
#[cfg(test)]
mod configured;
mod document;
mod fault;
mod form;
mod memberships;
mod metadata;
mod oauth_error;
mod pkcs8;
mod private_key;
mod token_response;
mod user_info;

pub use authorization_response::ResponseIssuerFault;
pub use client_assertion::ClientAssertionSigner;
pub use client_authentication::{ClientAuthenticationFailure, ClientCredential};
pub use document::Document;
pub use fault::{
    DiscoveryFault, KeySetFault, MembershipsFault, ProviderFault, TokenResponseFault, UserInfoFault,
};
pub use form::Form;
pub use memberships::Memberships;
pub(crate) use memberships::are_elsewhere;
pub use metadata::ProviderMetadata;
pub use oauth_error::OAuthError;
#[cfg(test)]
pub(crate) use pkcs8::PrivateKeyInfo;
pub use private_key::PrivateKeyFault;
pub use token_response::{RefreshResponse, TokenResponse};
pub use user_info::UserInfo;
