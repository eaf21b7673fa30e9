//! An issuer of tokens for programs, as a cluster is one for its service accounts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use jwt_simple::algorithms::{ECDSAP256KeyPairLike as _, ES256KeyPair};
use kfwasm_rig::{ProviderHost, RigError};
use serde_json::{Value, json};

use crate::claims_set::claims_set;

/// The audience of its tokens, as the KFP SDK asks a cluster for it.
pub(crate) const AUDIENCE: &str = "pipelines.kubeflow.org";
/// Whom its tokens name.
pub(crate) const ROBOT: &str = "system:serviceaccount:team-a:default-editor";

/// The issuer and the server of its key set, which ends with the test.
pub(crate) struct TokenIssuer {
    key: ES256KeyPair,
    pub(crate) address: String,
}

impl TokenIssuer {
    pub(crate) fn start() -> Self {
        let key = ES256KeyPair::generate().with_key_id("cluster-1");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let issuer = Self { key, address };
        let body = issuer.key_set();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(&stream).lines();
                let head = lines.map_while(Result::ok).take_while(|it| !it.is_empty());
                head.for_each(drop);
                let length = body.len();
                let response = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                // Whoever asked may be gone by now.
                let _ = stream.write_all(response.as_bytes());
            }
        });
        issuer
    }

    pub(crate) fn host(&self) -> Result<ProviderHost, RigError> {
        ProviderHost::of(&self.address)
    }

    /// Its key set (RFC 7517 §5).
    pub(crate) fn key_set(&self) -> String {
        let key: Value =
            serde_json::from_str(&self.key.public_key().to_jwk()).expect("a key as JSON");
        json!({ "keys": [key] }).to_string()
    }

    /// What a service account's token says at this moment.
    pub(crate) fn claims(&self) -> Value {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a time after 1970")
            .as_secs();
        json!({
            "iss": self.address,
            "sub": ROBOT,
            "aud": [AUDIENCE],
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
        })
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.key
            .sign(claims_set(claims.clone()))
            .expect("a signature")
    }

    /// A token that is good here.
    pub(crate) fn token(&self) -> String {
        self.sign(&self.claims())
    }

    /// The issuer as an operator writes it, with its keys in a field of this name.
    pub(crate) fn entry(&self, name: &str, keys: &str) -> Value {
        json!({
            "issuer": self.address,
            "audiences": [AUDIENCE],
            "signingAlgorithms": ["ES256"],
            "insecureHttp": true,
            name: keys,
        })
    }
}
