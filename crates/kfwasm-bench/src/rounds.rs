//! The whole run.

use std::io::{IsTerminal, Write, stderr};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::args::{Pace, RunArgs};
use crate::load::{self, Window};
use crate::measure::{FIXED_RATE, Figures, SATURATION, measure};
use crate::report::{Report, Row};
use crate::subject::Subject;
use crate::variants::{self, Stage};
use crate::{bounds, docs, plot, table, validity};

/// What one variant came to, one element a round.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) closed: Vec<Figures>,
    pub(crate) open: Vec<Figures>,
}

/// Measures everything, prints the table, writes the files, and judges.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    let began = Instant::now();
    let stage = Stage::start()?;
    let variants = variants::start(&stage, args)?;
    let pace = args.pace();
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

fn warm_up(subjects: &[Subject], pace: Pace) -> Result<()> {
    for (index, subject) in subjects.iter().enumerate() {
        progress("warming up", subject.name, index, subjects.len());
        let window = Window::after(pace.warm_up, Duration::ZERO);
        load::drive(&subject.target, SATURATION, window, || Ok(()))
            .with_context(|| format!("{} does not do what it should", subject.name))?;
    }
    Ok(())
}

fn rounds(subjects: &[Subject], pace: Pace, upstream: u32) -> Result<Vec<Measured>> {
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    let mut turns: Vec<_> = (0..subjects.len())
        .flat_map(|index| [(index, SATURATION), (index, FIXED_RATE)])
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
            let figures = measure(subject, *kind, pace, upstream)
                .with_context(|| format!("{} failed in round {}", subject.name, round + 1))?;
            match *kind == SATURATION {
                true => measured.closed.push(figures),
                false => measured.open.push(figures),
            }
        }
    }
    progress("measured", "", all, all);
    eprintln!();
    Ok(measured)
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
