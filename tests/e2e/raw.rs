//! Bytes on a connection, as no HTTP library would send them.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use kfwasm_rig::Gateway;

/// Longer than any answer takes; a request that hangs is noticed by it.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) fn connect(gateway: &Gateway) -> TcpStream {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, gateway.port())).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
    stream.set_nodelay(true).expect("no delay");
    stream
}

/// Everything that comes back until the connection ends. The bytes must make Envoy end it.
pub(crate) fn send(gateway: &Gateway, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(gateway);
    // Envoy may end the connection before it has read everything.
    let _ = stream.write_all(bytes);
    let mut received = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return received,
            Ok(count) => received.extend(buffer.iter().take(count)),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return received,
            Err(error) => panic!(
                "no end within {PATIENCE:?} ({error}) to {:?}…",
                String::from_utf8_lossy(bytes)
                    .chars()
                    .take(200)
                    .collect::<String>()
            ),
        }
    }
}

/// The status codes of all responses among these bytes.
pub(crate) fn statuses(received: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(received);
    let heads = text.split("HTTP/1.").skip(1);
    heads
        .filter_map(|head| head.get(2..5)?.parse().ok())
        .collect()
}
