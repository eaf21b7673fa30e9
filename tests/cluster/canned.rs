//! A server that answers every request alike, where a real one would not be as wrong as a test needs it.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use kfwasm_rig::RigError;

/// Answers for as long as the test runs.
pub(crate) struct Canned {
    address: SocketAddr,
    answer: Arc<Mutex<String>>,
}

impl Canned {
    /// With this body, at a free port of that address.
    pub(crate) fn start(ip: IpAddr, body: &str) -> Result<Self, RigError> {
        let listener = TcpListener::bind((ip, 0)).map_err(RigError::io("listen"))?;
        let address = listener.local_addr().map_err(RigError::io("listen"))?;
        let answer = Arc::new(Mutex::new(ok(body, "")));
        let answers = Arc::clone(&answer);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let text = answers.lock().unwrap().clone();
                let _ = stream.write_all(text.as_bytes());
            }
        });
        Ok(Self { address, answer })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers so from now on, with these headers beside those that are needed.
    pub(crate) fn answer(&self, body: &str, headers: &str) {
        *self.answer.lock().unwrap() = ok(body, headers);
    }
}

fn ok(body: &str, headers: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
