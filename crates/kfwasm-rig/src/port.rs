use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::RigError;

/// Where free ports are looked for: below the ports that systems give to outgoing connections, which come and go.
const FIRST: u32 = 20_000;
const COUNT: u32 = 10_000;

/// A TCP port on loopback that nobody listens on and that this process has not been given before.
///
/// # Errors
/// When all are in use.
pub fn free_port() -> Result<u16, RigError> {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Processes that run beside each other start at different places.
    let start = process::id().wrapping_mul(97);
    let candidates = (0..COUNT).filter_map(|_| {
        let step = start.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
        u16::try_from(FIRST + step % COUNT).ok()
    });
    let mut free = candidates.filter_map(|port| claim_port(port).ok());
    free.next().ok_or(RigError::NoFreePort)
}

/// Makes sure that nobody listens on this port of loopback.
///
/// Envoy would not notice: its listeners share a port (`SO_REUSEPORT`) even with another Envoy's.
///
/// # Errors
/// [`RigError::PortInUse`], or the system does not allow the port.
pub fn claim_port(port: u16) -> Result<u16, RigError> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(RigError::PortInUse { port }),
        Err(error) => Err(RigError::Io {
            doing: format!("cannot listen on port {port}"),
            error,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_listens_on_cannot_be_claimed() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let refused = claim_port(port).unwrap_err().to_string();
        assert!(
            refused.contains(&port.to_string()) && refused.contains("--port"),
            "{refused}"
        );
    }

    #[test]
    fn a_free_port_can_be_claimed() {
        let port = free_port().unwrap();
        assert_eq!(claim_port(port).unwrap(), port);
    }

    #[test]
    fn no_port_is_given_twice() {
        assert_ne!(free_port().unwrap(), free_port().unwrap());
    }
}
