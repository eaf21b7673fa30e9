//! A server that answers as no provider should.
//!
//! An issuer is `ADDRESS/DOCUMENT/FAULT`: all its documents are in order but the one that its path names.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use kfwasm_rig::{ProviderHost, RigError};
use serde_json::json;

/// What can be wrong with an answer, each by its name in the issuer's path.
pub(crate) const FAULTS: [&str; 11] = [
    "not-json",
    "html",
    "wrong-shape",
    "redirect",
    "unavailable",
    "missing",
    "huge",
    "truncated",
    "hung-up",
    "strange-bytes",
    "silent",
];

/// Longer than any deadline in the tests, and short enough not to outlive them.
const SILENCE: Duration = Duration::from_secs(20);
/// `{"alg":"RS256","kid":"k"}`, `{}` and a signature that is none.
const ID_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA";

/// The server. Its threads end with the test.
pub(crate) struct HostileServer {
    address: String,
    asked: Asked,
}

type Asked = Arc<Mutex<BTreeMap<String, u32>>>;

impl HostileServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Asked::default();
        let (own_address, counts) = (address.clone(), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (address, counts) = (own_address.clone(), Arc::clone(&counts));
                thread::spawn(move || serve(stream, &address, &counts));
            }
        });
        Self { address, asked }
    }

    /// The issuer whose `document` has this fault.
    pub(crate) fn issuer(&self, document: &str, fault: &str) -> String {
        format!("{}/{document}/{fault}", self.address)
    }

    pub(crate) fn host(&self) -> Result<ProviderHost, RigError> {
        ProviderHost::of(&self.address)
    }

    /// How often this path below the issuer was asked for.
    pub(crate) fn asked(&self, issuer: &str, path: &str) -> u32 {
        let path = format!("{}{path}", issuer.trim_start_matches(&self.address));
        let asked = self.asked.lock().expect("counts");
        asked.get(&path).copied().unwrap_or(0)
    }
}

/// One request; the connection closes after it.
fn serve(mut stream: TcpStream, address: &str, asked: &Asked) {
    let Some(path) = read_path(&stream) else {
        return;
    };
    *asked
        .lock()
        .expect("counts")
        .entry(path.clone())
        .or_default() += 1;
    let mut segments = path.splitn(4, '/').skip(1);
    let mut next = || segments.next().unwrap_or_default().to_owned();
    let (document, fault, rest) = (next(), next(), next());
    let bytes = if rest.starts_with(marker(&document)) {
        faulty(&fault)
    } else {
        good(&rest, &format!("{address}/{document}/{fault}"))
    };
    // Whoever asked may be gone by now.
    let _ = stream.write_all(&bytes);
}

fn marker(document: &str) -> &'static str {
    match document {
        "discovery" => ".well-known",
        "keys" => "jwks",
        _ => "token",
    }
}

fn read_path(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    // An unread body would make the connection end with a reset.
    std::io::Read::read_exact(&mut reader, &mut vec![0; length]).ok()?;
    first.split(' ').nth(1).map(str::to_owned)
}

fn good(path: &str, issuer: &str) -> Vec<u8> {
    let body = match path {
        "jwks" => json!({ "keys": [] }),
        "token" => json!({ "access_token": "a", "token_type": "Bearer", "id_token": ID_TOKEN }),
        _ => json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
    };
    answer("200 OK", "application/json", body.to_string().as_bytes())
}

fn faulty(fault: &str) -> Vec<u8> {
    const JSON: &str = "application/json";
    match fault {
        "not-json" => answer("200 OK", JSON, b"{\"issuer\": \xff\xfe"),
        "html" => answer("200 OK", "text/html", b"<h1>Sign in to the Wi-Fi</h1>"),
        "wrong-shape" => answer("200 OK", JSON, "[".repeat(100_000).as_bytes()),
        "redirect" => answer("302 Found\r\nLocation: http://127.0.0.1:1/", JSON, b"{}"),
        "unavailable" => answer("503 Service Unavailable", "text/plain", b"later"),
        "missing" => answer("404 Not Found", JSON, b"{}"),
        "huge" => answer("200 OK", JSON, &vec![b' '; 2 * 1024 * 1024]),
        "truncated" => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"issuer\":".to_vec(),
        "strange-bytes" => answer(
            "200 OK",
            "\u{fc}\u{fe}",
            &(0x80..=0xff).collect::<Vec<u8>>(),
        ),
        "silent" => {
            thread::sleep(SILENCE);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn answer(status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
