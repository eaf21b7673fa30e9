//! Who the upstream is told that the user is.

use kfwasm_config::{EmailVerified, Identity, Provider};
use serde_json::Value;

use crate::id_token::IdTokenClaims;
use crate::provider::UserInfo;

/// The values of the identity headers, as the upstream reads them: user, groups and further claims.
#[derive(Debug, PartialEq, Eq)]
pub struct UserIdentity {
    /// The user, prefix included.
    pub user: Vec<u8>,
    /// The groups, separated by commas; empty when there are none.
    pub groups: Vec<u8>,
    /// The values of the headers of further claims, in the order of the configuration; empty where the user has no such claim.
    pub claims: Vec<String>,
}

/// What the provider says about a user: in the ID token, and, where it was asked, at its userinfo endpoint.
#[derive(Clone, Copy)]
pub(crate) struct Claims<'a> {
    pub(crate) id_token: &'a IdTokenClaims,
    pub(crate) user_info: Option<&'a UserInfo>,
    /// The groups, where they were asked for because the ID token says that they are elsewhere.
    pub(crate) groups: Option<&'a [Value]>,
}

impl<'a> Claims<'a> {
    /// A claim; what the ID token says counts first. `null` counts as absent.
    pub(crate) fn find(self, name: &str) -> Option<&'a Value> {
        self.in_id_token(name).or_else(|| self.in_user_info(name))
    }

    fn in_id_token(self, name: &str) -> Option<&'a Value> {
        self.id_token.claim(name).filter(|it| !it.is_null())
    }

    fn in_user_info(self, name: &str) -> Option<&'a Value> {
        self.user_info?.claim(name).filter(|it| !it.is_null())
    }

    /// Whether the user's address may name them (OIDC Core §5.1). The document that has the address has to say so.
    fn may_name_by_email(self, policy: EmailVerified) -> bool {
        let verified = match self.in_id_token("email") {
            Some(_) => self.in_id_token("email_verified"),
            None => self.in_user_info("email_verified"),
        };
        match policy {
            EmailVerified::NotFalse => verified != Some(&Value::Bool(false)),
            EmailVerified::Required => verified == Some(&Value::Bool(true)),
            EmailVerified::Ignored => true,
        }
    }
}

/// Whether the ID token has none of the claims that may name the user, or lacks one that goes upstream.
pub(crate) fn is_missing(claims: &IdTokenClaims, identity: &Identity) -> bool {
    let claims = Claims {
        id_token: claims,
        user_info: None,
        groups: None,
    };
    let mut names = identity.claims.iter();
    let mut further = identity.claim_headers.iter();
    !names.any(|name| claims.find(name.as_str()).is_some())
        || further.any(|it| claims.find(it.claim.as_str()).is_none())
}

/// Why no identity can be made of what the provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdentityFault {
    /// There is none of the configured claims.
    NoClaim(Vec<String>),
    /// The claim holds something that cannot stand in a header.
    Unfit(String),
    /// The user is named by an address that the provider says is not verified.
    UnverifiedEmail,
}

/// The user that the first present claim names.
///
/// A claim that is there but is not a string of visible ASCII is refused, not passed over: the next claim could name
/// somebody else.
pub(crate) fn user(claims: Claims<'_>, identity: &Identity) -> Result<String, IdentityFault> {
    let names = identity.claims.iter().map(|name| name.as_str());
    let present = names
        .clone()
        .find_map(|name| Some((name, claims.find(name)?)));
    match present {
        // OIDC Core §5.1: whoever can write any address into an account would be anybody.
        Some(("email", _)) if !claims.may_name_by_email(identity.email_verified) => {
            Err(IdentityFault::UnverifiedEmail)
        }
        Some((name, Value::String(text))) if fits_header(text) && text.len() <= LONGEST_NAME => {
            let user = transformed(text, identity);
            match fits_header(&user) {
                true => Ok(user),
                false => Err(IdentityFault::Unfit(name.to_owned())),
            }
        }
        Some((name, _)) => Err(IdentityFault::Unfit(name.to_owned())),
        None => Err(IdentityFault::NoClaim(names.map(str::to_owned).collect())),
    }
}

/// The user by the name that a provider gives them, which is not that of its namesake at another.
pub(crate) fn user_of(
    provider: &Provider,
    claims: Claims<'_>,
    identity: &Identity,
) -> Result<String, IdentityFault> {
    let prefix = provider.prefix.as_deref().unwrap_or_default();
    Ok([prefix, &user(claims, identity)?].concat())
}

/// The prefix that stands in front of the user but is not part of the name.
pub(crate) fn common_prefix<'a>(provider: Option<&Provider>, identity: &'a Identity) -> &'a str {
    match provider.and_then(|it| it.prefix.as_ref()) {
        Some(_) => "",
        None => &identity.prefix,
    }
}

/// The name as the operator wants it.
fn transformed(claim: &str, identity: &Identity) -> String {
    let transformers = identity.transformers.iter();
    let name = transformers.fold(claim.to_owned(), |name, it| it.apply(&name));
    match identity.lower_case {
        true => name.to_ascii_lowercase(),
        false => name,
    }
}

/// The groups that the claim lists, as an array of strings or one string, and that count, each behind the `prefix` of whoever
/// says so.
pub(crate) fn groups(
    claims: Claims<'_>,
    identity: &Identity,
    prefix: &str,
) -> Result<Vec<String>, IdentityFault> {
    let name = identity.groups_claim.as_str();
    let values = match (claims.groups, claims.find(name)) {
        (Some(values), _) => values,
        (None, None) => return Ok(Vec::new()),
        (None, Some(Value::Array(values))) => values.as_slice(),
        (None, Some(single)) => core::slice::from_ref(single),
    };
    let unfit = || IdentityFault::Unfit(name.to_owned());
    let mut groups = Vec::new();
    for value in values {
        let group = [prefix, value.as_str().ok_or_else(unfit)?].concat();
        if !counts(&group, identity) {
            continue;
        }
        // A comma would make two groups of one.
        if !fits_header(&group) || group.contains(',') {
            return Err(unfit());
        }
        groups.push(group);
    }
    Ok(groups)
}

/// Whether the group is one of those that the operator wants to know about.
fn counts(group: &str, identity: &Identity) -> bool {
    let filter = identity.group_filter.as_ref();
    filter.is_none_or(|it| it.keeps(group))
}

/// Longest name of a user in bytes: 64 before the `@` and 255 behind it (RFC 5321 §4.5.3.1).
const LONGEST_NAME: usize = 320;

/// Whether a text can be a header's value without changing on the way (RFC 9110 §5.5).
pub(crate) fn fits_header(text: &str) -> bool {
    let graphic = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    !text.is_empty() && graphic && text.trim() == text
}
