//! A gateway's sign-in for programs, in short: Alice is signed in and allows everything.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::wire::{self, Request, parameter};

/// The one thing that a gateway does wrong, or otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Proper,
    /// Alice presses Cancel.
    Cancelled,
    /// The answer names another issuer.
    OtherIssuer,
    /// The answer names none.
    NoIssuer,
    /// The answer says that something has failed.
    Failed,
    /// The answer says nothing.
    Silent,
    /// The code is refused without a word.
    Speechless,
    /// The code that is sent is not the one that is redeemed.
    OtherCode,
    /// The session is a bearer token.
    Bearer,
    /// The session's cookie would end a header.
    Header,
    /// The session has no end to its JSON.
    Endless,
    /// There is a gateway without sign-in for programs.
    Without,
}

/// A gateway on loopback.
pub(crate) struct Gateway {
    pub(crate) origin: String,
    /// The authority that signed its certificate, in PEM; empty without TLS.
    pub(crate) authority: String,
    /// The sessions that it has given.
    given: Arc<Mutex<usize>>,
}

/// What a code was given for.
#[derive(Clone, Default)]
struct Grant {
    code: String,
    challenge: String,
    redirect_uri: String,
}

struct Desk {
    origin: String,
    way: Way,
    grant: Option<Grant>,
    given: Arc<Mutex<usize>>,
}

impl Gateway {
    pub(crate) fn start(way: Way) -> Self {
        Self::serve(way, None, String::new())
    }

    /// The same over TLS, by a certificate that no system trusts.
    pub(crate) fn with_tls() -> Self {
        let names = vec!["localhost".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
        Self::serve(Way::Proper, Some(Arc::new(config)), cert.pem())
    }

    pub(crate) fn given(&self) -> usize {
        *self.given.lock().unwrap()
    }

    fn serve(way: Way, tls: Option<Arc<ServerConfig>>, authority: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = format!(
            "{scheme}://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let given = Arc::default();
        let mut desk = Desk {
            origin: origin.clone(),
            way,
            grant: None,
            given: Arc::clone(&given),
        };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                match &tls {
                    Some(config) => {
                        let session = ServerConnection::new(Arc::clone(config)).unwrap();
                        let mut stream = StreamOwned::new(session, stream);
                        desk.serve(&mut stream);
                        stream.conn.send_close_notify();
                        let _ = stream.flush();
                    }
                    None => desk.serve(&mut &stream),
                }
            }
        });
        Self {
            origin,
            authority,
            given,
        }
    }
}

impl Desk {
    fn serve(&mut self, stream: &mut (impl Read + Write)) {
        let Some(request) = wire::read(stream) else {
            return;
        };
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        match (request.method.as_str(), path) {
            _ if self.way == Way::Without => {
                wire::write(stream, "302 Found", "location: /\r\n", "")
            }
            ("GET", "/authservice/programs/authorize") => {
                let location = format!("location: {}\r\n", self.authorize(query));
                wire::write(stream, "303 See Other", &location, "");
            }
            ("POST", "/authservice/programs/token") => {
                let (status, body) = match self.token(&request) {
                    Ok(session) => ("200 OK", session.to_string()),
                    Err(error) => ("400 Bad Request", error.to_string()),
                };
                let body = if self.way == Way::Endless && status == "200 OK" {
                    " ".repeat(100_000)
                } else {
                    body
                };
                wire::write(
                    stream,
                    status,
                    "content-type: application/json\r\ncache-control: no-store\r\n",
                    &body,
                );
            }
            _ => wire::write(stream, "404 Not Found", "", ""),
        }
    }

    /// The person has allowed it: where the browser is sent to. A faulty request panics, and the test sees no answer.
    fn authorize(&mut self, query: &str) -> String {
        let asked = |name: &str| parameter(query, name).unwrap();
        assert_eq!(asked("response_type"), "code");
        assert_eq!(asked("client_id"), "kfwasm");
        assert_eq!(asked("code_challenge_method"), "S256");
        let (redirect_uri, state) = (asked("redirect_uri"), asked("state"));
        let port = redirect_uri
            .strip_prefix("http://127.0.0.1:")
            .and_then(|it| it.strip_suffix("/callback"));
        let by_hand = redirect_uri == "urn:ietf:wg:oauth:2.0:oob";
        assert!(
            by_hand || port.is_some_and(|port| port.parse::<u16>().is_ok()),
            "{redirect_uri}"
        );
        self.grant = Some(Grant {
            code: "the-code.1".to_owned(),
            challenge: asked("code_challenge"),
            redirect_uri: redirect_uri.clone(),
        });
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self.way {
            Way::Cancelled => query.append_pair("error", "access_denied"),
            Way::Failed => query.append_pair("error", "server_error"),
            Way::Silent => &mut query,
            Way::OtherCode => query.append_pair("code", "another"),
            _ => query.append_pair("code", "the-code.1"),
        };
        query.append_pair("state", &state);
        match self.way {
            Way::NoIssuer => {}
            Way::OtherIssuer => {
                query.append_pair("iss", "https://other.example.com");
            }
            _ => {
                query.append_pair("iss", &self.origin);
            }
        }
        format!("{redirect_uri}?{}", query.finish())
    }

    fn token(&mut self, request: &Request) -> Result<Value, Value> {
        if request.body.is_empty() {
            return Err(json!({"error": "invalid_request"}));
        }
        assert_eq!(
            request.header("content-type"),
            "application/x-www-form-urlencoded"
        );
        let said = |name: &str| parameter(&request.body, name).unwrap();
        assert_eq!(
            (said("grant_type"), said("client_id")),
            ("authorization_code".to_owned(), "kfwasm".to_owned())
        );
        if self.way == Way::Speechless {
            return Err(json!({}));
        }
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier")));
        let grant = self.grant.take().unwrap_or_default();
        if (said("code"), challenge, said("redirect_uri"))
            != (grant.code, grant.challenge, grant.redirect_uri)
        {
            return Err(
                json!({"error": "invalid_grant", "error_description": "The code is not valid."}),
            );
        }
        *self.given.lock().unwrap() += 1;
        Ok(json!({
            "access_token": if self.way == Way::Header { "a\r\nb" } else { "the-session" },
            "token_type": if self.way == Way::Bearer { "Bearer" } else { "cookie" },
            "cookie_name": "authservice_session",
            "expires_in": 3600,
            "user": "alice@example.com",
        }))
    }
}
