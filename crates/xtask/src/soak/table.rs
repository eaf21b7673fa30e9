use super::load::End;
use super::tally::Verdict;

/// The table that is printed at the end.
pub(super) fn of(end: &End) -> String {
    let count = |verdict| end.tally.count(verdict).to_string();
    let mut rows = vec![
        ("answered as they should be", count(Verdict::Good)),
        ("wrong passes (must be 0)", count(Verdict::WrongPass)),
        ("lost sessions (must be 0)", count(Verdict::LostSession)),
        ("hung requests (must be 0)", count(Verdict::Hung)),
        ("other answers (must be 0)", count(Verdict::Other)),
        (
            "5xx or no connection, in traps and restarts",
            count(Verdict::Unavailable),
        ),
        ("renewed sessions", end.tally.renewals().to_string()),
        ("events", end.happened.len().to_string()),
        ("seconds", end.took.as_secs().to_string()),
    ];
    for (before, after) in &end.memory {
        let memory = format!("{} MiB, then {} MiB", before / 1024, after / 1024);
        rows.push(("memory of a gateway", memory));
    }
    let mut text = String::from("\n");
    for (name, value) in rows {
        text.push_str(&format!("{name:<46}{value}\n"));
    }
    for example in end.tally.examples() {
        text.push_str(&format!("  {example}\n"));
    }
    let verdict = if end.is_good() {
        "all is well"
    } else {
        "NOT WELL"
    };
    text.push_str(verdict);
    text
}
