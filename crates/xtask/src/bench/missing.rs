use super::measured::Measured;
use crate::program::Program;

/// Says which programs of the system are missing, and what cannot be measured without them.
pub(super) fn tell(wanted: &[Measured]) {
    let peers = [Measured::Run, Measured::Instructions, Measured::Latency];
    if !wanted.iter().any(|it| peers.contains(it)) {
        return;
    }
    if !Program::redis().starts() {
        eprintln!("Without oauth2-proxy on Redis: install Debian's package redis-server");
    }
    if !Program::go().starts() {
        eprintln!("Without oauth2-proxy: install Go 1.26 or newer, which builds it");
    }
}
