use std::process;
use std::time::Instant;

use anyhow::Result;
use serde::Serialize;

use crate::args::Pace;
use crate::load::{self, Loop, Target, Window};
use crate::machine::Reading;
use crate::quartiles::quantile;

/// At saturation: as many connections as keep one worker busy.
pub(crate) const SATURATION: Loop = Loop::Closed { connections: 16 };
/// The same for two gateways that share the machine.
pub(crate) const BESIDE: Loop = Loop::Closed { connections: 8 };
/// A rate that every variant can hold on two cores.
pub(crate) const FIXED_RATE: Loop = Loop::Open {
    connections: 16,
    rate: 400,
};

/// A gateway that is measured.
#[derive(Clone, Copy)]
pub(crate) struct Probe<'a> {
    pub(crate) pid: u32,
    /// What it asks at each request.
    pub(crate) peers: &'a [u32],
    pub(crate) target: &'a Target,
}

/// What one measurement of one variant came to, and of the gateway beside it.
///
/// The same machine is twice as fast in one second as in the next, where others share its processors. Two gateways that are under
/// load in the same moments find the same machine.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Figures {
    /// Requests that were answered in the window.
    pub(crate) requests: usize,
    /// Requests per second.
    pub(crate) rate: f64,
    /// CPU time of Envoy per request, in microseconds.
    pub(crate) gateway: f64,
    /// CPU time per request of the gateway beside it, in the same moments; its own when there is none.
    pub(crate) base: f64,
    /// CPU time of what Envoy asks, per request, in microseconds.
    pub(crate) peers: f64,
    /// Half of the requests took at most this many microseconds.
    pub(crate) p50: f64,
    /// 99 of 100 took at most this many.
    pub(crate) p99: f64,
    /// Both of the gateway beside it.
    pub(crate) base_p50: f64,
    pub(crate) base_p99: f64,
    /// What the hypervisor took of the machine, in percent.
    pub(crate) steal: f64,
    /// What programs that are not the bench's used of the machine, in percent.
    pub(crate) other_load: f64,
}

/// Puts a gateway under load for one slice of time, and another one beside it.
pub(crate) fn measure(
    probe: Probe<'_>,
    base: Option<Probe<'_>>,
    kind: Loop,
    pace: Pace,
    upstream: u32,
) -> Result<Figures> {
    let rig = [process::id(), upstream];
    let window = Window::after(pace.lead, pace.slice);
    let targets: Vec<_> = [Some(probe), base].into_iter().flatten().collect();
    let targets: Vec<_> = targets.iter().map(|it| it.target).collect();
    let base = base.map(|it| it.pid);
    let (latencies, before, after) = load::drive(&targets, kind, window, || {
        let reading = Reading::take(probe.pid, base, probe.peers, &rig)?;
        Ok((Instant::now(), reading))
    })?;
    let seconds = (after.0 - before.0).as_secs_f64();
    let sorted: Vec<_> = latencies.iter().map(|it| microseconds(it)).collect();
    let ours = sorted.first().map_or(&[][..], Vec::as_slice);
    let base = sorted.get(1).map(Vec::as_slice);
    Ok(figures(ours, base, after.1 - before.1, seconds))
}

/// In ascending order.
#[expect(
    clippy::cast_precision_loss,
    reason = "nanoseconds of one slice are far below 2^52"
)]
fn microseconds(nanoseconds: &[u64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = nanoseconds.iter().map(|it| *it as f64 / 1000.0).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// From the latencies of both gateways, and the time that was used.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts and nanoseconds of one slice are far below 2^52"
)]
fn figures(ours: &[f64], base: Option<&[f64]>, used: Reading, seconds: f64) -> Figures {
    let each =
        |nanoseconds: u64, requests: usize| nanoseconds as f64 / 1000.0 / requests.max(1) as f64;
    let gateway = each(used.gateway, ours.len());
    let beside = base.unwrap_or(ours);
    Figures {
        requests: ours.len(),
        rate: ours.len() as f64 / seconds,
        gateway,
        base: base.map_or(gateway, |it| each(used.base, it.len())),
        peers: each(used.peers, ours.len()),
        p50: quantile(ours, 0.5),
        p99: quantile(ours, 0.99),
        base_p50: quantile(beside, 0.5),
        base_p99: quantile(beside, 0.99),
        steal: used.steal(),
        other_load: used.other_load(),
    }
}
