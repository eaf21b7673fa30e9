//! What an honest provider would answer, to be bent in one place.

use jwt_simple::algorithms::{ECDSAP256KeyPairLike as _, ES256KeyPair, HS256Key, MACLike as _};
use jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Encoder as _};
use serde_json::{Value, json};

use crate::claims_set::claims_set;

/// The keys of the provider, and one that is not its own.
pub(crate) struct Keys {
    pub(crate) first: ES256KeyPair,
    pub(crate) second: ES256KeyPair,
    pub(crate) stranger: ES256KeyPair,
}

impl Keys {
    pub(crate) fn generate() -> Self {
        Self {
            first: ES256KeyPair::generate().with_key_id("first"),
            second: ES256KeyPair::generate().with_key_id("second"),
            stranger: ES256KeyPair::generate().with_key_id("first"),
        }
    }
}

/// A public key as a JSON Web Key.
pub(crate) fn jwk(key: &ES256KeyPair) -> Value {
    serde_json::from_str(&key.public_key().to_jwk()).expect("a key as JSON")
}

/// How an ID token is signed.
#[derive(Clone, Copy)]
pub(crate) enum Signed {
    /// By the first key.
    First,
    /// By the second key, under its own identifier.
    Second,
    /// By the first key, which it does not name.
    WithoutKeyId,
    /// By the first key, which it calls by this name.
    KeyId(&'static str),
    /// By a key of somebody else, which calls itself the first.
    ByStranger,
    /// By the first key, with one bit changed.
    Broken,
    /// Not at all: `alg` says this, and the signature is empty.
    Not(&'static str),
    /// By HMAC with the first public key as the secret.
    ByPublicKeyAsSecret,
}

/// The answer of the token endpoint, and of the userinfo endpoint after it.
pub(crate) struct Answer {
    /// Of the ID token.
    pub(crate) claims: Value,
    pub(crate) signed: Signed,
    /// Of the token response; the ID token is added unless it is there.
    pub(crate) members: Value,
    pub(crate) status: &'static str,
    /// Further header lines.
    pub(crate) headers: &'static str,
    /// The body instead of the members, made of the honest one.
    pub(crate) body: Option<fn(String) -> Vec<u8>>,
    /// The whole response instead of all that, made of the honest one.
    pub(crate) wire: Option<fn(Vec<u8>) -> Vec<u8>>,
    /// Whether each byte of the response comes by itself, slower than anybody waits.
    pub(crate) drips: bool,
    pub(crate) user_info: Value,
}

impl Answer {
    /// What is in order: for this issuer and nonce, at this time.
    pub(crate) fn honest(issuer: &str, name: &str, nonce: &str, now: u64) -> Self {
        Self {
            claims: json!({
                "iss": issuer,
                "sub": "248289761001",
                "aud": "kfwasm",
                "exp": now + 300,
                "iat": now,
                "nonce": nonce,
                "email": "rogue@example.com",
            }),
            signed: Signed::First,
            members: json!({ "access_token": name, "token_type": "Bearer", "expires_in": 300 }),
            status: "200 OK",
            headers: "Content-Type: application/json\r\n",
            body: None,
            wire: None,
            drips: false,
            user_info: json!({ "sub": "248289761001", "email": "rogue@example.com" }),
        }
    }

    pub(crate) fn without_claim(&mut self, name: &str) {
        self.claims.as_object_mut().expect("claims").remove(name);
    }

    pub(crate) fn without_member(&mut self, name: &str) {
        self.members[name] = Value::Null;
    }

    /// The bytes of the token endpoint's response.
    pub(crate) fn response(&self, keys: &Keys) -> Vec<u8> {
        let mut members = self.members.clone();
        if members.get("id_token").is_none() {
            members["id_token"] = json!(self.id_token(keys));
        }
        let text = members.to_string();
        let body = self
            .body
            .map_or(text.clone().into_bytes(), |bend| bend(text));
        let honest = response(self.status, self.headers, &body);
        self.wire.map_or(honest.clone(), |bend| bend(honest))
    }

    fn id_token(&self, keys: &Keys) -> String {
        let twin = |key: &ES256KeyPair| {
            ES256KeyPair::from_bytes(&key.to_bytes()).expect("the same key again")
        };
        match self.signed {
            Signed::First => sign(&keys.first, &self.claims),
            Signed::Second => sign(&keys.second, &self.claims),
            Signed::ByStranger => sign(&keys.stranger, &self.claims),
            Signed::WithoutKeyId => sign(&twin(&keys.first), &self.claims),
            Signed::KeyId(id) => sign(&twin(&keys.first).with_key_id(id), &self.claims),
            Signed::Broken => broken(&sign(&keys.first, &self.claims)),
            Signed::Not(algorithm) => {
                let header = json!({ "alg": algorithm, "kid": "first" });
                format!("{}.{}.", part(&header), part(&self.claims))
            }
            Signed::ByPublicKeyAsSecret => {
                let secret = keys.first.public_key().to_pem().expect("a public key");
                let key = HS256Key::from_bytes(secret.as_bytes()).with_key_id("first");
                key.authenticate(claims_set(self.claims.clone()))
                    .expect("a token")
            }
        }
    }
}

/// A response whose length is as announced.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn sign(key: &ES256KeyPair, of: &Value) -> String {
    key.sign(claims_set(of.clone())).expect("a signature")
}

/// The same token with the first character of its signature changed.
fn broken(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let rest = signature.get(1..).expect("a signature");
    format!("{signed}.{other}{rest}")
}

fn part(of: &Value) -> String {
    Base64UrlSafeNoPadding::encode_to_string(of.to_string()).expect("base64")
}
