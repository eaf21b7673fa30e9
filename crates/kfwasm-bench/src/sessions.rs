//! Many cookies of one session, each with a value of its own.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use kfwasm_config::Config;
use kfwasm_oidc::entropy::{Entropy, EntropyFailure};
use kfwasm_oidc::jose::RustCryptoVerifier;
use kfwasm_oidc::shared_data::{NotWritten, SharedData, Version};
use kfwasm_oidc::time::UnixTime;
use kfwasm_oidc::{Host, RelyingParty, Step, header_map};

/// Long enough for a cookie to be renewed, in seconds.
const LATER: u64 = 2 * 3600;

/// Renews the session of this cookie `count` times, as the gateway with this configuration would in two hours: each time
/// the same session is sealed anew.
pub(crate) fn renewals(
    cookie: &str,
    plugin: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    count: usize,
) -> Result<Vec<String>> {
    let config = Config::from_json(plugin.as_bytes())
        .map_err(|problems| anyhow!("the bench's own configuration is refused: {problems:?}"))?;
    let name = config.session.cookie_name.as_str().to_owned();
    let mut party = RelyingParty::new(config, environment)
        .map_err(|problems| anyhow!("the bench's own secrets are refused: {problems:?}"))?;
    let pair = format!("{name}={cookie}");
    let headers = header_map::encode(&[
        (b":method", b"GET"),
        (b":path", b"/"),
        (b"cookie", pair.as_bytes()),
    ]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + LATER;
    let renew = |_| renewal(&mut party, &headers, now).context("a session was not renewed");
    (0..count).map(renew).collect()
}

fn renewal(party: &mut RelyingParty, headers: &[u8], now: u64) -> Option<String> {
    let mut host = Host {
        now: UnixTime(now),
        entropy: &mut OsEntropy,
        shared: &mut NoSharedData,
        signatures: &mut RustCryptoVerifier,
    };
    let head = party.scan(headers).ok()?;
    let Step::Forward(edits) = party.handle_request(&head, &mut host) else {
        return None;
    };
    let (_, value) = edits.renewed_session.as_ref()?.split_once('=')?;
    Some(value.split(';').next()?.to_owned())
}

struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyFailure> {
        getrandom::fill(buffer).map_err(|_| EntropyFailure)
    }
}

/// A signed-in request needs nothing of what workers share.
struct NoSharedData;

impl SharedData for NoSharedData {
    fn get(&mut self, _: &str) -> Option<(Vec<u8>, Version)> {
        None
    }

    fn set(&mut self, _: &str, _: &[u8], _: Option<Version>) -> Result<(), NotWritten> {
        Err(NotWritten)
    }
}
