//! What kfwasm is compared with first: Envoy without a filter, and with one that does nothing.

use anyhow::Result;
use kfwasm_rig::{FailurePolicy, Proxy, WasmFilter};

use super::request::request;
use super::stage::{Stage, part};
use crate::load::Target;
use crate::subject::Subject;

type Name<'a> = (&'static str, &'a str);

pub(super) fn none(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, None)
}

pub(super) fn empty(name: Name<'_>, stage: &Stage) -> Result<Subject> {
    start(name, stage, Some("KFWASM_BENCH_EMPTY"))
}

fn start(name: Name<'_>, stage: &Stage, module: Option<&str>) -> Result<Subject> {
    let mut settings = stage.proxy()?;
    settings.wasm = module.map(empty_filter).transpose()?;
    let proxy = Proxy::start(&stage.parts.envoy, settings)?;
    let requests = vec![request(&proxy.authority(), "")];
    let target = Target::new(proxy.port(), requests, "-");
    Subject::new(name, proxy, Vec::new(), target, None)
}

/// A filter that does nothing, from the module that this variable names.
pub(crate) fn empty_filter(variable: &str) -> Result<WasmFilter> {
    Ok(WasmFilter {
        name: "empty".to_owned(),
        module: part(variable)?,
        configuration: String::new(),
        failure_policy: FailurePolicy::FailReload,
        forbidden: Vec::new(),
        environment: Vec::new(),
    })
}
