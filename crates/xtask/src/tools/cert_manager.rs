use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const CERT_MANAGER: GoTool = GoTool {
    name: "cert-manager",
    pins: "cert-manager",
    takes: "about 3 minutes",
    programs: &[
        (
            "github.com/cert-manager/cert-manager/cmd/controller",
            "controller",
        ),
        (
            "github.com/cert-manager/cert-manager/cmd/acmesolver",
            "acmesolver",
        ),
    ],
};

/// The folder of cert-manager's controller, and of what it lets answer ACME challenges.
pub(super) fn cert_manager() -> Result<PathBuf> {
    CERT_MANAGER.build()
}
