use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const REGISTRY: GoTool = GoTool {
    name: "registry",
    takes: "about 4 minutes",
    programs: &[(
        "github.com/distribution/distribution/v3/cmd/registry",
        "registry",
    )],
};

/// The OCI registry that most others are made of, compiled from the Go module that `crates/xtask/tools/registry/go.mod` pins.
pub(crate) fn registry() -> Result<PathBuf> {
    Ok(REGISTRY.build()?.join("registry"))
}
