use std::fmt::Write as _;

use super::Cost;

const WIDTH: f64 = 250.0;
const HEIGHT: f64 = 170.0;
const MARGIN: f64 = 34.0;
const COLUMNS: usize = 3;

/// A small chart for each curve, all on one scale of costs; the points stand at equal distances, whatever is between them.
pub(super) fn svg(costs: &[Cost]) -> String {
    let mut names: Vec<&str> = costs.iter().map(|cost| cost.curve).collect();
    names.dedup();
    let largest = costs.iter().map(|cost| cost.added.high).fold(1.0, f64::max);
    let rows = length(names.len().div_ceil(COLUMNS));
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" font-family="system-ui, sans-serif" font-size="11">
<style>text {{ fill: #333 }} @media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} }}</style>
"##,
        WIDTH * length(COLUMNS),
        HEIGHT * rows
    );
    for (index, name) in names.iter().enumerate() {
        let points: Vec<_> = costs.iter().filter(|cost| cost.curve == *name).collect();
        let place = (
            length(index % COLUMNS) * WIDTH,
            length(index / COLUMNS) * HEIGHT,
        );
        chart(&mut svg, name, &points, place, largest);
    }
    svg + "</svg>\n"
}

fn chart(svg: &mut String, name: &str, points: &[&Cost], (left, top): (f64, f64), largest: f64) {
    let step = (WIDTH - 2.0 * MARGIN) / length(points.len().saturating_sub(1).max(1));
    let height = HEIGHT - 2.0 * MARGIN;
    let y = |cost: f64| top + MARGIN + height * (1.0 - cost.max(0.0) / largest);
    let x = |index: usize| left + MARGIN + step * length(index);
    let base = y(0.0);
    // Writing to a string does not fail.
    let _ = writeln!(
        svg,
        r##"<text x="{}" y="{}" font-weight="600">{name}</text>
<line x1="{}" x2="{}" y1="{base}" y2="{base}" stroke="#8a8a8a"/>"##,
        left + MARGIN,
        top + 18.0,
        left + MARGIN,
        left + WIDTH - MARGIN,
    );
    let path = points.iter().enumerate();
    let path: Vec<String> = path
        .map(|(index, point)| format!("{:.1},{:.1}", x(index), y(point.added.median)))
        .collect();
    let _ = writeln!(
        svg,
        r##"<polyline points="{}" fill="none" stroke="#1a73b8" stroke-width="2"/>"##,
        path.join(" ")
    );
    for (index, point) in points.iter().enumerate() {
        let (x, middle) = (x(index), y(point.added.median));
        let _ = writeln!(
            svg,
            r##"<line x1="{x:.1}" x2="{x:.1}" y1="{:.1}" y2="{:.1}" stroke="#d33"/>
<text x="{x:.1}" y="{:.1}" text-anchor="middle">{:.0}</text>
<text x="{x:.1}" y="{:.1}" text-anchor="middle">{}</text>"##,
            y(point.added.low),
            y(point.added.high),
            middle - 8.0,
            point.added.median,
            base + 14.0,
            point.x,
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few charts")]
fn length(count: usize) -> f64 {
    count as f64
}
