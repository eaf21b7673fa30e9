//! What stands behind every gateway: a process of its own that answers at once and says whom it saw.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

/// What names the user: to Kubeflow, and behind oauth2-proxy alone.
const USER_HEADERS: [&str; 2] = ["kubeflow-userid", "x-auth-request-email"];
const LARGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;
/// As large as a small answer of an API.
const CONTENT: &str = "{\"items\":[],\"metadata\":{\"continue\":\"\",\"remainingItemCount\":0}}\n";

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

/// Answers one request after the other until the connection ends or is no HTTP.
fn answer_all(mut stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut received = Vec::with_capacity(LARGEST_HEAD);
    loop {
        let (length, saw) = read_head(&mut stream, &mut received)?;
        received.drain(..length);
        stream.write_all(&response(&saw)).ok()?;
    }
}

/// Reads until a head is whole: its length, and whom it names. The bench sends no content here.
fn read_head(stream: &mut TcpStream, received: &mut Vec<u8>) -> Option<(usize, Vec<u8>)> {
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
fn parse(received: &[u8]) -> Option<Option<(usize, Vec<u8>)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(received).ok()? else {
        return Some(None);
    };
    let user = USER_HEADERS.iter().find_map(|name| {
        let mut headers = request.headers.iter();
        headers.find(|header| header.name.eq_ignore_ascii_case(name))
    });
    let saw = user.map_or(&b"-"[..], |header| header.value);
    Some(Some((length, saw.to_vec())))
}

fn response(saw: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{SAW}: ",
        CONTENT.len()
    );
    [head.as_bytes(), saw, b"\r\n\r\n", CONTENT.as_bytes()].concat()
}
