use std::process;
use std::time::Instant;

use anyhow::Result;
use serde::Serialize;

use crate::args::Pace;
use crate::load::{self, Loop, Target, Window};
use crate::machine::Reading;
use crate::quartiles::quantile;
use crate::subject::Subject;

/// At saturation: as many connections as keep one worker busy.
pub(crate) const SATURATION: Loop = Loop::Closed { connections: 16 };
/// A rate that every variant can hold on two cores.
pub(crate) const FIXED_RATE: Loop = Loop::Open {
    connections: 16,
    rate: 400,
};

/// What one measurement of one variant came to.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Figures {
    /// Requests that were answered in the window.
    pub(crate) requests: usize,
    /// Requests per second.
    pub(crate) rate: f64,
    /// CPU time of Envoy per request, in microseconds.
    pub(crate) gateway: f64,
    /// CPU time of what Envoy asks, per request, in microseconds.
    pub(crate) peers: f64,
    /// Half of the requests took at most this many microseconds.
    pub(crate) p50: f64,
    /// 99 of 100 took at most this many.
    pub(crate) p99: f64,
    /// What the hypervisor took of the machine, in percent.
    pub(crate) steal: f64,
    /// What programs that are not the bench's used of the machine, in percent.
    pub(crate) other_load: f64,
}

impl Figures {
    /// CPU time of Envoy and of what it asks, per request, in microseconds.
    pub(crate) fn cpu(&self) -> f64 {
        self.gateway + self.peers
    }
}

/// Puts one variant under load for one slice of time.
pub(crate) fn measure(subject: &Subject, kind: Loop, pace: Pace, upstream: u32) -> Result<Figures> {
    let (pid, peers) = (subject.proxy.pid(), subject.peers());
    measure_at(pid, &peers, &subject.target, kind, pace, upstream)
}

/// The same for a gateway by its process.
pub(crate) fn measure_at(
    pid: u32,
    peers: &[u32],
    target: &Target,
    kind: Loop,
    pace: Pace,
    upstream: u32,
) -> Result<Figures> {
    let rig = [process::id(), upstream];
    let window = Window::after(pace.lead, pace.slice);
    let (latencies, before, after) = load::drive(target, kind, window, || {
        Ok((Instant::now(), Reading::take(pid, peers, &rig)?))
    })?;
    let seconds = (after.0 - before.0).as_secs_f64();
    Ok(figures(&latencies, after.1 - before.1, seconds))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and nanoseconds of one slice are far below 2^52"
)]
fn figures(latencies: &[u64], used: Reading, seconds: f64) -> Figures {
    let mut sorted: Vec<f64> = latencies.iter().map(|it| *it as f64 / 1000.0).collect();
    sorted.sort_by(f64::total_cmp);
    let requests = latencies.len();
    let each = |nanoseconds: u64| nanoseconds as f64 / 1000.0 / requests.max(1) as f64;
    Figures {
        requests,
        rate: requests as f64 / seconds,
        gateway: each(used.gateway),
        peers: each(used.peers),
        p50: quantile(&sorted, 0.5),
        p99: quantile(&sorted, 0.99),
        steal: used.steal(),
        other_load: used.other_load(),
    }
}
