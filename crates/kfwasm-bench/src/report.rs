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
    /// The same above that of no filter in the same moments, on a machine as fast as it was in the median.
    pub(crate) added_gateway: Quartiles,
    /// CPU time of what Envoy asks, per request at saturation, on that machine.
    pub(crate) peers: Quartiles,
    /// Both together.
    pub(crate) added_cpu: Quartiles,
    /// Requests per second at saturation, with the machine to itself.
    pub(crate) rate: Quartiles,
    /// Latency at the fixed rate.
    pub(crate) p50: Quartiles,
    pub(crate) p99: Quartiles,
    /// Latency above that of no filter in the same moments.
    pub(crate) added_p50: Quartiles,
    pub(crate) added_p99: Quartiles,
    /// Memory of Envoy and of what it asks, in KiB, after the last round.
    pub(crate) memory: u64,
    pub(crate) steal: Quartiles,
    pub(crate) other_load: Quartiles,
    /// Every single measurement, in the order of the rounds.
    pub(crate) at_saturation: Vec<Figures>,
    pub(crate) beside_no_filter: Vec<Figures>,
    pub(crate) at_fixed_rate: Vec<Figures>,
}

impl Row {
    pub(crate) fn of(subject: &Subject, measured: Measured) -> Result<Self> {
        let Measured {
            alone,
            beside,
            fixed_rate,
        } = measured;
        let all = || alone.iter().chain(&beside).chain(&fixed_rate);
        let mut memory = machine::resident(subject.proxy.pid())?;
        for pid in subject.peers() {
            memory += machine::resident(pid)?;
        }
        let of =
            |figures: &[Figures], of: fn(&Figures) -> f64| Quartiles::of(figures.iter().map(of));
        Ok(Self {
            name: subject.name,
            title: subject.title.clone(),
            gateway: of(&beside, |it| it.gateway),
            rate: of(&alone, |it| it.rate),
            p50: of(&fixed_rate, |it| it.p50),
            p99: of(&fixed_rate, |it| it.p99),
            added_p50: of(&fixed_rate, |it| it.p50 - it.base_p50),
            added_p99: of(&fixed_rate, |it| it.p99 - it.base_p99),
            memory,
            steal: Quartiles::of(all().map(|it| it.steal)),
            other_load: Quartiles::of(all().map(|it| it.other_load)),
            peers: Quartiles::default(),
            added_gateway: Quartiles::default(),
            added_cpu: Quartiles::default(),
            at_saturation: alone,
            beside_no_filter: beside,
            at_fixed_rate: fixed_rate,
        })
    }

    /// Sets what is said of a machine on which a request without a filter costs so many microseconds.
    fn scale(&mut self, base: f64) {
        let scaled = |of: fn(&Figures) -> f64| {
            let figures = self.beside_no_filter.iter();
            Quartiles::of(figures.map(|it| of(it) / it.base * base))
        };
        self.added_gateway = scaled(|it| it.gateway - it.base);
        self.peers = scaled(|it| it.peers);
        self.added_cpu = scaled(|it| it.gateway - it.base + it.peers);
    }
}

/// What a request costs in the median of all moments without the filters of the variants that have this base.
fn cost_of(base: &str, rows: &[Row]) -> f64 {
    let rows = rows.iter().filter(|row| base_of(row.name) == base);
    let figures = rows.flat_map(|row| &row.beside_no_filter);
    Quartiles::of(figures.map(|it| it.base)).median
}

/// What a variant is compared with: no filter, and where its cookies are large, no filter with the same cookies.
pub(crate) fn base_of(name: &str) -> &'static str {
    match name {
        "groups-200" => "none-groups-200",
        _ => "none",
    }
}

impl Report {
    pub(crate) fn new(mut rows: Vec<Row>, absent: Vec<Absent>, elapsed: Duration) -> Self {
        let costs: Vec<_> = rows
            .iter()
            .map(|row| cost_of(base_of(row.name), &rows))
            .collect();
        for (row, cost) in rows.iter_mut().zip(costs) {
            row.scale(cost);
        }
        Self {
            rounds: rows.first().map_or(0, |row| row.at_saturation.len()),
            rows,
            absent,
            seconds: elapsed.as_secs(),
        }
    }

    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}
