use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const REGISTRY: GoTool = GoTool {
    name: "registry",
    pins: "cluster",
    takes: "about a minute",
    programs: &[("kfwasm/tools/cluster/registry", "registry")],
};

/// The OCI registry that most others are made of, compiled from the Go module of `crates/xtask/tools/cluster`.
pub(crate) fn registry() -> Result<PathBuf> {
    Ok(REGISTRY.build()?.join("registry"))
}
