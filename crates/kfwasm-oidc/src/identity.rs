//! Who the upstream is told that the user is.

use kfwasm_config::Identity;
use serde_json::Value;

use crate::id_token::IdTokenClaims;

/// The values of the identity headers.
#[derive(Debug, PartialEq, Eq)]
pub struct UserIdentity {
    /// The user, prefix included.
    pub user: Vec<u8>,
    /// The groups, separated by commas; empty when there are none.
    pub groups: Vec<u8>,
}

/// Why no identity can be made of an ID token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdentityFault {
    /// The token has none of the configured claims.
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
pub(crate) fn user(claims: &IdTokenClaims, identity: &Identity) -> Result<String, IdentityFault> {
    let names = identity.claims.iter().map(|name| name.as_str());
    let present = names
        .clone()
        .find_map(|name| Some((name, claims.claim(name).filter(|it| !it.is_null())?)));
    match present {
        // OIDC Core §5.1: whoever can write any address into an account would be anybody.
        Some(("email", _)) if claims.claim("email_verified") == Some(&Value::Bool(false)) => {
            Err(IdentityFault::UnverifiedEmail)
        }
        Some((_, Value::String(text))) if fits_header(text) => Ok(text.clone()),
        Some((name, _)) => Err(IdentityFault::Unfit(name.to_owned())),
        None => Err(IdentityFault::NoClaim(names.map(str::to_owned).collect())),
    }
}

/// The groups that the claim lists: an array of strings, or one string.
pub(crate) fn groups(
    claims: &IdTokenClaims,
    identity: &Identity,
) -> Result<Vec<String>, IdentityFault> {
    let name = identity.groups_claim.as_str();
    let values = match claims.claim(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(values)) => values.as_slice(),
        Some(single) => core::slice::from_ref(single),
    };
    values
        .iter()
        .map(|value| match value {
            // A comma would make two groups of one.
            Value::String(text) if fits_header(text) && !text.contains(',') => Ok(text.clone()),
            _ => Err(IdentityFault::Unfit(name.to_owned())),
        })
        .collect()
}

/// Whether a text can be a header's value without changing on the way (RFC 9110 §5.5).
fn fits_header(text: &str) -> bool {
    let graphic = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    !text.is_empty() && graphic && text.trim() == text
}
