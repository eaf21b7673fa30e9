use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const CONTROLLER: GoTool = GoTool {
    name: "cert-manager",
    takes: "about 3 minutes",
    programs: &[(
        "github.com/cert-manager/cert-manager/cmd/controller",
        "controller",
    )],
};

/// cert-manager's controller.
pub(super) fn cert_manager() -> Result<PathBuf> {
    Ok(CONTROLLER.build()?.join("controller"))
}
