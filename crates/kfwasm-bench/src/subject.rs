use std::sync::atomic::Ordering;

use anyhow::{Result, ensure};
use kfwasm_rig::{Process, Proxy};

use crate::load::Target;
use crate::measure::Probe;

/// A variant that runs and can be put under load.
pub(crate) struct Subject {
    /// Its name in the results.
    pub(crate) name: &'static str,
    /// What it is, for people.
    pub(crate) title: String,
    /// Its gateway.
    pub(crate) proxy: Proxy,
    /// What the gateway asks at each request.
    pub(crate) helpers: Vec<Process>,
    /// What is sent to it.
    pub(crate) target: Target,
    /// A counter of its filter that must count every request.
    pub(crate) counter: Option<&'static str>,
    /// What the counters said before the first request.
    before: Counts,
}

/// What Envoy's counters say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    answered: u64,
    filtered: u64,
}

/// Envoy's counter of 2xx answers.
const ANSWERED: &str = "http.gateway.downstream_rq_2xx";

impl Subject {
    /// One whose counters count from now.
    pub(crate) fn new(
        (name, title): (&'static str, &str),
        proxy: Proxy,
        helpers: Vec<Process>,
        target: Target,
        counter: Option<&'static str>,
    ) -> Result<Self> {
        let mut subject = Self {
            name,
            title: title.to_owned(),
            proxy,
            helpers,
            target,
            counter,
            before: Counts::default(),
        };
        subject.before = subject.counts()?;
        Ok(subject)
    }

    /// The processes that the gateway asks at each request.
    pub(crate) fn peers(&self) -> Vec<u32> {
        self.helpers.iter().map(Process::pid).collect()
    }

    /// What is measured of it, with the processes that it asks.
    pub(crate) fn probe<'a>(&'a self, peers: &'a [u32]) -> Probe<'a> {
        Probe {
            pid: self.proxy.pid(),
            peers,
            target: &self.target,
        }
    }

    fn counts(&self) -> Result<Counts> {
        let filtered = self.counter.map_or(Ok(0), |name| self.proxy.stat(name));
        Ok(Counts {
            answered: self.proxy.stat(ANSWERED)?,
            filtered: filtered?,
        })
    }

    /// Makes sure that Envoy and the filter have counted exactly the requests that were sent.
    pub(crate) fn check_counters(&self) -> Result<()> {
        let sent = self.target.answers.load(Ordering::Relaxed);
        let now = self.counts()?;
        let answered = now.answered.saturating_sub(self.before.answered);
        ensure!(
            answered == sent,
            "{}: {sent} requests were sent, and Envoy counted {answered} answers of 2xx",
            self.name
        );
        let filtered = now.filtered.saturating_sub(self.before.filtered);
        ensure!(
            self.counter.is_none() || filtered == sent,
            "{}: {sent} requests were sent, and the filter counted {filtered}",
            self.name
        );
        Ok(())
    }
}
