//! One JSON Web Key.

use kfwasm_config::SigningAlgorithm;
use serde_json::{Map, Value};

use super::algorithm;
use super::public_key::PublicKey;

/// A public key of a provider that may verify signatures (RFC 7517 §4).
#[derive(Clone, Debug)]
pub struct Jwk {
    key_id: Option<String>,
    algorithm: Option<SigningAlgorithm>,
    issuer: Option<String>,
    public_key: PublicKey,
}

impl Jwk {
    /// Reads one member of a key set; `None` when it is not a key for verifying signatures that this
    /// crate knows.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        if !may_verify(members) {
            return None;
        }
        let public_key = PublicKey::from_jwk(members)?;
        let algorithm = match optional_text(members, "alg")? {
            Some(name) => Some(algorithm::named(name).filter(|known| public_key.fits(*known))?),
            None => None,
        };
        Some(Self {
            key_id: optional_text(members, "kid")?.map(str::to_owned),
            algorithm,
            issuer: optional_text(members, "issuer")?.map(str::to_owned),
            public_key,
        })
    }

    /// `kid` (RFC 7517 §4.5).
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The key itself.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Whether a signature by `algorithm` may be checked with this key: its type and curve are that
    /// algorithm's, and its `alg` (RFC 7517 §4.4), when it has one, is that algorithm.
    #[must_use]
    pub fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        self.public_key.fits(algorithm) && self.algorithm.is_none_or(|only| only == algorithm)
    }

    /// Whether this key may sign for `issuer`.
    ///
    /// Microsoft Entra ID publishes the keys of all tenants in one set and binds each to an issuer by
    /// a member of that name, in which `{tenantid}` stands for the tenant of the token. A key without
    /// the member signs for the issuer whose set it is in.
    #[must_use]
    pub fn signs_for(&self, issuer: &str, tenant: Option<&str>) -> bool {
        match (&self.issuer, tenant) {
            (None, _) => true,
            (Some(template), Some(tenant)) => template.replace("{tenantid}", tenant) == issuer,
            (Some(exact), None) => exact == issuer,
        }
    }
}

/// A key for encryption (RFC 7517 §4.2, §4.3) is not for signatures, and one whose private part has
/// been published (RFC 7518 §6.2.2, §6.3.2) is nobody's any more.
fn may_verify(members: &Map<String, Value>) -> bool {
    let for_signatures = match members.get("use") {
        Some(purpose) => purpose == "sig",
        None => true,
    };
    let for_verifying = match members.get("key_ops") {
        Some(Value::Array(operations)) => operations.iter().any(|name| name == "verify"),
        Some(_) => false,
        None => true,
    };
    for_signatures && for_verifying && !members.contains_key("d")
}

/// An optional member that is a string when it is there; `None` when it is something else.
fn optional_text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<Option<&'a str>> {
    match members.get(name) {
        Some(value) => value.as_str().map(Some),
        None => Some(None),
    }
}
