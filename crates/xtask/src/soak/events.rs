//! What happens around the gateways, one thing after the other.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{Gateway, wait_until};

use super::stage::{GATEWAYS, SESSION, Stage};

const PATIENCE: Duration = Duration::from_secs(60);

/// Something that happens, in the words of the table.
pub(super) struct Event {
    pub(super) name: &'static str,
    happen: fn(&mut Stage) -> Result<()>,
}

/// All of them, in their order.
pub(super) const EVENTS: &[Event] = &[
    event("the configuration is pushed", Stage::push),
    event("a worker's module traps in each gateway", trap),
    event("the provider goes away", |stage| {
        stage.provider.pause();
        Ok(())
    }),
    event("the configuration is pushed while it is away", Stage::push),
    event("the provider returns with new signing keys", |stage| {
        Ok(stage.provider.resume()?)
    }),
    event("people sign in, by the new signing keys", sign_in),
    event(
        "a new session key opens, on one gateway after the other",
        |stage| {
            stage.set_keys(Vec::push)?;
            restart_all(stage)
        },
    ),
    event(
        "the new session key seals, on one gateway after the other",
        |stage| {
            stage.set_keys(|keys, _| keys.reverse())?;
            restart_all(stage)
        },
    ),
    event("the signing keys rotate", |stage| {
        Ok(stage.provider.resume()?)
    }),
    event("a worker's module traps again", trap),
    event("people sign in once more", sign_in),
];

const fn event(name: &'static str, happen: fn(&mut Stage) -> Result<()>) -> Event {
    Event { name, happen }
}

impl Event {
    pub(super) fn happen(&self, stage: &mut Stage) -> Result<()> {
        (self.happen)(stage).with_context(|| format!("when {}", self.name))
    }
}

fn restart_all(stage: &mut Stage) -> Result<()> {
    (0..GATEWAYS).try_for_each(|index| stage.restart(index))
}

/// By each gateway, each for the other's users too; a provider that has just returned may be asked again a little later.
fn sign_in(stage: &mut Stage) -> Result<()> {
    for gateway in 0..GATEWAYS {
        let person = wait_until("somebody to sign in", PATIENCE, || {
            stage.sign_in(gateway, "alice").ok()
        })?;
        ensure!(
            person.email == "alice@example.com",
            "signed in as somebody else"
        );
    }
    Ok(())
}

/// Ends the module in a worker of each gateway, and waits until Envoy has started it anew.
fn trap(stage: &mut Stage) -> Result<()> {
    let session = stage
        .people
        .first()
        .context("nobody is signed in")?
        .session();
    for gateway in &stage.gateways {
        let before = reloads(gateway)?;
        wait_until("a trapped module to be started anew", PATIENCE, || {
            // The answer is 503, or the end of the connection; what matters is what others get.
            let _: Option<()> = post(gateway.port(), &session);
            (reloads(gateway).ok()? > before).then_some(())
        })?;
    }
    Ok(())
}

/// A request with a body: where the module traps, and nowhere else.
fn post(port: u16, session: &str) -> Option<()> {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    connection
        .set_read_timeout(Some(Duration::from_secs(5)))
        .ok()?;
    let request = format!(
        "POST /pipeline/ HTTP/1.1\r\nhost: localhost:{port}\r\ncookie: {SESSION}={session}\r\nconnection: close\r\ncontent-length: 4\r\n\r\ntrap"
    );
    connection.write_all(request.as_bytes()).ok()?;
    connection.read(&mut [0; 512]).ok().map(|_| ())
}

/// How often Envoy has started a module anew.
fn reloads(gateway: &Gateway) -> Result<u64> {
    let stats = gateway.admin("/stats")?;
    let lines = stats
        .lines()
        .filter(|line| line.contains("vm_reload_success"));
    let counts = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    Ok(counts.sum())
}
