use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const KUSTOMIZE: GoTool = GoTool {
    name: "kustomize",
    pins: "kustomize",
    takes: "about a minute",
    programs: &[("sigs.k8s.io/kustomize/kustomize/v5", "kustomize")],
};

/// The program `kustomize`.
pub(crate) fn kustomize() -> Result<PathBuf> {
    Ok(KUSTOMIZE.build()?.join("kustomize"))
}
