use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use kfwasm_rig::Proxy;

const PATIENCE: Duration = Duration::from_secs(30);
const PART: usize = 64 * 1024;
const MIB: f64 = 1024.0 * 1024.0;
/// More than the head of any answer here.
const LONGEST_HEAD: usize = 16 * 1024;

/// Which way the bytes go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Download,
    Upload,
    WebSocket,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Download, Self::Upload, Self::WebSocket];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Upload => "upload",
            Self::WebSocket => "WebSocket, from the upstream",
        }
    }

    fn head(self, authority: &str, cookie: &str, bytes: u64) -> String {
        let (line, more) = match self {
            Self::Download => (format!("GET /stream/{bytes}"), String::new()),
            Self::Upload => ("POST /".to_owned(), format!("content-length: {bytes}\r\n")),
            Self::WebSocket => (
                format!("GET /stream/{bytes}"),
                "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    .to_owned(),
            ),
        };
        format!(
            "{line} HTTP/1.1\r\nhost: {authority}\r\naccept: */*\r\ncookie: {cookie}\r\n{more}\r\n"
        )
    }

    const fn status(self) -> &'static str {
        match self {
            Self::WebSocket => "HTTP/1.1 101",
            Self::Download | Self::Upload => "HTTP/1.1 200",
        }
    }
}

/// Sends or receives so many bytes: MiB a second, from the request to the last byte.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
pub(super) fn transfer(proxy: &Proxy, kind: Kind, cookie: &str, bytes: u64) -> Result<f64> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port()))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let began = Instant::now();
    stream.write_all(kind.head(&proxy.authority(), cookie, bytes).as_bytes())?;
    if kind == Kind::Upload {
        upload(&mut stream, bytes).context("the upload broke off")?;
    }
    let early = read_head(&mut stream, kind)?;
    if kind != Kind::Upload {
        download(&mut stream, bytes - early).context("the download broke off")?;
    }
    Ok(bytes as f64 / MIB / began.elapsed().as_secs_f64())
}

fn upload(stream: &mut TcpStream, bytes: u64) -> Result<()> {
    let part = [0; PART];
    let mut left = bytes;
    while left > 0 {
        let length = usize::try_from(left).map_or(PART, |left| left.min(PART));
        stream.write_all(part.get(..length).unwrap_or_default())?;
        left -= length as u64;
    }
    Ok(())
}

fn download(stream: &mut TcpStream, bytes: u64) -> Result<()> {
    let (mut part, mut left) = ([0; PART], bytes);
    while left > 0 {
        let count = stream.read(&mut part)?;
        ensure!(count > 0, "{left} bytes are missing");
        left = left.saturating_sub(count as u64);
    }
    Ok(())
}

/// Reads the head of the answer; returns how many bytes behind it have come already.
fn read_head(stream: &mut TcpStream, kind: Kind) -> Result<u64> {
    let (mut received, mut part) = (Vec::new(), [0; PART]);
    loop {
        let end = received.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            ensure!(
                received.starts_with(kind.status().as_bytes()),
                "a {} was answered {:?}",
                kind.title(),
                String::from_utf8_lossy(received.get(..end).unwrap_or_default())
            );
            return Ok((received.len() - end - 4) as u64);
        }
        let count = stream.read(&mut part)?;
        if count == 0 || received.len() > LONGEST_HEAD {
            bail!("no answer to a {}", kind.title());
        }
        received.extend_from_slice(part.get(..count).unwrap_or_default());
    }
}
