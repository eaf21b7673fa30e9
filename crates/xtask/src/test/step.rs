use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::row::{Outcome, Row};
use super::tally::Tally;
use crate::program::Program;

/// Something that is done once in a suite.
pub(super) struct Step {
    suite: &'static str,
    name: String,
    began: Instant,
}

impl Step {
    /// Says what is done now.
    pub(super) fn begin(suite: &'static str, name: impl Into<String>) -> Self {
        let name = name.into();
        println!("\n== {suite}: {name}");
        Self {
            suite,
            name,
            began: Instant::now(),
        }
    }

    /// A program that counts as one test.
    pub(super) fn check(self, program: Program) -> Row {
        self.work(|| program.run()).0
    }

    /// Something that counts as one test; also what it made.
    pub(super) fn work<T>(self, work: impl FnOnce() -> Result<T>) -> (Row, Option<T>) {
        let made = work()
            .inspect_err(|error| eprintln!("error: {error:#}"))
            .ok();
        (self.ran(Tally::of_one(made.is_some())), made)
    }

    /// A test program, whose own tests count.
    pub(super) fn tests(self, program: Program) -> Row {
        let tally = tally_of(program.into_command()).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::of_one(false)
        });
        self.ran(tally)
    }

    /// A program of the system is not there: it cannot be done here, but on CI it must be.
    pub(super) fn missing(self, reason: impl Into<String>) -> Row {
        let reason = reason.into();
        match env::var_os("CI") {
            Some(_) => self.work(|| -> Result<()> { bail!(reason) }).0,
            None => self.absent(reason),
        }
    }

    /// It cannot be done here, and need not be.
    pub(super) fn absent(self, reason: impl Into<String>) -> Row {
        let Self { suite, name, .. } = self;
        let reason = reason.into();
        println!("{reason}");
        Row {
            suite,
            step: name,
            outcome: Outcome::Absent(reason),
            elapsed: Duration::ZERO,
        }
    }

    fn ran(self, tally: Tally) -> Row {
        Row {
            suite: self.suite,
            step: self.name,
            outcome: Outcome::Ran(tally),
            elapsed: self.began.elapsed(),
        }
    }
}

/// Shows the program's output as it comes and adds up its closing lines.
fn tally_of(mut command: Command) -> Result<Tally> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the tests")?;
    let mut tally = Tally::default();
    let output = child.stdout.take().into_iter().map(BufReader::new);
    for line in output.flat_map(BufRead::lines).map_while(Result::ok) {
        println!("{line}");
        tally.read(&line);
    }
    let status = child.wait().context("cannot wait for the tests")?;
    // A program that did not compile, or died, has no closing line.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}
