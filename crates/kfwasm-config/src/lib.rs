//! What an operator may say to kfwasm: the typed `pluginConfig`.
//!
//! [`Config::from_json`] is the one way in. It reads the whole document, refuses whatever is
//! unknown, wrong or contradictory, and reports all of it at once as [`Problems`], each with its
//! place and an advice. What it returns holds only checked values, so nothing after it asks again.
//! There are no secrets in it, only the names of the environment variables that hold them
//! ([`EnvName`]); [`session_keys`] reads what one of those holds, for the filter and for whoever fills it.

#[macro_use]
mod choice_type;
#[macro_use]
mod text_type;

mod absolute_path;
mod access_rule;
mod authority;
mod backstop;
mod bearer;
mod brand;
mod callback;
mod claim_header;
mod claim_name;
mod config;
mod cookie_name;
mod duration;
mod email_verified;
mod endpoint_url;
mod env_name;
mod group_filter;
mod header_name;
mod identity;
mod in_cluster;
#[cfg(feature = "installation")]
pub mod installation;
mod key_set;
mod logs;
mod member_name;
mod method;
mod name_pattern;
mod own_paths;
mod path_beginning;
mod path_match;
mod path_prefix;
mod path_suffix;
mod plain_http;
mod point_in_time;
mod problem;
mod programs;
mod provider;
mod public_host;
mod read;
mod redirect_uri;
#[cfg(feature = "schema")]
pub mod reference;
mod refusal;
mod return_to;
mod revocation;
mod scheme;
mod session;
mod session_keys;
mod sign_out;
mod skip_rule;
mod step_up_rule;
mod transformer;
mod url_error;
mod user_info;

pub use absolute_path::AbsolutePath;
pub use access_rule::AccessRule;
pub use backstop::BackstopHeader;
pub use bearer::{Bearer, BearerIssuer};
pub use brand::{Brand, BrandName, Color, Logo, SupportUrl};
pub use callback::Callback;
pub use claim_header::ClaimHeader;
pub use claim_name::ClaimName;
pub use config::Config;
pub use cookie_name::CookieName;
pub use duration::Duration;
pub use email_verified::EmailVerified;
pub use endpoint_url::EndpointUrl;
pub use env_name::EnvName;
pub use group_filter::GroupFilter;
pub use header_name::HeaderName;
pub use identity::Identity;
pub use in_cluster::is_in_cluster;
pub use key_set::KeySet;
pub use logs::{AccessLogField, Logs};
pub use member_name::MemberName;
pub use method::Method;
pub use name_pattern::NamePattern;
pub use path_beginning::PathBeginning;
pub use path_match::PathMatch;
pub use path_prefix::PathPrefix;
pub use path_suffix::PathSuffix;
pub use plain_http::PlainHttp;
pub use point_in_time::PointInTime;
pub use problem::{Problem, Problems};
pub use programs::Programs;
pub use provider::Provider;
pub use provider::client_assertion::ClientAssertionSigningAlgorithm;
pub use provider::client_authentication::ClientAuthenticationMethod;
pub use provider::client_id::ClientId;
pub use provider::group_overage::GroupOverage;
pub use provider::issuer::Issuer;
pub use provider::issuer_rule::{ForeignIssuer, IssuerRule};
pub use provider::label::ProviderLabel;
pub use provider::name::ProviderName;
pub use provider::scope::Scope;
pub use provider::signing_algorithm::SigningAlgorithm;
pub use provider::tenant_id::TenantId;
pub use public_host::PublicHost;
pub use redirect_uri::RedirectUri;
pub use refusal::Refusal;
pub use return_to::ReturnTo;
pub use revocation::{Revocation, RevokedSession, RevokedUser, UserName};
pub use scheme::Scheme;
pub use session::{OnTokenExpiry, Session};
pub use session_keys::{SessionKeysFault, session_keys};
pub use sign_out::SignOut;
pub use skip_rule::SkipRule;
pub use step_up_rule::{AcrValue, StepUpRule};
pub use transformer::Transformer;
pub use url_error::UrlError;
pub use user_info::UserInfoUse;
