use jwt_simple::claims::JWTClaims;
use serde_json::Value;

/// The claims of a token (RFC 7519 §4), to be signed by jwt-simple as they are: it adds none of its own.
pub(crate) fn claims_set(claims: Value) -> JWTClaims<Value> {
    JWTClaims {
        issued_at: None,
        expires_at: None,
        invalid_before: None,
        issuer: None,
        subject: None,
        audiences: None,
        jwt_id: None,
        nonce: None,
        custom: claims,
    }
}
