//! A provider's JSON Web Key Set.

use serde_json::Value;

use super::json_object;
use super::jwk::Jwk;
use crate::provider::{Document, KeySetFault, ProviderFault};

/// Longest key set in bytes. Providers publish some 2 to 30 KB.
const LONGEST: usize = 256 * 1024;

/// Most keys in a set.
const MOST_KEYS: usize = 100;

/// The keys with which a provider's signatures can be checked (RFC 7517 §5); at least one.
#[derive(Clone, Debug)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: usize,
}

impl JwkSet {
    /// Reads the document at `jwks_uri`.
    ///
    /// A key that this crate cannot use (another type or curve, for encryption, private, malformed)
    /// is skipped alone, as RFC 7517 §5 advises: it never fails the set. Two keys with the same `kid`
    /// are both kept (RFC 7517 §4.5).
    ///
    /// # Errors
    /// The document is too long, not a JSON object with an array `keys` of at most 100 members, or
    /// has no key that could be used. Keys that were read before are then better than these.
    pub fn parse(document: &[u8]) -> Result<Self, ProviderFault> {
        Document::KeySet.check_length(document, LONGEST)?;
        let members = json_object::parse(document)
            .map_err(|fault| ProviderFault::json(Document::KeySet, fault))?;
        let Some(Value::Array(values)) = members.get("keys") else {
            return Err(KeySetFault::KeysMissing.into());
        };
        if values.len() > MOST_KEYS {
            return Err(KeySetFault::TooManyKeys.into());
        }
        let keys: Vec<Jwk> = values.iter().filter_map(Jwk::from_value).collect();
        if keys.is_empty() {
            return Err(KeySetFault::NoUsableKey.into());
        }
        let skipped = values.len() - keys.len();
        Ok(Self { keys, skipped })
    }

    /// The keys, in the order of the document.
    #[must_use]
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// How many members of the document were not keys that this crate can use.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }
}
