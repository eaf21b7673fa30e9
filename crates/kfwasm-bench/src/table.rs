use crate::quartiles::Quartiles;
use crate::report::{Report, Row};

const HEAD: &str = "\
variant                                 Envoy CPU   added: median      peer     added      added     requests   memory   steal  other
                                        µs/request  (quartiles)        CPU      p50 µs     p99 µs    per s      MiB      %      load %";

/// The report for a terminal.
pub(crate) fn text(report: &Report) -> String {
    let mut lines = vec![HEAD.to_owned()];
    lines.extend(report.rows.iter().map(line));
    let absent = report.absent.iter();
    lines.extend(absent.map(|it| format!("{:<40}not measured: {}", it.title, it.reason)));
    lines.push(format!(
        "\n{} rounds in shuffled order, {} s. CPU: 8 connections in a closed loop, and 8 to the gateway without a filter in the same\n\
         moments. Requests per second: 16 connections, alone. Latency: 400 requests a second, from the time that each was due.\n\
         Added: to no filter in the same moments, median of all rounds, where the machine is as fast as in the median.\n\
         Steal, other load: what the hypervisor and programs that are none of the bench took of the machine.",
        report.rounds, report.seconds
    ));
    lines.join("\n")
}

fn line(row: &Row) -> String {
    let Quartiles { low, median, high } = row.added_gateway;
    format!(
        "{:<40}{:>8.1}   {:>+7.1} ({:+.1}…{:+.1}){:pad$}{:>6.1}   {:>+7.0}   {:>+8.0}   {:>8.0}   {:>6}   {:>5.1}  {:>5.1}",
        row.title,
        row.gateway.median,
        median,
        low,
        high,
        "",
        row.peers.median,
        row.added_p50.median,
        row.added_p99.median,
        row.rate.median,
        row.memory / 1024,
        row.steal.median,
        row.other_load.median,
        pad = 18_usize.saturating_sub(format!("({low:+.1}…{high:+.1})").chars().count() + 3),
    )
}
