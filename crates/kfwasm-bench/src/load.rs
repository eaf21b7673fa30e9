//! Requests on kept-alive connections, one thread each, every answer checked.
//!
//! Closed loop: each connection sends its next request when it has its answer. Open loop: each request has a time at
//! which it is due, and its latency counts from then, also when the connection was still busy: what a stall does to those
//! who wait behind it is counted (no coordinated omission).

mod connection;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

pub(crate) use connection::Connection;

/// What is sent, where to, and what must come back.
pub(crate) struct Target {
    /// The gateway's port.
    pub(crate) port: u16,
    /// Whole requests, sent one after the other, and again from the start.
    pub(crate) requests: Vec<Vec<u8>>,
    /// Whom the upstream must have seen.
    pub(crate) saw: String,
    /// Which request is next, over all measurements.
    pub(crate) next: AtomicUsize,
    /// How many answers there were, over all measurements.
    pub(crate) answers: AtomicU64,
}

/// When the next request of a connection is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loop {
    /// When the answer is there.
    Closed {
        /// How many connections.
        connections: u32,
    },
    /// At times that are set beforehand.
    Open {
        /// How many connections.
        connections: u32,
        /// Requests a second, on all connections together.
        rate: u32,
    },
}

/// A part of time in which answers count.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) begin: Instant,
    pub(crate) end: Instant,
}

impl Window {
    /// One that begins after `lead` and lasts for `length`.
    pub(crate) fn after(lead: Duration, length: Duration) -> Self {
        let begin = Instant::now() + lead;
        Self {
            begin,
            end: begin + length,
        }
    }
}

/// Sends requests to all targets at once from now to the window's end, and calls `at` at its begin and at its end.
///
/// Returns the latencies of answers that came within the window, in nanoseconds, by target, and both values of `at`.
pub(crate) fn drive<T>(
    targets: &[&Target],
    kind: Loop,
    window: Window,
    mut at: impl FnMut() -> Result<T>,
) -> Result<(Vec<Vec<u64>>, T, T)> {
    let connections = match kind {
        Loop::Closed { connections } | Loop::Open { connections, .. } => connections,
    };
    thread::scope(|scope| {
        let start = Instant::now();
        let begin = |target| {
            let schedules = (0..connections).map(move |index| Schedule::of(kind, index, start));
            let threads = schedules.map(|it| scope.spawn(move || send(target, it, window)));
            threads.collect::<Vec<_>>()
        };
        let threads: Vec<_> = targets.iter().map(|target| begin(*target)).collect();
        thread::sleep(window.begin.saturating_duration_since(Instant::now()));
        let before = at();
        thread::sleep(window.end.saturating_duration_since(Instant::now()));
        let after = at();
        let latencies = threads.into_iter().map(join).collect::<Result<_>>()?;
        Ok((latencies, before?, after?))
    })
}

/// The latencies of all connections to one target.
fn join(threads: Vec<thread::ScopedJoinHandle<'_, Result<Vec<u64>>>>) -> Result<Vec<u64>> {
    let mut latencies = Vec::new();
    for thread in threads {
        match thread.join() {
            Ok(of_one) => latencies.extend(of_one?),
            Err(_) => bail!("a thread of the load generator ended early"),
        }
    }
    Ok(latencies)
}

/// When one connection sends.
#[derive(Clone, Copy)]
struct Schedule {
    due: Instant,
    /// Nothing: at once.
    period: Option<Duration>,
}

impl Schedule {
    fn of(kind: Loop, index: u32, start: Instant) -> Self {
        let Loop::Open { connections, rate } = kind else {
            return Self {
                due: start,
                period: None,
            };
        };
        let between = Duration::from_secs(1) / rate.max(1);
        Self {
            due: start + between * index,
            period: Some(between * connections),
        }
    }

    /// Waits until the next request is due, and returns from when its latency counts.
    fn wait(&mut self) -> Instant {
        let now = Instant::now();
        let Some(period) = self.period else {
            return now;
        };
        let due = self.due;
        self.due += period;
        thread::sleep(due.saturating_duration_since(now));
        due
    }
}

/// How much longer requests are sent: the CPU time of a thread that has ended is not seen any more.
const LINGER: Duration = Duration::from_millis(30);

fn send(target: &Target, mut schedule: Schedule, window: Window) -> Result<Vec<u64>> {
    // The kernel may wake a sleeper 50 µs late unless it is told that this matters.
    nix::sys::prctl::set_timerslack(1).context("cannot set the timer slack")?;
    let mut connection = target.connect()?;
    let mut latencies = Vec::new();
    loop {
        let begin = schedule.wait();
        if begin >= window.end + LINGER {
            return Ok(latencies);
        }
        target.ask(&mut connection)?;
        let end = Instant::now();
        if end >= window.begin && end < window.end {
            let latency = end.saturating_duration_since(begin).as_nanos();
            latencies.push(u64::try_from(latency).unwrap_or(u64::MAX));
        }
    }
}

impl Target {
    /// One that sends these requests.
    pub(crate) fn new(port: u16, requests: Vec<Vec<u8>>, saw: &str) -> Self {
        Self {
            port,
            requests,
            saw: saw.to_owned(),
            next: AtomicUsize::new(0),
            answers: AtomicU64::new(0),
        }
    }

    /// Sends so many requests, one after the other, on a connection of their own.
    pub(crate) fn send(&self, count: u32) -> Result<()> {
        let mut connection = self.connect()?;
        (0..count).try_for_each(|_| self.ask(&mut connection))
    }

    /// A connection of its own.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))
    }

    /// Sends the next request and waits for its answer.
    pub(crate) fn ask(&self, connection: &mut Connection) -> Result<()> {
        connection.ask(self.next_request(), &self.saw)?;
        self.answers.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn next_request(&self) -> &[u8] {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let index = next.checked_rem(self.requests.len()).unwrap_or_default();
        self.requests.get(index).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_an_open_loop_are_due_evenly_over_all_connections() {
        let start = Instant::now() - Duration::from_secs(60);
        let kind = Loop::Open {
            connections: 2,
            rate: 100,
        };
        let mut due: Vec<_> = (0..2)
            .flat_map(|index| {
                let mut schedule = Schedule::of(kind, index, start);
                [schedule.wait(), schedule.wait()]
            })
            .map(|due| (due - start).as_millis())
            .collect();
        due.sort_unstable();
        assert_eq!(due, [0, 10, 20, 30]);
    }
}
