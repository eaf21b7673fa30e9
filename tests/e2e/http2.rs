//! As much of HTTP/2 (RFC 9113) and HPACK (RFC 7541) as it takes to send what no library would.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use kfwasm_rig::Gateway;

use crate::raw;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A connection; streams are numbered 1, 3, 5 …
pub(crate) struct Http2 {
    stream: TcpStream,
    next: u32,
}

/// How a stream ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Status(u16),
    Reset,
    ConnectionEnded,
}

impl Http2 {
    pub(crate) fn connect(gateway: &Gateway) -> Self {
        let mut stream = raw::connect(gateway);
        stream.write_all(PREFACE).expect("the preface");
        let mut connection = Self { stream, next: 1 };
        connection.send(SETTINGS, 0, 0, &[]);
        connection
    }

    /// Sends a request without content; the number of its stream.
    pub(crate) fn request(&mut self, headers: &[(&str, &str)]) -> u32 {
        let id = self.next;
        self.next += 2;
        let block: Vec<u8> = headers
            .iter()
            .flat_map(|(name, value)| literal(name, value))
            .collect();
        self.send(HEADERS, END_STREAM | END_HEADERS, id, &block);
        id
    }

    /// Takes a request back (RFC 9113 §5.4.2, CANCEL).
    pub(crate) fn reset(&mut self, id: u32) {
        self.send(RST_STREAM, 0, id, &[0, 0, 0, 8]);
    }

    /// Reads until the stream has ended.
    pub(crate) fn end_of(&mut self, id: u32) -> End {
        let mut status = None;
        loop {
            let Some((kind, flags, stream, payload)) = self.receive() else {
                return End::ConnectionEnded;
            };
            match kind {
                SETTINGS if flags & ACK == 0 => self.send(SETTINGS, ACK, 0, &[]),
                GOAWAY => return End::ConnectionEnded,
                RST_STREAM if stream == id => return status.map_or(End::Reset, End::Status),
                HEADERS if stream == id => status = status.or(Some(status_of(&payload))),
                _ => {}
            }
            let may_end = matches!(kind, HEADERS | DATA) && stream == id;
            if may_end && flags & END_STREAM != 0 {
                return status.map_or(End::Reset, End::Status);
            }
        }
    }

    /// RFC 9113 §4.1.
    fn send(&mut self, kind: u8, flags: u8, id: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len())
            .expect("a short frame")
            .to_be_bytes();
        let [_, high, middle, low] = length;
        let head = [high, middle, low, kind, flags];
        // Whoever reads no more has ended the connection, which the next answer shows.
        let _ = self
            .stream
            .write_all(&[&head, id.to_be_bytes().as_slice(), payload].concat());
    }

    fn receive(&mut self) -> Option<(u8, u8, u32, Vec<u8>)> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).ok()?;
        let [high, middle, low, kind, flags, a, b, c, d] = head;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let mut payload = vec![0; usize::try_from(length).ok()?];
        self.stream.read_exact(&mut payload).ok()?;
        Some((
            kind,
            flags,
            u32::from_be_bytes([a & 0x7f, b, c, d]),
            payload,
        ))
    }
}

/// A literal header field that is never indexed, its texts as they are (RFC 7541 §6.2.3).
fn literal(name: &str, value: &str) -> Vec<u8> {
    let text = |text: &str| [integer(text.len()), text.as_bytes().to_vec()].concat();
    [vec![0x10], text(name), text(value)].concat()
}

/// RFC 7541 §5.1, with a prefix of 7 bits.
fn integer(value: usize) -> Vec<u8> {
    if value < 127 {
        return vec![u8::try_from(value).expect("below 127")];
    }
    let (mut bytes, mut rest) = (vec![127], value - 127);
    while rest >= 128 {
        bytes.push(u8::try_from(rest % 128).expect("7 bits") | 0x80);
        rest /= 128;
    }
    bytes.push(u8::try_from(rest).expect("7 bits"));
    bytes
}

/// `:status` is the first field: one of the static table (RFC 7541 appendix A, 8 to 14), or a literal with that name.
fn status_of(block: &[u8]) -> u16 {
    const INDEXED: [u16; 7] = [200, 204, 206, 304, 400, 404, 500];
    // An update of the table's size may come first (§6.3).
    let mut block = block.iter().copied().skip_while(|byte| byte & 0xe0 == 0x20);
    let first = block.next().unwrap_or_default();
    if first & 0x80 != 0 {
        let index = usize::from(first & 0x7f).wrapping_sub(8);
        return INDEXED.get(index).copied().unwrap_or_default();
    }
    let length = block.next().unwrap_or_default();
    let text = block.take(usize::from(length & 0x7f)).collect::<Vec<_>>();
    let digits = if length & 0x80 == 0 {
        text
    } else {
        digits(&text)
    };
    String::from_utf8_lossy(&digits).parse().unwrap_or_default()
}

/// Huffman codes of digits (RFC 7541 appendix B): 0, 1, 2 have five bits, the others six.
fn digits(coded: &[u8]) -> Vec<u8> {
    let bits: Vec<u8> = coded
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let number = |bits: &[u8]| bits.iter().fold(0, |number, bit| number * 2 + bit);
    let (mut digits, mut rest) = (Vec::new(), bits.as_slice());
    while digits.len() < 3 {
        let Some(five) = rest.get(..5).map(number) else {
            break;
        };
        let (digit, length) = match five {
            0..=2 => (five, 5),
            _ => (rest.get(..6).map_or(0, number).wrapping_sub(22), 6),
        };
        digits.push(b'0'.wrapping_add(digit));
        rest = rest.get(length..).unwrap_or_default();
    }
    digits
}
