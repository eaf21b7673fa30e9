use std::path::PathBuf;
use std::process::Command;

use kfwasm_rig::{Log, Process, RigError, exchange};
use serde_json::Value;

use super::node::Node;
use super::pod::{Pod, Workload};
use super::{agent, solver};
use crate::Api;

const ADVICE: &str = "install util-linux, which has unshare";

/// A pod's running program.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) name: String,
    /// What is known of the pod once it runs.
    pub(super) annotations: Value,
    health: Health,
    process: Process,
}

/// Where a program says whether it is ready.
#[derive(Clone, Copy, Debug)]
pub(super) struct Health {
    pub(super) port: u16,
    pub(super) path: &'static str,
}

/// A program that is to be started.
pub(super) struct Prepared {
    pub(super) command: Command,
    pub(super) log: PathBuf,
    pub(super) health: Health,
    pub(super) annotations: Value,
}

impl Container {
    /// Makes its files and starts it.
    pub(super) fn start(
        api: &Api,
        node: &Node,
        pod: &Pod,
        workload: Workload,
        address: &str,
    ) -> Result<Self, RigError> {
        let prepared = match workload {
            Workload::Gateway => agent::prepare(api, node, pod, address)?,
            Workload::Solver => solver::prepare(node, pod)?,
        };
        Ok(Self {
            name: pod.name().to_owned(),
            annotations: prepared.annotations,
            health: prepared.health,
            process: Process::start(prepared.command, prepared.log, ADVICE)?,
        })
    }

    /// By what it says of itself.
    pub(super) fn is_ready(&self) -> bool {
        let Health { port, path } = self.health;
        let authority = format!("127.0.0.1:{port}");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        exchange(&authority, request.as_bytes()).is_ok_and(|answer| answer.status == 200)
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    pub(super) fn log(&self) -> Log {
        self.process.log().clone()
    }
}
