use std::process::ExitCode;
use std::time::Instant;

use super::row::Row;
use super::tally::Tally;

/// The table of what ran.
pub(super) struct Summary {
    began: Instant,
    rows: Vec<Row>,
}

impl Summary {
    pub(super) fn begin() -> Self {
        Self {
            began: Instant::now(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, and tells whether its step passed.
    pub(super) fn add(&mut self, row: Row) -> bool {
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
