//! What stands behind the gateways: it says whom it saw, and remembers nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

/// The header of every answer that names whom the request named: users separated by `|`, `-` for nobody.
pub(super) const SAW: &str = "x-saw";
const USER: &str = "kubeflow-userid";
const LONGEST_LINE: u64 = 64 * 1024;

/// Listens on a port of loopback for as long as this program runs.
pub(super) fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || answer_all(&stream));
        }
    });
    Ok(address)
}

/// Answers one request after the other until the connection ends.
fn answer_all(stream: &TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let saw = read(&mut reader)?;
        let answer = format!("HTTP/1.1 200 OK\r\n{SAW}: {saw}\r\ncontent-length: 3\r\n\r\nok\n");
        writer.write_all(answer.as_bytes()).ok()?;
    }
}

/// Reads a request: whom it names.
fn read(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let (mut saw, mut length) = (Vec::new(), 0);
    let first = line(reader)?;
    (!first.is_empty()).then_some(())?;
    loop {
        let line = line(reader)?;
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case(USER) => saw.push(value.to_owned()),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = reader.take(length);
    std::io::copy(&mut body, &mut std::io::sink()).ok()?;
    Some(match saw.is_empty() {
        true => "-".to_owned(),
        false => saw.join("|"),
    })
}

fn line(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = reader.take(LONGEST_LINE).read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end().to_owned())
}
