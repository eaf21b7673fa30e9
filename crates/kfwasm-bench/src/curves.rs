//! How the cost of a signed-in request grows with the request, the configuration and the number of people.
//!
//! Each point is measured beside the same request without a filter, so that what Envoy itself pays for more headers is not
//! counted twice. The points of all curves are visited in rounds of shuffled order.

mod plot;
mod points;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::args::{Pace, RunArgs};
use crate::load::{self, Target, Window};
use crate::measure::{self, BESIDE, SATURATION, measure};
use crate::quartiles::Quartiles;
use crate::rounds::progress;
use crate::variants::Stage;
use crate::{docs, machine};

/// Something that can be put under load: a gateway's process, and what is sent to it.
pub(crate) struct Probe {
    pid: u32,
    target: Target,
}

/// One point of a curve.
pub(crate) struct Point {
    curve: &'static str,
    x: usize,
    ours: Probe,
    none: Probe,
}

/// What a point came to, in microseconds of Envoy's CPU time per request.
#[derive(Serialize)]
pub(crate) struct Cost {
    pub(crate) curve: &'static str,
    pub(crate) x: usize,
    /// Without a filter.
    pub(crate) none: Quartiles,
    /// What kfwasm adds, with the filter that demands its mark.
    pub(crate) added: Quartiles,
}

/// Measures every curve, prints the table and writes the files.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    let stage = Stage::start()?;
    let pace = args.pace().for_curves();
    let gateways = points::start(&stage, pace)?;
    let probes = gateways.points.iter().flat_map(|it| [&it.ours, &it.none]);
    let pids: Vec<_> = probes.map(|it| it.pid).collect();
    machine::separate(&pids, &[std::process::id(), stage.upstream.pid()])?;
    for (index, point) in gateways.points.iter().enumerate() {
        progress("warming up", point.curve, index, gateways.points.len());
        point.warm_up(pace)?;
    }
    let costs = measure_all(&gateways.points, pace, stage.upstream.pid())?;
    println!("{}", text(&costs));
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot create {}", args.out.display()))?;
    let write = |name: &str, content: &str| {
        let file = args.out.join(name);
        std::fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
    };
    write("curves.json", &serde_json::to_string_pretty(&costs)?)?;
    write("curves.svg", &plot::svg(&costs))?;
    if args.docs {
        docs::write_curves(&text(&costs), &plot::svg(&costs))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure_all(points: &[Point], pace: Pace, upstream: u32) -> Result<Vec<Cost>> {
    let mut measured: Vec<(Vec<f64>, Vec<f64>)> =
        points.iter().map(|_| Default::default()).collect();
    let mut turns: Vec<usize> = (0..points.len()).collect();
    let all = pace.rounds * turns.len();
    for round in 0..pace.rounds {
        fastrand::shuffle(&mut turns);
        for (turn, index) in turns.iter().enumerate() {
            if let (Some(point), Some((none, share))) =
                (points.get(*index), measured.get_mut(*index))
            {
                progress("measuring", point.curve, round * turns.len() + turn, all);
                let (ours, base) = (point.ours.as_measured(), point.none.as_measured());
                let figures = measure(ours, Some(base), BESIDE, pace, upstream)?;
                none.push(figures.base);
                share.push(figures.gateway / figures.base - 1.0);
            }
        }
    }
    progress("measured", "", all, all);
    eprintln!();
    let costs = points.iter().zip(measured);
    Ok(costs
        .map(|(point, measured)| point.cost(measured))
        .collect())
}

impl Point {
    fn warm_up(&self, pace: Pace) -> Result<()> {
        for probe in [&self.none, &self.ours] {
            let window = Window::after(pace.lead, Duration::ZERO);
            load::drive(&[&probe.target], SATURATION, window, || Ok(())).with_context(|| {
                format!("{} of {} does not do what it should", self.x, self.curve)
            })?;
        }
        Ok(())
    }

    /// From the costs without a filter, and from what kfwasm adds as a share of each.
    fn cost(&self, (none, share): (Vec<f64>, Vec<f64>)) -> Cost {
        let none = Quartiles::of(none);
        Cost {
            curve: self.curve,
            x: self.x,
            none,
            added: Quartiles::of(share.into_iter().map(|it| it * none.median)),
        }
    }
}

impl Probe {
    const fn as_measured(&self) -> measure::Probe<'_> {
        measure::Probe {
            pid: self.pid,
            peers: &[],
            target: &self.target,
        }
    }
}

/// A table in Markdown.
fn text(costs: &[Cost]) -> String {
    let head = "| what there is more of | how many | Envoy without a filter, µs | added: median (quartiles) |\n|---|---|---|---|\n";
    let lines = costs.iter().map(|cost| {
        let Quartiles { low, median, high } = cost.added;
        format!(
            "| {} | {} | {:.1} | {median:+.1} ({low:+.1} to {high:+.1}) |\n",
            cost.curve, cost.x, cost.none.median
        )
    });
    [head.to_owned(), lines.collect()].concat()
}
