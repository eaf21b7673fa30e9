//! What the kernel says about processes and the machine (proc(5)).

use std::fs;
use std::ops::Sub;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// A moment's readings: of the processes that are watched, and of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// CPU time of the gateway, in nanoseconds.
    pub(crate) gateway: u64,
    /// The same of the gateway that runs beside it.
    pub(crate) base: u64,
    /// CPU time of everything that the gateway asks per request.
    pub(crate) peers: u64,
    /// CPU time of load generator and upstream.
    pub(crate) rig: u64,
    /// What the hypervisor took from this machine, in ticks of all CPUs.
    pub(crate) stolen: u64,
    /// What all processes used.
    pub(crate) busy: u64,
    /// All ticks of all CPUs.
    pub(crate) ticks: u64,
}

/// Nanoseconds of a tick: `USER_HZ` is 100 on every Linux that Envoy runs on.
const TICK: u64 = 10_000_000;

impl Reading {
    /// Of the gateway, one that runs beside it, its peers, and the rig's own processes.
    pub(crate) fn take(
        gateway: u32,
        base: Option<u32>,
        peers: &[u32],
        rig: &[u32],
    ) -> Result<Self> {
        let machine = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
        let sum = |pids: &[u32]| pids.iter().map(|pid| cpu_time(*pid)).sum::<Result<u64>>();
        let reading = Self::of_machine(&machine).context("/proc/stat is not as expected")?;
        Ok(Self {
            gateway: cpu_time(gateway)?,
            base: base.map_or(Ok(0), cpu_time)?,
            peers: sum(peers)?,
            rig: sum(rig)?,
            ..reading
        })
    }

    /// From the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
    fn of_machine(text: &str) -> Option<Self> {
        let numbers = text.lines().next()?.strip_prefix("cpu ")?;
        let numbers: Vec<u64> = numbers
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .take(8)
            .collect();
        let [user, nice, system, idle, wait, irq, softirq, stolen] = numbers.try_into().ok()?;
        let busy = user + nice + system + irq + softirq;
        Some(Self {
            stolen,
            busy,
            ticks: busy + idle + wait + stolen,
            ..Self::default()
        })
    }

    /// The share of the machine that the hypervisor took, in percent.
    pub(crate) fn steal(&self) -> f64 {
        percent(self.stolen, self.ticks)
    }

    /// The share of the machine that programs used that are none of the bench, in percent.
    pub(crate) fn other_load(&self) -> f64 {
        let own = (self.gateway + self.base + self.peers + self.rig) / TICK;
        percent(self.busy.saturating_sub(own), self.ticks)
    }
}

impl Sub for Reading {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            gateway: self.gateway.saturating_sub(before.gateway),
            base: self.base.saturating_sub(before.base),
            peers: self.peers.saturating_sub(before.peers),
            rig: self.rig.saturating_sub(before.rig),
            stolen: self.stolen.saturating_sub(before.stolen),
            busy: self.busy.saturating_sub(before.busy),
            ticks: self.ticks.saturating_sub(before.ticks),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "ticks of one slice are far below 2^52"
)]
fn percent(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / (whole.max(1)) as f64
}

/// CPU time of all threads of a process, in nanoseconds: the clock behind /proc/PID/stat, which shows it in ticks of
/// 10 ms. The kernel has subtracted what the hypervisor took.
fn cpu_time(pid: u32) -> Result<u64> {
    let folder = format!("/proc/{pid}/task");
    let threads = fs::read_dir(&folder).with_context(|| format!("process {pid} has ended"))?;
    let mut sum = 0;
    for thread in threads {
        // A thread that has just ended has no file any more.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        let time = text.split(' ').next().and_then(|it| it.parse().ok());
        sum += time.unwrap_or(0_u64);
    }
    Ok(sum)
}

/// Gives the gateways one CPU and the others all the rest, so that gateways under load in the same moments run at the same speed:
/// of two CPUs of a machine that is shared one can be half as fast as the other. Nothing where there is one CPU only.
pub(crate) fn separate(gateways: &[u32], others: &[u32]) -> Result<()> {
    let all = sched_getaffinity(Pid::this()).context("cannot read which CPUs there are")?;
    let mut cpus = (0..CpuSet::count()).filter(|cpu| all.is_set(*cpu).unwrap_or(false));
    let (Some(first), mut rest) = (cpus.next(), all) else {
        return Ok(());
    };
    if cpus.next().is_none() {
        return Ok(());
    }
    let mut only = CpuSet::new();
    only.set(first)?;
    rest.unset(first)?;
    gateways.iter().try_for_each(|pid| bind(*pid, &only))?;
    others.iter().try_for_each(|pid| bind(*pid, &rest))
}

/// Binds all threads of a process to CPUs; those to come inherit it.
fn bind(pid: u32, cpus: &CpuSet) -> Result<()> {
    let folder = format!("/proc/{pid}/task");
    for thread in fs::read_dir(&folder).with_context(|| format!("process {pid} has ended"))? {
        let name = thread?.file_name();
        let id = name.to_str().and_then(|it| it.parse().ok());
        let id = id.with_context(|| format!("{folder} is not as expected"))?;
        match sched_setaffinity(Pid::from_raw(id), cpus) {
            // A thread that has just ended.
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => return Err(error).context("cannot bind a thread to a CPU"),
        }
    }
    Ok(())
}

/// Memory that a process has in RAM, in KiB.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("process {pid} has ended"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("process {pid} has no VmRSS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steal_is_the_eighth_number_of_the_machine() {
        let text = "cpu  100 0 20 800 10 0 30 40 5 0\ncpu0 1 2 3\n";
        let reading = Reading::of_machine(text).unwrap();
        assert_eq!(
            (reading.stolen, reading.busy, reading.ticks),
            (40, 150, 1000)
        );
        assert!((reading.steal() - 4.0).abs() < 1e-9);
    }

    #[test]
    fn our_own_cpu_time_grows_with_work() {
        let own = std::process::id();
        let before = cpu_time(own).unwrap();
        let mut sum = 0_u64;
        while cpu_time(own).unwrap() <= before + 1_000_000 {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(sum > 0 && resident(own).unwrap() > 0);
    }
}
