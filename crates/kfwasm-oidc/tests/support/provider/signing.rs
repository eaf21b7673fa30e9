use jwt_simple::algorithms::{ECDSAP256KeyPairLike as _, ES256KeyPair};
use serde_json::{Map, Value};

use crate::support::claims_set::claims_set;

/// A key that signs ID tokens.
pub(super) struct SigningKey(ES256KeyPair);

impl SigningKey {
    pub(super) fn new(id: &str) -> Self {
        Self(ES256KeyPair::generate().with_key_id(id))
    }

    /// The public half as a JWK.
    pub(super) fn public(&self) -> Value {
        serde_json::from_str(&self.0.public_key().to_jwk()).unwrap()
    }

    pub(super) fn sign(&self, claims: Map<String, Value>) -> String {
        self.0.sign(claims_set(claims.into())).unwrap()
    }
}
