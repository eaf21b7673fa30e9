use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::response::{Arrival, PATH};
use super::{Authorization, page};
use crate::failure::Failure;

/// Browsers open connections ahead, and send nothing on some.
const MOST_CONNECTIONS: usize = 32;
const LONGEST_HEAD: usize = 16 * 1024;
const HEAD_TIME: Duration = Duration::from_secs(10);

/// The redirect URI of a program (RFC 8252 §7.3): a port on this machine's loopback address, for one answer.
pub(crate) struct Loopback {
    listener: TcpListener,
    authority: String,
}

/// The request that brought the code, which is answered when it is known how the sign-in ended.
pub(crate) struct Waiting(TcpStream);

/// The first lines of a request.
struct Head {
    method: String,
    target: String,
    host: String,
}

impl Loopback {
    /// Listens on a port that the system chooses; on IPv6 where there is no IPv4.
    pub(crate) async fn open() -> Result<Self, Failure> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await {
            Ok(listener) => Ok(listener),
            Err(_) => TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await,
        };
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| {
            Failure::failed(
                format!("cannot listen on this machine's loopback address: {error}"),
                "use --no-browser, which needs no port",
            )
        })?;
        Ok(Self {
            listener,
            authority: address.to_string(),
        })
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://{}{PATH}", self.authority)
    }

    /// Waits for the answer to `asked`; the code with the browser that brought it, or why there is none.
    pub(crate) async fn code(
        &self,
        asked: &Authorization,
    ) -> Result<(SecretString, Waiting), Failure> {
        let mut readers = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, _)) = self.listener.accept(), if readers.len() < MOST_CONNECTIONS => {
                    readers.spawn(timeout(HEAD_TIME, read(stream)));
                }
                Some(done) = readers.join_next() => {
                    let Ok(Ok(Some((head, stream)))) = done else {
                        continue;
                    };
                    match self.judge(&head, asked) {
                        Arrival::Code(code) => return Ok((code, Waiting(stream))),
                        Arrival::Foreign => answer(stream, &foreign()).await,
                        Arrival::Refused(why) => {
                            Waiting(stream).failed().await;
                            return Err(not_signed_in(&why));
                        }
                    }
                }
            }
        }
    }

    /// A page of another origin that resolves to this address (DNS rebinding) sends another Host.
    fn judge(&self, head: &Head, asked: &Authorization) -> Arrival {
        if head.host == self.authority {
            Arrival::of(&head.method, &head.target, asked)
        } else {
            Arrival::Foreign
        }
    }
}

impl Waiting {
    pub(crate) async fn done(self) {
        let text = "You can close this window and go back to the terminal.";
        answer(self.0, &page::response("200 OK", "Signed in", text)).await;
    }

    pub(crate) async fn failed(self) {
        let text = "The terminal says why. You can close this window.";
        let page = page::response("400 Bad Request", "Not signed in", text);
        answer(self.0, &page).await;
    }
}

fn foreign() -> String {
    let text = "This address waits for the end of a sign-in that kfwasm began in a terminal.";
    page::response("404 Not Found", "Nothing here", text)
}

/// The browser may have gone; then nobody misses the page.
async fn answer(mut stream: TcpStream, page: &str) {
    let _ = stream.write_all(page.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Reads until the empty line that ends a head.
async fn read(mut stream: TcpStream) -> Option<(Head, TcpStream)> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read_buf(&mut bytes).await.ok()?;
        if read == 0 || bytes.len() > LONGEST_HEAD {
            return None;
        }
    }
    Some((Head::parse(&String::from_utf8(bytes).ok()?)?, stream))
}

impl Head {
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut headers = lines.filter_map(|line| line.split_once(':'));
        let host = headers.find(|(name, _)| name.eq_ignore_ascii_case("host"))?;
        Some(Self {
            method,
            target,
            host: host.1.trim().to_owned(),
        })
    }
}

fn not_signed_in(why: &str) -> Failure {
    Failure::failed(
        format!("not signed in: {why}"),
        "run the same command to try again",
    )
}
