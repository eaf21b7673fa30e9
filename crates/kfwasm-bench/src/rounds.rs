//! The whole run.

use std::io::{IsTerminal, Write, stderr};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::args::{Pace, RunArgs};
use crate::load::{self, Window};
use crate::measure::{BESIDE, FIXED_RATE, Figures, SATURATION, measure};
use crate::report::{Report, Row, base_of};
use crate::subject::Subject;
use crate::variants::{self, Stage};
use crate::{bounds, docs, machine, plot, table, validity};

/// What one variant came to, one element a round.
#[derive(Default)]
pub(crate) struct Measured {
    /// At saturation, with the machine to itself.
    pub(crate) alone: Vec<Figures>,
    /// At saturation, beside the gateway without a filter.
    pub(crate) beside: Vec<Figures>,
    /// At the fixed rate, beside the gateway without a filter.
    pub(crate) fixed_rate: Vec<Figures>,
}

/// What is measured in one slice of time.
#[derive(Clone, Copy)]
enum Turn {
    Alone,
    Beside,
    FixedRate,
}

/// Measures everything, prints the table, writes the files, and judges.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    let began = Instant::now();
    let stage = Stage::start()?;
    let variants = variants::start(&stage, args)?;
    let pace = args.pace();
    separate(&variants.subjects, &stage)?;
    warm_up(&variants.subjects, pace)?;
    let measured = rounds(&variants.subjects, pace, stage.upstream.pid())?;
    for subject in &variants.subjects {
        subject.check_counters()?;
    }
    let rows = variants.subjects.iter().zip(measured);
    let rows = rows.map(|(subject, measured)| Row::of(subject, measured));
    let report = Report::new(
        rows.collect::<Result<_>>()?,
        variants.absent,
        began.elapsed(),
    );
    publish(&report, args)?;
    let problems = validity::problems(&report);
    let judged = bounds::judge(&report);
    let lines = bounds::lines(&judged);
    println!("{lines}");
    for problem in &problems {
        println!("INVALID: {problem}");
    }
    if args.docs && problems.is_empty() {
        docs::write(&report, &lines)?;
    }
    let passed = problems.is_empty() && judged.iter().all(|it| it.holds != Some(false));
    Ok(match passed || args.no_gate {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn publish(report: &Report, args: &RunArgs) -> Result<()> {
    println!("{}", table::text(report));
    let writing = |file: &str| format!("cannot write {}", args.out.join(file).display());
    std::fs::create_dir_all(&args.out).with_context(|| writing(""))?;
    let json = serde_json::to_string_pretty(report)?;
    std::fs::write(args.out.join("latest.json"), json).with_context(|| writing("latest.json"))?;
    std::fs::write(args.out.join("latest.svg"), plot::svg(report))
        .with_context(|| writing("latest.svg"))?;
    println!(
        "{} and latest.svg beside it",
        args.out.join("latest.json").display()
    );
    Ok(())
}

/// Gateways here, all else there.
fn separate(subjects: &[Subject], stage: &Stage) -> Result<()> {
    let gateways: Vec<_> = subjects.iter().map(|it| it.proxy.pid()).collect();
    let mut others = vec![std::process::id(), stage.upstream.pid()];
    others.extend(subjects.iter().flat_map(Subject::peers));
    machine::separate(&gateways, &others)
}

fn warm_up(subjects: &[Subject], pace: Pace) -> Result<()> {
    for (index, subject) in subjects.iter().enumerate() {
        progress("warming up", subject.name, index, subjects.len());
        let window = Window::after(pace.warm_up, Duration::ZERO);
        load::drive(&[&subject.target], SATURATION, window, || Ok(()))
            .with_context(|| format!("{} does not do what it should", subject.name))?;
    }
    Ok(())
}

fn rounds(subjects: &[Subject], pace: Pace, upstream: u32) -> Result<Vec<Measured>> {
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    let mut turns: Vec<_> = (0..subjects.len())
        .flat_map(|index| [Turn::Alone, Turn::Beside, Turn::FixedRate].map(|it| (index, it)))
        .collect();
    let all = pace.rounds * turns.len();
    for round in 0..pace.rounds {
        fastrand::shuffle(&mut turns);
        for (turn, (index, kind)) in turns.iter().enumerate() {
            let (Some(subject), Some(measured)) = (subjects.get(*index), measured.get_mut(*index))
            else {
                continue;
            };
            progress("measuring", subject.name, round * turns.len() + turn, all);
            let base = base(subject, subjects);
            measured
                .take(*kind, subject, base, pace, upstream)
                .with_context(|| format!("{} failed in round {}", subject.name, round + 1))?;
        }
    }
    progress("measured", "", all, all);
    eprintln!();
    Ok(measured)
}

/// What a variant runs beside; nothing for the gateway without a filter itself.
fn base<'a>(subject: &Subject, all: &'a [Subject]) -> Option<&'a Subject> {
    let find = |name: &str| all.iter().find(|it| it.name == name);
    let base = find(base_of(subject.name)).or_else(|| find("none"));
    base.filter(|it| it.name != subject.name)
}

impl Measured {
    fn take(
        &mut self,
        turn: Turn,
        subject: &Subject,
        base: Option<&Subject>,
        pace: Pace,
        upstream: u32,
    ) -> Result<()> {
        let peers = subject.peers();
        let probe = subject.probe(&peers);
        let base = base.map(|it| it.probe(&[]));
        match turn {
            Turn::Alone => {
                let figures = measure(probe, None, SATURATION, pace, upstream)?;
                self.alone.push(figures);
            }
            Turn::Beside => self
                .beside
                .push(measure(probe, base, BESIDE, pace, upstream)?),
            Turn::FixedRate => {
                let figures = measure(probe, base, FIXED_RATE, pace, upstream)?;
                self.fixed_rate.push(figures);
            }
        }
        Ok(())
    }
}

/// How far it is, in one line that is written over.
pub(crate) fn progress(doing: &str, what: &str, done: usize, all: usize) {
    const WIDTH: usize = 30;
    if !stderr().is_terminal() {
        return;
    }
    let filled = done * WIDTH / all.max(1);
    let bar: String = (0..WIDTH)
        .map(|place| if place < filled { '█' } else { '░' })
        .collect();
    eprint!("\r{bar} {done:>4}/{all} {doing} {what:<30}");
    // A terminal that is gone does not end the bench.
    let _ = stderr().flush();
}
