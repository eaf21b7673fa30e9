use std::path::PathBuf;

use anyhow::Result;

use super::go::GoTool;

const OAUTH2_PROXY: GoTool = GoTool {
    name: "oauth2-proxy",
    pins: "oauth2-proxy",
    takes: "about a minute",
    programs: &[("github.com/oauth2-proxy/oauth2-proxy/v7", "oauth2-proxy")],
};

/// The program `oauth2-proxy`.
pub(crate) fn oauth2_proxy() -> Result<PathBuf> {
    Ok(OAUTH2_PROXY.build()?.join("oauth2-proxy"))
}
