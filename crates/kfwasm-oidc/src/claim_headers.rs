//! Claims that go upstream in headers of their own.

use kfwasm_config::Identity;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::identity::{Claims, IdentityFault, fits_header};
use crate::jose::base64url;

/// Longest value in bytes: it lives in the session's cookie.
const LONGEST: usize = 1024;

/// What a session keeps of the claims that go upstream: which they are, then a value for each, empty where the user has none.
/// Nothing when none are configured.
///
/// # Errors
/// A claim cannot stand in a header without changing on the way.
pub(crate) fn kept(claims: Claims<'_>, identity: &Identity) -> Result<Vec<String>, IdentityFault> {
    if identity.claim_headers.is_empty() {
        return Ok(Vec::new());
    }
    let mut kept = vec![fingerprint(identity)];
    for it in &identity.claim_headers {
        let name = it.claim.as_str();
        let value = claims.find(name).map(text);
        match value.unwrap_or_else(|| Some(String::new())) {
            Some(value) if value.is_empty() || is_fit(&value) => kept.push(value),
            _ => return Err(IdentityFault::Unfit(name.to_owned())),
        }
    }
    Ok(kept)
}

/// The values for the headers, in the order of the configuration; `None` when they were kept for other claims, so that nobody
/// knows what the value of one of these is.
pub(crate) fn values(kept: &[String], identity: &Identity) -> Option<Vec<String>> {
    if identity.claim_headers.is_empty() {
        return Some(Vec::new());
    }
    let (claims, values) = kept.split_first()?;
    let fits = *claims == fingerprint(identity) && values.len() == identity.claim_headers.len();
    fits.then(|| values.to_vec())
}

/// Tells one list of claims from another: 48 bits of its hash.
fn fingerprint(identity: &Identity) -> String {
    let mut hash = Sha256::new();
    for it in &identity.claim_headers {
        hash.update(it.claim.as_str());
        hash.update("\n");
    }
    let mut text = base64url::encode(&hash.finalize());
    text.truncate(8);
    text
}

fn is_fit(value: &str) -> bool {
    value.len() <= LONGEST && fits_header(value)
}

/// A claim as text; `None` when it is an object, or a list that could be read as another one.
fn text(value: &Value) -> Option<String> {
    let Value::Array(elements) = value else {
        return scalar(value);
    };
    let mut text = String::new();
    for (index, element) in elements.iter().enumerate() {
        let element = scalar(element).filter(|it| !it.is_empty() && !it.contains(','))?;
        if index > 0 {
            text.push(',');
        }
        text.push_str(&element);
    }
    Some(text)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
