use anyhow::Result;
use kfwasm_cluster_rig::IstioPrograms;

use super::go::GoTool;

const CONTROL_PLANE: GoTool = GoTool {
    name: "istio",
    pins: "cluster",
    takes: "about 4 minutes",
    programs: &[
        (
            "istio.io/istio/pilot/cmd/pilot-discovery",
            "pilot-discovery",
        ),
        ("istio.io/istio/pilot/cmd/pilot-agent", "pilot-agent"),
    ],
};

/// Istio's control plane and the agent of its gateways, built from the Go module that `crates/xtask/tools/cluster/go.mod` pins.
pub(crate) fn istio() -> Result<IstioPrograms> {
    let folder = CONTROL_PLANE.build()?;
    let module = CONTROL_PLANE.module("istio.io/istio")?;
    Ok(IstioPrograms {
        discovery: folder.join("pilot-discovery"),
        agent: folder.join("pilot-agent"),
        bootstrap: module.join("tools/packaging/common/envoy_bootstrap.json"),
    })
}
