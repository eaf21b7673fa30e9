//! A provider that is honest but for what a case bends. It keeps nothing: a code holds the name of the case and the nonce,
//! an access token the name of the case.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kfwasm_rig::{ProviderHost, RigError};
use serde_json::{Value, json};

use super::answer::{Answer, Keys, jwk, response};
use super::cases::{DOCUMENTS, tokens};
use crate::stage::PATIENCE;

const JSON: &str = "Content-Type: application/json\r\n";
/// How long the slowest answer takes: longer than any deadline of the gateway, and not longer than the test.
const SLOWEST: u64 = 200;

/// The documents of an issuer.
pub(crate) struct Documents {
    pub(crate) discovery: Value,
    pub(crate) keys: Value,
}

/// The issuer whose token requests the test answers itself.
pub(crate) const HELD: &str = "held";

/// The server. Its threads end with the test.
pub(crate) struct RogueProvider {
    address: String,
    held: Receiver<TcpStream>,
}

/// A request, as far as it is looked at.
struct Asked {
    path: String,
    authorization: String,
    body: String,
}

impl RogueProvider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (own, keys) = (address.clone(), Arc::new(Keys::generate()));
        let (hold, held) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (address, keys, hold) = (own.clone(), Arc::clone(&keys), hold.clone());
                thread::spawn(move || serve(stream, &address, &keys, &hold));
            }
        });
        Self { address, held }
    }

    /// The next token request to the issuer [`HELD`], which has been read.
    pub(crate) fn held(&self) -> TcpStream {
        self.held.recv_timeout(PATIENCE).expect("a token request")
    }

    pub(crate) fn issuer(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    pub(crate) fn host(&self) -> Result<ProviderHost, RigError> {
        ProviderHost::of(&self.address)
    }
}

fn serve(
    mut stream: TcpStream,
    address: &str,
    keys: &Keys,
    hold: &Sender<TcpStream>,
) -> Option<()> {
    let asked = read(&stream)?;
    let (issuer, endpoint) = asked.path.strip_prefix('/')?.split_once('/')?;
    let documents = documents(issuer, &format!("{address}/{issuer}"), keys);
    let bytes = match endpoint {
        "jwks" => response("200 OK", JSON, documents.keys.to_string().as_bytes()),
        "token" if issuer == HELD => return hold.send(stream).ok(),
        "token" => {
            let answer = exchanged(&asked.body, &format!("{address}/{issuer}"));
            let bytes = answer.response(keys);
            if answer.drips {
                return drip(&mut stream, &bytes);
            }
            bytes
        }
        "userinfo" => {
            let name = asked.authorization.strip_prefix("Bearer ")?;
            let body = bent(name, "", "").user_info.to_string();
            response("200 OK", JSON, body.as_bytes())
        }
        _ => response("200 OK", JSON, documents.discovery.to_string().as_bytes()),
    };
    // Whoever asked may be gone by now.
    stream.write_all(&bytes).ok()
}

fn drip(stream: &mut TcpStream, bytes: &[u8]) -> Option<()> {
    for byte in bytes.iter().take(usize::try_from(SLOWEST).ok()?) {
        stream.write_all(&[*byte]).ok()?;
        thread::sleep(Duration::from_millis(100));
    }
    Some(())
}

fn documents(name: &str, issuer: &str, keys: &Keys) -> Documents {
    let mut honest = Documents {
        discovery: json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }),
        keys: json!({ "keys": [jwk(&keys.first)] }),
    };
    if name == "several" {
        honest.keys = json!({ "keys": [jwk(&keys.second), jwk(&keys.first)] });
    }
    if let Some(case) = DOCUMENTS.iter().find(|case| case.name == name) {
        (case.bend)(&mut honest);
    }
    honest
}

/// The answer to a code. One that is not ours is refused.
fn exchanged(form: &str, issuer: &str) -> Answer {
    let code = form.split('&').find_map(|it| it.strip_prefix("code="));
    let parts = code.and_then(|it| it.split_once('.'));
    let (name, nonce) = parts.unwrap_or(("refused-code", ""));
    bent(name, issuer, nonce)
}

fn bent(name: &str, issuer: &str, nonce: &str) -> Answer {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a time after 1970").as_secs();
    let mut answer = Answer::honest(issuer, name, nonce, now);
    if let Some(case) = tokens().find(|case| case.name == name) {
        (case.bend)(&mut answer);
    }
    answer
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                value.clone_into(&mut authorization);
            }
            _ if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        path: first.split(' ').nth(1)?.to_owned(),
        authorization,
        body: String::from_utf8(body).ok()?,
    })
}
