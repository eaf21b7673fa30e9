use super::measured::Measured;
use crate::program::Program;

/// Says which programs of the system are missing, and what cannot be measured without them.
pub(super) fn tell(wanted: &[Measured]) {
    let peers = [Measured::Run, Measured::Instructions, Measured::Latency];
    if !wanted.iter().any(|it| peers.contains(it)) {
        return;
    }
    if let Some(reason) = Program::redis().missing() {
        eprintln!("Without oauth2-proxy on Redis: {reason}");
    }
    if let Some(reason) = Program::go().missing() {
        eprintln!("Without oauth2-proxy: {reason}");
    }
}
