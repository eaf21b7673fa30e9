//! The plot that README carries.

use std::fmt::Write;

use crate::report::{Report, Row};

const LEFT: f64 = 290.0;
const WIDTH: f64 = 400.0;
const LINE: f64 = 26.0;
const TOP: f64 = 56.0;

/// Bars of the CPU time that each variant adds to a request, with the quartiles of the rounds.
pub(crate) fn svg(report: &Report) -> String {
    let rows: Vec<_> = report
        .rows
        .iter()
        .filter(|row| !row.name.starts_with("none"))
        .collect();
    let largest = rows
        .iter()
        .map(|row| row.added_cpu.high)
        .fold(1.0, f64::max);
    let height = TOP + LINE * (rows.iter().map(|_| 1.0).sum::<f64>() + 1.0);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" font-family="system-ui, sans-serif" font-size="13">
<style>text {{ fill: #333 }} .soft {{ fill: #777 }} @media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} .soft {{ fill: #999 }} }}</style>
<text x="10" y="22" font-size="15" font-weight="600">CPU time that a signed-in request costs beyond Envoy itself, in microseconds</text>
<text x="10" y="40" class="soft">dark: in Envoy; light: in what Envoy asks. Thin line: the middle half of {} rounds.</text>
"##,
        report.rounds
    );
    let mut y = TOP;
    for row in rows {
        bar(&mut svg, row, y, WIDTH / largest);
        y += LINE;
    }
    svg + "</svg>\n"
}

fn bar(svg: &mut String, row: &Row, y: f64, scale: f64) {
    let colour = if is_ours(row) { "#1a73b8" } else { "#8a8a8a" };
    let gateway = (row.added_gateway.median * scale).max(0.0);
    let peers = (row.peers.median * scale).max(0.0);
    let (low, high) = (
        row.added_cpu.low.max(0.0) * scale,
        row.added_cpu.high.max(0.0) * scale,
    );
    let middle = y + 9.0;
    // Writing to a string does not fail.
    let _ = writeln!(
        svg,
        r##"<text x="{}" y="{}" text-anchor="end">{}</text>
<rect x="{LEFT}" y="{y}" width="{gateway:.1}" height="18" fill="{colour}"/>
<rect x="{:.1}" y="{y}" width="{peers:.1}" height="18" fill="{colour}" fill-opacity="0.45"/>
<line x1="{:.1}" x2="{:.1}" y1="{middle}" y2="{middle}" stroke="#d33" stroke-width="2"/>
<text x="{:.1}" y="{}">{:.1}</text>"##,
        LEFT - 10.0,
        y + 14.0,
        escaped(&row.title),
        LEFT + gateway,
        LEFT + low,
        LEFT + high,
        LEFT + high.max(gateway + peers) + 8.0,
        y + 14.0,
        row.added_cpu.median,
    );
}

fn is_ours(row: &Row) -> bool {
    row.title.starts_with("kfwasm")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
