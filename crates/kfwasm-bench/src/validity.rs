//! Whether a run can be believed.

use crate::report::Report;

/// What makes this run invalid; a wrong answer or count has ended it before.
pub(crate) fn problems(report: &Report) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(empty) = report.row("empty")
        && empty.added_gateway.median <= 0.0
    {
        problems.push(format!(
            "an empty filter cost {:.1} µs less than none: the machine, not the filters, was measured",
            -empty.added_gateway.median
        ));
    }
    problems
}
