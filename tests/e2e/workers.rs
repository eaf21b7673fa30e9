//! Whether the module lives, on every worker.

use kfwasm_rig::{Gateway, Rig, RigError, UserAgent};

use crate::stage::Shown;

/// Connections enough that each of two workers gets some: Linux spreads them by a hash of the address.
const CONNECTIONS: usize = 40;
/// What Envoy and the SDK write when a module has trapped.
const LAST_WORDS: [&str; 5] = [
    "panicked",
    "proxy_on_",
    "wasm vm failed",
    "unreachable",
    "plugin failed",
];

/// Asserts that both workers answer well and that no module has ended since Envoy started.
pub(crate) fn assert_workers_serve(rig: &Rig) -> Shown {
    assert_gateway_serves(&rig.gateway)
}

/// The same for a gateway that is not the rig's.
pub(crate) fn assert_gateway_serves(gateway: &Gateway) -> Shown {
    let before = connections(gateway)?;
    for _ in 0..CONNECTIONS {
        let page = UserAgent::new().visit(&format!("{}/public/alive", gateway.address()))?;
        assert_eq!(page.status, 200, "{}", page.text());
    }
    let after = connections(gateway)?;
    let served = before.iter().zip(&after).filter(|(old, new)| old < new);
    assert_eq!(served.count(), 2, "{before:?} {after:?}");
    assert_no_module_ended(gateway)
}

/// How many connections each worker has accepted.
fn connections(gateway: &Gateway) -> Result<[u64; 2], RigError> {
    let port = gateway.port();
    let of = |worker: u8| {
        gateway.stat(&format!(
            "listener.127.0.0.1_{port}.worker_{worker}.downstream_cx_total"
        ))
    };
    Ok([of(0)?, of(1)?])
}

fn assert_no_module_ended(gateway: &Gateway) -> Shown {
    let stats = gateway.admin("/stats")?;
    let bad = stats.lines().find(|line| {
        let counts = line.contains("vm_reload") || line.contains("wasm_fail");
        counts && !line.ends_with(": 0")
    });
    assert_eq!(bad, None);
    let lines = gateway.log().lines();
    let words = |line: &&String| {
        let line = line.to_ascii_lowercase();
        LAST_WORDS.iter().any(|word| line.contains(word))
    };
    assert_eq!(lines.iter().find(words), None);
    Ok(())
}
