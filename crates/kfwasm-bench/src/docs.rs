//! The figures in docs/: a run writes them, nobody types them.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::plot;
use crate::report::{Report, Row};

const BEGIN: &str = "<!-- figures: begin -->\n";
const END: &str = "<!-- figures: end -->";
const HEAD: &str = "\
| variant | Envoy CPU µs/request | added: median (quartiles) | CPU of what Envoy asks | added p50 µs | requests/s | memory MiB | steal % | other load % |
|---|---|---|---|---|---|---|---|---|
";

/// Writes docs/bench.svg and the table of docs/performance.md.
pub(crate) fn write(report: &Report, judged: &str) -> Result<()> {
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let folder = folder.context("run this by `cargo xtask bench`")?;
    let docs = folder.join("../../docs");
    let page = docs.join("performance.md");
    let text =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let text = with_figures(&text, &figures(report, judged))
        .with_context(|| format!("{} has no place for figures", page.display()))?;
    fs::write(&page, text).with_context(|| format!("cannot write {}", page.display()))?;
    fs::write(docs.join("bench.svg"), plot::svg(report)).context("cannot write docs/bench.svg")
}

fn with_figures(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some([before, BEGIN, figures, END, after].concat())
}

fn figures(report: &Report, judged: &str) -> String {
    let rows: String = report.rows.iter().map(line).collect();
    let absent = report.absent.iter();
    let absent: String = absent
        .map(|it| format!("\nNot measured: {} ({}).\n", it.title, it.reason))
        .collect();
    format!(
        "{HEAD}{rows}{absent}\n{} rounds, {} s.\n\n```text{judged}\n```\n",
        report.rounds, report.seconds
    )
}

fn line(row: &Row) -> String {
    let added = row.added_gateway;
    format!(
        "| {} | {:.1} | {:+.1} ({:+.1} to {:+.1}) | {:.1} | {:+.0} | {:.0} | {} | {:.1} | {:.1} |\n",
        row.title,
        row.gateway.median,
        added.median,
        added.low,
        added.high,
        row.peers.median,
        row.added_p50.median,
        row.rate.median,
        row.memory / 1024,
        row.steal.median,
        row.other_load.median,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_take_the_place_of_the_last_ones() {
        let text = format!("a\n{BEGIN}old\n{END}\nb");
        let wanted = format!("a\n{BEGIN}new\n{END}\nb");
        assert_eq!(with_figures(&text, "new\n"), Some(wanted));
        assert_eq!(with_figures("no place", "new"), None);
    }
}
