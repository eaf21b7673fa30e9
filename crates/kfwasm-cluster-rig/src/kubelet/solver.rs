//! What answers an ACME challenge (RFC 8555 §8.3): cert-manager makes a pod for each.

use std::ffi::OsStr;

use kfwasm_rig::{RigError, claim_port};
use serde_json::Value;

use super::container::{Health, Prepared};
use super::node::Node;
use super::pod::Pod;
use super::sandbox::Sandbox;

/// It is told all by its arguments. Its port is cert-manager's own, so that a machine has one at a time.
pub(super) fn prepare(node: &Node, pod: &Pod) -> Result<Prepared, RigError> {
    claim_port(pod.port())?;
    let folder = node.folder.join(pod.uid());
    let sandbox = Sandbox::of(&folder, pod, Vec::new())?;
    let arguments = pod.arguments();
    let arguments: Vec<_> = arguments.iter().map(OsStr::new).collect();
    let mut command = sandbox.command(&node.solver, &arguments);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Ok(Prepared {
        command,
        log: folder.join("solver.log"),
        health: Health {
            port: pod.port(),
            path: "/healthz",
        },
        annotations: Value::Null,
    })
}
