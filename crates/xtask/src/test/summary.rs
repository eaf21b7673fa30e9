use std::process::ExitCode;
use std::time::Instant;

use super::row::{Outcome, Row};
use super::tally::Tally;

/// The table of what ran.
pub(super) struct Summary {
    began: Instant,
    /// Whether somebody has asked for some tests alone.
    is_filtered: bool,
    rows: Vec<Row>,
}

impl Summary {
    pub(super) fn begin(is_filtered: bool) -> Self {
        Self {
            began: Instant::now(),
            is_filtered,
            rows: Vec::new(),
        }
    }

    /// Adds a row, and tells whether its step passed. One in which no test ran has not, unless those were left out by name.
    pub(super) fn add(&mut self, mut row: Row) -> bool {
        if !self.is_filtered && row.ran_nothing() {
            eprintln!("error: no test ran");
            row.outcome = Outcome::Ran(Tally::of_one(false));
        }
        let passed = row.tally().failed == 0;
        self.rows.push(row);
        passed
    }

    /// Prints the table; its last line is the sum.
    pub(super) fn end(self) -> ExitCode {
        let mut sum = Tally::default();
        println!("\n  suite    step                               passed failed      time");
        for row in &self.rows {
            sum.add(row.tally());
            println!("{}", row.line());
        }
        println!(
            "  {:.0} s in all\n\n{} passed, {} failed",
            self.began.elapsed().as_secs_f32(),
            sum.passed,
            sum.failed
        );
        if sum.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_step_in_which_no_test_ran_has_failed_unless_tests_are_asked_for_by_name() {
        for (is_filtered, passed) in [(false, false), (true, true)] {
            let row = Row {
                suite: "envoy",
                step: "end to end".to_owned(),
                outcome: Outcome::Ran(Tally::default()),
                elapsed: Duration::ZERO,
            };
            assert_eq!(Summary::begin(is_filtered).add(row), passed);
        }
    }
}
