//! The figures in docs/: a run writes them, nobody types them.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::instructions::Count;
use crate::plot;
use crate::report::{Report, Row};

const HEAD: &str = "\
| variant | Envoy CPU µs/request | added: median (quartiles) | CPU of what Envoy asks | added p50 µs | requests/s | memory MiB | steal % | other load % |
|---|---|---|---|---|---|---|---|---|
";

/// Writes docs/bench.svg and the table of docs/performance.md.
pub(crate) fn write(report: &Report, judged: &str) -> Result<()> {
    put("figures", &figures(report, judged))?;
    fs::write(folder()?.join("bench.svg"), plot::svg(report)).context("cannot write docs/bench.svg")
}

/// Writes the table of instructions into docs/performance.md.
pub(crate) fn write_instructions(counts: &[Count]) -> Result<()> {
    let line = |count: &Count| {
        let added = count.added(counts);
        format!("| {} | {} | {added} |\n", count.title, count.each)
    };
    let lines: String = counts.iter().map(line).collect();
    let head = "| variant | instructions per request | added |\n|---|---|---|\n";
    put("instructions", &[head, &lines].concat())
}

/// Writes the table of curves into docs/performance.md, and docs/curves.svg.
pub(crate) fn write_curves(table: &str, svg: &str) -> Result<()> {
    put("curves", table)?;
    fs::write(folder()?.join("curves.svg"), svg).context("cannot write docs/curves.svg")
}

/// Writes the table of memory into docs/performance.md.
pub(crate) fn write_memory(table: &str) -> Result<()> {
    put("memory", table)
}

/// Writes the table of streams and starts into docs/performance.md.
pub(crate) fn write_streams(table: &str) -> Result<()> {
    put("streams", table)
}

fn folder() -> Result<PathBuf> {
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let folder = folder.context("run this by `cargo xtask bench`")?;
    Ok(folder.join("../../docs"))
}

/// Puts text between the marks of this name in docs/performance.md.
fn put(name: &str, figures: &str) -> Result<()> {
    let page = folder()?.join("performance.md");
    let text =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let text = with_figures(&text, name, figures)
        .with_context(|| format!("{} has no place for {name}", page.display()))?;
    fs::write(&page, text).with_context(|| format!("cannot write {}", page.display()))
}

fn with_figures(text: &str, name: &str, figures: &str) -> Option<String> {
    let begin = format!("<!-- {name}: begin -->\n");
    let end = format!("<!-- {name}: end -->");
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some([before, &begin, figures, &end, after].concat())
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
        let text = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb";
        let wanted = "a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb";
        assert_eq!(with_figures(text, "x", "new\n").as_deref(), Some(wanted));
        assert_eq!(with_figures(text, "y", "new"), None);
    }
}
