//! What stands behind every gateway: a process of its own that answers at once and says whom it saw.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

/// What names the user: to Kubeflow, and behind oauth2-proxy alone.
const USER_HEADERS: [&str; 2] = ["kubeflow-userid", "x-auth-request-email"];
const LARGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;
const PART: usize = 64 * 1024;
/// As large as a small answer of an API.
const CONTENT: &str = "{\"items\":[],\"metadata\":{\"continue\":\"\",\"remainingItemCount\":0}}\n";

/// The argument that makes a program the upstream.
pub const UPSTREAM: &str = "upstream";

/// The header of every response that names the user whom the request's headers named; `-` for nobody.
pub(crate) const SAW: &str = "x-saw";

/// Prints the port that it listens on, and serves until standard input closes.
pub(crate) fn serve() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen")?;
    println!("{}", listener.local_addr()?.port());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || answer_all(stream));
        }
    });
    let mut input = std::io::stdin();
    // Whatever ends the reading, whoever started us is gone.
    while input.read(&mut [0; 64]).is_ok_and(|count| count > 0) {}
    Ok(())
}

/// What is looked at in a request.
struct Head {
    length: usize,
    saw: Vec<u8>,
    /// Bytes of content that follow.
    content: u64,
    /// Bytes that are asked for, by the path `/stream/BYTES`.
    wanted: Option<u64>,
    is_upgrade: bool,
}

/// Answers one request after the other until the connection ends or is no HTTP.
fn answer_all(mut stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut received = Vec::with_capacity(LARGEST_HEAD);
    loop {
        let head = read_head(&mut stream, &mut received)?;
        received.drain(..head.length);
        if head.content > 0 {
            take(&mut stream, &mut received, head.content)?;
        }
        match head.wanted {
            Some(bytes) => give(&mut stream, &head, bytes)?,
            None => stream.write_all(&response(&head.saw)).ok()?,
        }
    }
}

/// Takes in content, and forgets it.
fn take(stream: &mut TcpStream, received: &mut Vec<u8>, content: u64) -> Option<()> {
    let early = received.len().min(usize::try_from(content).ok()?);
    received.drain(..early);
    let mut left = content - early as u64;
    let mut part = [0; PART];
    while left > 0 {
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)? as u64;
        left = left.checked_sub(count)?;
    }
    Some(())
}

/// Sends so many bytes: as content, or through the tunnel that an upgrade makes of the connection.
fn give(stream: &mut TcpStream, head: &Head, bytes: u64) -> Option<()> {
    let start = match head.is_upgrade {
        true => {
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
                .to_owned()
        }
        false => format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n"),
    };
    stream.write_all(start.as_bytes()).ok()?;
    let (part, mut left) = ([0; PART], bytes);
    while left > 0 {
        let length = usize::try_from(left).map_or(PART, |left| left.min(PART));
        stream.write_all(part.get(..length)?).ok()?;
        left -= length as u64;
    }
    Some(())
}

/// Reads until a head is whole.
fn read_head(stream: &mut TcpStream, received: &mut Vec<u8>) -> Option<Head> {
    loop {
        if let Some(head) = parse(received)? {
            return Some(head);
        }
        let mut buffer = [0; 16 * 1024];
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        received.extend_from_slice(buffer.get(..count)?);
        if received.len() > LARGEST_HEAD {
            return None;
        }
    }
}

/// `None` when it is no HTTP, `Some(None)` when it is not whole.
fn parse(received: &[u8]) -> Option<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(received).ok()? else {
        return Some(None);
    };
    let value = |name: &str| {
        let mut headers = request.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| header.value)
    };
    let number = |text: &[u8]| core::str::from_utf8(text).ok()?.parse().ok();
    let saw = USER_HEADERS.iter().find_map(|name| value(name));
    let wanted = request.path.and_then(|path| path.strip_prefix("/stream/"));
    Some(Some(Head {
        length,
        saw: saw.unwrap_or(b"-").to_vec(),
        content: value("content-length").and_then(number).unwrap_or(0),
        wanted: wanted.and_then(|bytes| bytes.parse().ok()),
        is_upgrade: value("upgrade").is_some(),
    }))
}

fn response(saw: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{SAW}: ",
        CONTENT.len()
    );
    [head.as_bytes(), saw, b"\r\n\r\n", CONTENT.as_bytes()].concat()
}
