use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::Value;

use crate::RigError;

const PATIENCE: Duration = Duration::from_secs(15);
const MOST_HEADERS: usize = 128;

/// What came back on one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, values as they came, in their order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The content, without its transfer coding.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name (lower case), as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// Every header of this name (lower case), as text.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        named
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .collect()
    }

    /// The content as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The content as JSON; `null` when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends these bytes on a connection of their own, and reads one HTTP/1.1 response (RFC 9112 §6).
///
/// The bytes go out as they are, so that a test can send what no HTTP library would. They must ask for
/// `Connection: close`, or the response must say its length.
///
/// # Errors
/// When there is no connection, no whole response within 15 s, or none that is HTTP.
pub fn exchange(authority: &str, request: &[u8]) -> Result<Response, RigError> {
    converse(authority, &mut connect(authority)?, request)
}

/// The same on a connection that is there already.
pub(crate) fn converse(
    authority: &str,
    stream: &mut (impl Read + Write),
    request: &[u8],
) -> Result<Response, RigError> {
    stream
        .write_all(request)
        .map_err(RigError::io(format!("send to {authority}")))?;
    let mut received = Vec::new();
    let (mut response, length) = read_head(authority, stream, &mut received)?;
    let body_wanted = !request.starts_with(b"HEAD ") && !matches!(response.status, 101 | 204 | 304);
    if body_wanted {
        response.body = read_body(authority, stream, received.split_off(length), &response)?;
    }
    Ok(response)
}

pub(crate) fn connect(authority: &str) -> Result<TcpStream, RigError> {
    let connecting = || RigError::io(format!("connect to {authority}"));
    let addresses = authority
        .to_socket_addrs()
        .map_err(connecting())?
        .collect::<Vec<_>>();
    let stream = TcpStream::connect(addresses.as_slice()).map_err(connecting())?;
    stream
        .set_read_timeout(Some(PATIENCE))
        .map_err(connecting())?;
    stream.set_nodelay(true).map_err(connecting())?;
    Ok(stream)
}

/// Reads until the head is whole: the response without content, and how long its head was.
fn read_head(
    from: &str,
    stream: &mut impl Read,
    received: &mut Vec<u8>,
) -> Result<(Response, usize), RigError> {
    loop {
        if let Some((response, length)) = parse_head(from, received)? {
            // RFC 9110 §15.2: any number of interim responses may come first; 101 is final for us.
            if (100..200).contains(&response.status) && response.status != 101 {
                received.drain(..length);
                continue;
            }
            return Ok((response, length));
        }
        if read_some(from, stream, received)? == 0 {
            return Err(RigError::unexpected(
                from,
                "nothing: it closed the connection",
            ));
        }
    }
}

fn parse_head(from: &str, received: &[u8]) -> Result<Option<(Response, usize)>, RigError> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head
        .parse(received)
        .map_err(|error| RigError::unexpected(from, format!("no HTTP: {error}")))?;
    let httparse::Status::Complete(length) = parsed else {
        return Ok(None);
    };
    let owned =
        |header: &httparse::Header<'_>| (header.name.to_ascii_lowercase(), header.value.to_vec());
    let headers = head.headers.iter().map(owned).collect();
    Ok(Some((
        Response {
            status: head.code.unwrap_or_default(),
            headers,
            body: Vec::new(),
        },
        length,
    )))
}

fn read_body(
    from: &str,
    stream: &mut impl Read,
    body: Vec<u8>,
    head: &Response,
) -> Result<Vec<u8>, RigError> {
    if head.header("transfer-encoding").is_some() {
        return read_chunks(from, stream, body);
    }
    let length = head
        .header("content-length")
        .and_then(|length| length.parse().ok());
    read_up_to(from, stream, body, length)
}

/// RFC 9112 §6.3: as long as `content-length` says, or until the connection closes.
fn read_up_to(
    from: &str,
    stream: &mut impl Read,
    mut body: Vec<u8>,
    length: Option<usize>,
) -> Result<Vec<u8>, RigError> {
    while length.is_none_or(|length| body.len() < length) {
        if read_some(from, stream, &mut body)? == 0 {
            break;
        }
    }
    match length {
        Some(length) if body.len() < length => {
            Err(RigError::unexpected(from, "less content than it announced"))
        }
        _ => Ok(body),
    }
}

/// RFC 9112 §7.1: chunks, each with its length in hexadecimal before it.
fn read_chunks(
    from: &str,
    stream: &mut impl Read,
    mut coded: Vec<u8>,
) -> Result<Vec<u8>, RigError> {
    let mut body = Vec::new();
    loop {
        match next_chunk(from, &coded)? {
            Some((0, _)) => return Ok(body),
            Some((length, start)) if coded.len() >= start + length + 2 => {
                body.extend(coded.iter().skip(start).take(length));
                coded.drain(..start + length + 2);
            }
            _ if read_some(from, stream, &mut coded)? == 0 => {
                return Err(RigError::unexpected(from, "a chunk that it did not finish"));
            }
            _ => {}
        }
    }
}

/// The length of the chunk that `coded` starts with, and where its content starts.
fn next_chunk(from: &str, coded: &[u8]) -> Result<Option<(usize, usize)>, RigError> {
    let bad = |why: String| RigError::unexpected(from, format!("a chunk with a bad length: {why}"));
    match httparse::parse_chunk_size(coded) {
        Ok(httparse::Status::Complete((start, length))) => {
            let length = usize::try_from(length).map_err(|error| bad(error.to_string()))?;
            Ok(Some((length, start)))
        }
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(bad(String::from_utf8_lossy(coded)
            .chars()
            .take(20)
            .collect())),
    }
}

fn read_some(from: &str, stream: &mut impl Read, into: &mut Vec<u8>) -> Result<usize, RigError> {
    let mut buffer = [0; 16 * 1024];
    let count = stream
        .read(&mut buffer)
        .map_err(RigError::io(format!("read the answer of {from}")))?;
    into.extend(buffer.iter().take(count));
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn answered_with(answer: &'static [u8]) -> Result<Response, RigError> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 4]).unwrap();
            // In small pieces, so that every part of it arrives cut somewhere.
            answer
                .chunks(3)
                .for_each(|piece| stream.write_all(piece).unwrap());
        });
        exchange(&authority, b"GET ")
    }

    #[test]
    fn content_of_a_known_length_is_read() {
        let response =
            answered_with(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\nX: b\r\n\r\nhello")
                .unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "hello"));
        assert_eq!(response.all("x"), ["a", "b"]);
    }

    #[test]
    fn chunked_content_is_put_together() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n";
        assert_eq!(answered_with(answer).unwrap().text(), "hello, world");
    }

    #[test]
    fn content_without_a_length_ends_with_the_connection() {
        assert_eq!(
            answered_with(b"HTTP/1.1 200 OK\r\n\r\nhello")
                .unwrap()
                .text(),
            "hello"
        );
    }

    #[test]
    fn content_that_is_cut_short_is_an_error() {
        assert!(answered_with(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello").is_err());
    }

    #[test]
    fn interim_responses_are_passed_over() {
        let answer =
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(answered_with(answer).unwrap().status, 201);
    }
}
