use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const PEBBLE: GoTool = GoTool {
    name: "pebble",
    pins: "pebble",
    takes: "about 10 seconds",
    programs: &[("github.com/letsencrypt/pebble/v2/cmd/pebble", "pebble")],
};

/// The authority that Let's Encrypt tests ACME clients with, from the Go module that `crates/xtask/tools/pebble/go.mod` pins.
pub(crate) fn pebble() -> Result<PathBuf> {
    Ok(PEBBLE.build()?.join("pebble"))
}
