use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::machine;
use crate::measure::Figures;
use crate::quartiles::Quartiles;
use crate::rounds::Measured;
use crate::subject::Subject;

/// What a run came to, as it stands in latest.json.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    /// Variants that could not be measured here, and why.
    pub(crate) absent: Vec<Absent>,
    pub(crate) rounds: usize,
    pub(crate) seconds: u64,
}

/// A variant that could not be measured here.
#[derive(Serialize)]
pub(crate) struct Absent {
    pub(crate) title: String,
    pub(crate) reason: String,
}

/// One variant. Times in microseconds, shares in percent.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    /// CPU time of Envoy per request at saturation.
    pub(crate) gateway: Quartiles,
    /// The same above that of no filter in the same round.
    pub(crate) added_gateway: Quartiles,
    /// CPU time of what Envoy asks, per request at saturation.
    pub(crate) peers: Quartiles,
    /// CPU time of both above that of no filter in the same round.
    pub(crate) added_cpu: Quartiles,
    /// The same at the fixed rate.
    pub(crate) added_cpu_fixed_rate: Quartiles,
    /// Requests per second at saturation.
    pub(crate) rate: Quartiles,
    /// Latency at the fixed rate.
    pub(crate) p50: Quartiles,
    pub(crate) p99: Quartiles,
    /// Latency above that of no filter in the same round.
    pub(crate) added_p50: Quartiles,
    pub(crate) added_p99: Quartiles,
    /// Memory of Envoy and of what it asks, in KiB, after the last round.
    pub(crate) memory: u64,
    pub(crate) steal: Quartiles,
    pub(crate) other_load: Quartiles,
    /// Every single measurement, in the order of the rounds.
    pub(crate) at_saturation: Vec<Figures>,
    pub(crate) at_fixed_rate: Vec<Figures>,
}

impl Row {
    pub(crate) fn of(subject: &Subject, measured: Measured) -> Result<Self> {
        let Measured { closed, open } = measured;
        let both = || closed.iter().chain(&open);
        let mut memory = machine::resident(subject.proxy.pid())?;
        for pid in subject.peers() {
            memory += machine::resident(pid)?;
        }
        let nothing = Quartiles::default();
        Ok(Self {
            name: subject.name,
            title: subject.title.clone(),
            gateway: Quartiles::of(closed.iter().map(|it| it.gateway)),
            peers: Quartiles::of(closed.iter().map(|it| it.peers)),
            rate: Quartiles::of(closed.iter().map(|it| it.rate)),
            p50: Quartiles::of(open.iter().map(|it| it.p50)),
            p99: Quartiles::of(open.iter().map(|it| it.p99)),
            memory,
            steal: Quartiles::of(both().map(|it| it.steal)),
            other_load: Quartiles::of(both().map(|it| it.other_load)),
            added_gateway: nothing,
            added_cpu: nothing,
            added_cpu_fixed_rate: nothing,
            added_p50: nothing,
            added_p99: nothing,
            at_saturation: closed,
            at_fixed_rate: open,
        })
    }

    /// Compares it, round by round, with no filter.
    fn compare(&mut self, closed: &[Figures], open: &[Figures]) {
        self.added_gateway = added(&self.at_saturation, closed, |it| it.gateway);
        self.added_cpu = added(&self.at_saturation, closed, Figures::cpu);
        self.added_cpu_fixed_rate = added(&self.at_fixed_rate, open, Figures::cpu);
        self.added_p50 = added(&self.at_fixed_rate, open, |it| it.p50);
        self.added_p99 = added(&self.at_fixed_rate, open, |it| it.p99);
    }
}

fn added(ours: &[Figures], nones: &[Figures], of: impl Fn(&Figures) -> f64) -> Quartiles {
    Quartiles::of(ours.iter().zip(nones).map(|(it, none)| of(it) - of(none)))
}

/// What a variant is compared with: no filter, and where its cookies are large, no filter with the same cookies.
pub(crate) fn base_of(name: &str) -> &'static str {
    match name {
        "groups-200" => "none-groups-200",
        _ => "none",
    }
}

/// What was measured of the base of a variant, at saturation and at the fixed rate.
fn base(name: &str, rows: &[Row]) -> (Vec<Figures>, Vec<Figures>) {
    let find = |name: &str| rows.iter().find(|row| row.name == name);
    let base = find(base_of(name)).or_else(|| find("none"));
    base.map_or_else(Default::default, |row| {
        (row.at_saturation.clone(), row.at_fixed_rate.clone())
    })
}

impl Report {
    pub(crate) fn new(mut rows: Vec<Row>, absent: Vec<Absent>, elapsed: Duration) -> Self {
        let bases: Vec<_> = rows.iter().map(|row| base(row.name, &rows)).collect();
        for (row, (closed, open)) in rows.iter_mut().zip(&bases) {
            row.compare(closed, open);
        }
        Self {
            rounds: bases.first().map_or(0, |(closed, _)| closed.len()),
            rows,
            absent,
            seconds: elapsed.as_secs(),
        }
    }

    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}
