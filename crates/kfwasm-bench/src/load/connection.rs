use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::upstream::SAW;

const MOST_HEADERS: usize = 64;
/// Long enough for a busy machine, and for Valgrind to begin to count.
const PATIENCE: Duration = Duration::from_secs(60);

/// One kept-alive connection to a gateway.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What is looked at in the head of an answer.
struct Head {
    length: usize,
    content: usize,
    status: u16,
    saw: Option<String>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("cannot connect to the gateway")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and reads its answer, which must be 200 from an upstream that saw this user.
    pub(super) fn ask(&mut self, request: &[u8], saw: &str) -> Result<()> {
        self.stream.write_all(request).context("cannot send")?;
        let head = self.read_head()?;
        ensure!(
            head.status == 200 && head.saw.as_deref() == Some(saw),
            "a request was answered {} and the upstream saw {:?}, where it should be 200 and {saw:?}",
            head.status,
            head.saw,
        );
        let length = head.length + head.content;
        while self.received.len() < length {
            self.read()?;
        }
        ensure!(self.received.len() == length, "an answer was too long");
        self.received.clear();
        Ok(())
    }

    fn read_head(&mut self) -> Result<Head> {
        loop {
            if let Some(head) = parse(&self.received)? {
                return Ok(head);
            }
            self.read()?;
        }
    }

    fn read(&mut self) -> Result<()> {
        let mut buffer = [0; 8 * 1024];
        let count = self
            .stream
            .read(&mut buffer)
            .context("no answer within a minute")?;
        if count == 0 {
            bail!("the gateway closed the connection");
        }
        self.received.extend(buffer.iter().take(count));
        Ok(())
    }
}

/// `None` while it is not whole.
fn parse(received: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(received).context("an answer is no HTTP")?;
    let httparse::Status::Complete(length) = parsed else {
        return Ok(None);
    };
    let value = |name: &str| {
        let mut headers = response.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(header.value).into_owned())
    };
    let content = value("content-length").and_then(|text| text.parse().ok());
    Ok(Some(Head {
        length,
        content: content.unwrap_or(0),
        status: response.code.unwrap_or_default(),
        saw: value(SAW),
    }))
}
