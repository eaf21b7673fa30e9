//! How many instructions Envoy runs for a request, counted by Valgrind's callgrind: figures that a busy machine does not
//! blur. They leave out what the kernel does, and an instruction is not a time; for changes of the filter they are exact
//! where clocks are not.

mod callgrind;

use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::args::InstructionsArgs;
use crate::docs;
use crate::report::base_of;
use crate::rounds::progress;
use crate::subject::Subject;
use crate::variants::{self, Stage};

use callgrind::Callgrind;

/// What one variant came to.
#[derive(Serialize)]
pub(crate) struct Count {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    /// Instructions of Envoy per request.
    pub(crate) each: u64,
}

impl Count {
    /// Instructions beyond those of what it is compared with.
    pub(crate) fn added(&self, counts: &[Self]) -> u64 {
        let find = |name: &str| counts.iter().find(|it| it.name == name);
        let base = find(base_of(self.name)).or_else(|| find("none"));
        self.each.saturating_sub(base.map_or(0, |it| it.each))
    }
}

/// Counts for every variant that is wanted, one after the other.
pub(crate) fn run(args: &InstructionsArgs) -> Result<ExitCode> {
    let callgrind = Callgrind::new(&args.out)?;
    let stage = Stage::start_under(|envoy| callgrind.wrapped(envoy))?;
    let names = variants::wanted(&args.only);
    let mut counts = Vec::new();
    for (index, name) in names.iter().enumerate() {
        progress("counting", name, index, names.len());
        if let Some(subject) = variants::start_one(name, &stage)? {
            let count = count(&subject, &callgrind, args);
            counts.push(count.with_context(|| format!("{name} cannot be counted"))?);
        }
    }
    progress("counted", "", names.len(), names.len());
    eprintln!();
    publish(&counts, args)?;
    Ok(ExitCode::SUCCESS)
}

fn count(subject: &Subject, callgrind: &Callgrind, args: &InstructionsArgs) -> Result<Count> {
    let pid = subject.proxy.pid();
    subject.target.send(args.warm_up)?;
    callgrind.begin(pid)?;
    subject.target.send(args.requests)?;
    let instructions = callgrind.end(pid)?;
    subject.check_counters()?;
    Ok(Count {
        name: subject.name,
        title: subject.title.clone(),
        each: instructions / u64::from(args.requests.max(1)),
    })
}

fn publish(counts: &[Count], args: &InstructionsArgs) -> Result<()> {
    println!(
        "{:<44}{:>12}{:>12}",
        "instructions per request", "in all", "added"
    );
    for count in counts {
        let added = count.added(counts);
        println!("{:<44}{:>12}{added:>12}", count.title, count.each);
    }
    let file = args.out.join("instructions.json");
    std::fs::write(&file, serde_json::to_string_pretty(counts)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    if args.docs {
        docs::write_instructions(counts)?;
    }
    Ok(())
}
