use std::time::Duration;

use super::tally::Tally;

/// One line of the table: what one step came to.
pub(super) struct Row {
    pub(super) suite: &'static str,
    pub(super) step: String,
    pub(super) outcome: Outcome,
    pub(super) elapsed: Duration,
}

pub(super) enum Outcome {
    Ran(Tally),
    /// It could not be run here, and did not have to.
    Absent(String),
}

impl Row {
    pub(super) fn tally(&self) -> Tally {
        match self.outcome {
            Outcome::Ran(tally) => tally,
            Outcome::Absent(_) => Tally::default(),
        }
    }

    pub(super) fn ran_nothing(&self) -> bool {
        matches!(self.outcome, Outcome::Ran(tally) if tally == Tally::default())
    }

    pub(super) fn line(&self) -> String {
        let Self {
            suite,
            step,
            outcome,
            elapsed,
        } = self;
        let seconds = elapsed.as_secs_f32();
        match outcome {
            Outcome::Ran(Tally { passed, failed }) => {
                let mark = if *failed == 0 { "" } else { "  <- FAILED" };
                format!("  {suite:<8} {step:<34} {passed:>6} {failed:>6} {seconds:>7.1} s{mark}")
            }
            Outcome::Absent(reason) => {
                format!("  {suite:<8} {step:<34}      -      -           {reason}")
            }
        }
    }
}
