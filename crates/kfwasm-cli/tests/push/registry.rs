//! A registry whose manners can be chosen.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::wire::{self, Request, parameter};

/// The one thing that a registry does otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Proper,
    /// It says that it has stored something else.
    OtherDigest,
    /// It does not say where to upload.
    Nowhere,
    /// It says no place where tokens are given.
    NoAddress,
    /// Its tokens cannot be sent.
    Malformed,
    /// It has no such repository.
    Unknown,
    /// It is too busy for the manifest.
    Busy,
    /// It refuses the manifest, with words that a terminal cannot bear.
    Refuses,
}

/// A registry, and beside it what keeps its blobs.
pub(crate) struct Registry {
    pub(crate) authority: String,
    /// The credentials that what keeps the blobs has seen.
    pub(crate) seen_elsewhere: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    pub(crate) fn start(way: Way) -> Self {
        let (registry, storage) = (listener(), listener());
        let [authority, elsewhere] =
            [&registry, &storage].map(|it| it.local_addr().unwrap().to_string());
        let seen_elsewhere = Arc::new(Mutex::new(Vec::new()));
        let (seen, own) = (Arc::clone(&seen_elsewhere), authority.clone());
        serve(storage, move |request, stream| {
            seen.lock()
                .unwrap()
                .push(request.header("authorization").to_owned());
            wire::write(stream, "201 Created", "", "");
        });
        serve(registry, move |request, stream| {
            answer(way, &own, &elsewhere, request, stream)
        });
        Self {
            authority,
            seen_elsewhere,
        }
    }
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn serve(listener: TcpListener, answer: impl Fn(&Request, &mut TcpStream) + Send + 'static) {
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            if let Some(request) = wire::read(&mut stream) {
                answer(&request, &mut stream);
            }
        }
    });
}

fn answer(way: Way, own: &str, elsewhere: &str, request: &Request, stream: &mut TcpStream) {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let (status, headers, body) = match (request.method.as_str(), path) {
        (_, "/token") if way == Way::Malformed => {
            let body = r#"{"token": "a\nb"}"#.to_owned();
            ("200 OK", String::new(), body)
        }
        (_, "/token") => token(request, query),
        _ if request.header("authorization") != "Bearer good" => {
            let scope = "repository:team/kfwasm:pull,push";
            let realm = match way {
                Way::NoAddress => "tokens".to_owned(),
                _ => format!("http://{own}/token"),
            };
            let challenge = format!(
                "www-authenticate: Bearer realm=\"{realm}\",service=\"reg\",scope=\"{scope}\"\r\n"
            );
            ("401 Unauthorized", challenge, String::new())
        }
        ("POST", "/v2/team/kfwasm/blobs/uploads/") if way == Way::Unknown => {
            ("404 Not Found", String::new(), String::new())
        }
        ("POST", "/v2/team/kfwasm/blobs/uploads/") if way == Way::Nowhere => {
            ("202 Accepted", String::new(), String::new())
        }
        ("POST", "/v2/team/kfwasm/blobs/uploads/") => (
            "202 Accepted",
            format!("location: http://{elsewhere}/upload?id=1\r\n"),
            String::new(),
        ),
        ("PUT", "/v2/team/kfwasm/manifests/1") => match way {
            Way::OtherDigest => (
                "201 Created",
                "docker-content-digest: sha256:00\r\n".to_owned(),
                String::new(),
            ),
            Way::Refuses => (
                "403 Forbidden",
                String::new(),
                r#"{"errors": [{"message": "no\u001b[2J"}]}"#.to_owned(),
            ),
            Way::Busy => ("503 Service Unavailable", String::new(), String::new()),
            _ => ("201 Created", String::new(), String::new()),
        },
        _ => ("404 Not Found", String::new(), String::new()),
    };
    wire::write(stream, status, &headers, &body);
}

/// By the password of a robot, or by the refresh token "refresh"; whoever has neither gets none.
fn token(request: &Request, query: &str) -> (&'static str, String, String) {
    let asked = if request.method == "POST" {
        &request.body
    } else {
        query
    };
    let said = |name: &str| parameter(asked, name).unwrap_or_default();
    let scoped = said("service") == "reg" && said("scope") == "repository:team/kfwasm:pull,push";
    let by_password =
        request.method == "GET" && request.header("authorization") == "Basic cm9ib3Q6d29yZA==";
    let refreshed = said("grant_type") == "refresh_token" && said("refresh_token") == "refresh";
    let name = if by_password { "token" } else { "access_token" };
    match scoped && (by_password || refreshed) {
        true => ("200 OK", String::new(), format!("{{\"{name}\": \"good\"}}")),
        false => ("401 Unauthorized", String::new(), String::new()),
    }
}
