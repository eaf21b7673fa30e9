//! Large bodies and WebSockets through kfwasm and without a filter, and how long a gateway takes to start.

mod transfer;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use kfwasm_rig::Proxy;
use serde::Serialize;
use serde_json::json;

use crate::args::{Pace, RunArgs};
use crate::docs;
use crate::quartiles::Quartiles;
use crate::rounds::progress;
use crate::variants::{SignedIn, Stage, empty_filter};

use transfer::{Kind, transfer};

/// What the run came to, as it stands in streams.json.
#[derive(Serialize)]
struct Results {
    /// Bytes of a transfer.
    bytes: u64,
    streams: Vec<Stream>,
    starts: Vec<Start>,
}

/// Throughput in MiB a second.
#[derive(Serialize)]
struct Stream {
    what: &'static str,
    none: Quartiles,
    kfwasm: Quartiles,
    /// kfwasm's throughput as a part of that without a filter in the same round.
    ratio: Quartiles,
}

/// Time from the start of Envoy's process until it serves, in milliseconds.
#[derive(Serialize)]
struct Start {
    what: &'static str,
    milliseconds: Quartiles,
    /// Memory of Envoy then, in KiB.
    memory: u64,
}

/// Measures, prints the table and writes the files.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    let (stage, pace) = (Stage::start()?, args.pace());
    let results = Results {
        bytes: pace.stream(),
        streams: streams(&stage, pace)?,
        starts: starts(&stage, pace)?,
    };
    let table = text(&results);
    println!("{table}");
    std::fs::create_dir_all(&args.out)?;
    std::fs::write(
        args.out.join("streams.json"),
        serde_json::to_string_pretty(&results)?,
    )?;
    if args.docs {
        docs::write_streams(&table)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// In each round with gateways of its own: where their code and memory come to lie is felt in all that one of them does.
fn streams(stage: &Stage, pace: Pace) -> Result<Vec<Stream>> {
    let mut measured = Kind::ALL.map(|kind| (kind, Vec::new()));
    for round in 0..pace.transfers() {
        progress("transferring", "round", round, pace.transfers());
        let none = Proxy::start(&stage.parts.envoy, stage.proxy()?)?;
        let ours = SignedIn::start(stage, "alice", &json!([]), 1)?;
        let cookie = ours.cookies(1)?.concat();
        for (kind, both) in &mut measured {
            let of = |proxy: &Proxy| transfer(proxy, *kind, &cookie, pace.stream());
            // The one that comes first takes turns.
            both.push(match fastrand::bool() {
                true => {
                    let with = of(&ours.proxy)?;
                    (of(&none)?, with)
                }
                false => (of(&none)?, of(&ours.proxy)?),
            });
        }
    }
    Ok(measured.map(|(kind, both)| stream(kind, &both)).into())
}

fn stream(kind: Kind, both: &[(f64, f64)]) -> Stream {
    let of = |part: fn(&(f64, f64)) -> f64| Quartiles::of(both.iter().map(part));
    Stream {
        what: kind.title(),
        none: of(|(none, _)| *none),
        kfwasm: of(|(_, ours)| *ours),
        ratio: of(|(none, ours)| ours / none),
    }
}

fn starts(stage: &Stage, pace: Pace) -> Result<Vec<Start>> {
    let none = || Ok(Proxy::start(&stage.parts.envoy, stage.proxy()?)?);
    let empty = || {
        let mut settings = stage.proxy()?;
        settings.wasm = Some(empty_filter("KFWASM_BENCH_EMPTY")?);
        Ok(Proxy::start(&stage.parts.envoy, settings)?)
    };
    let ours = || SignedIn::gateway(stage);
    Ok(vec![
        start("no filter", pace, none)?,
        start("empty filter", pace, empty)?,
        start("kfwasm", pace, ours)?,
    ])
}

fn start(what: &'static str, pace: Pace, begin: impl Fn() -> Result<Proxy>) -> Result<Start> {
    let (mut milliseconds, mut memory) = (Vec::new(), 0);
    for _ in 0..pace.transfers() {
        let began = Instant::now();
        let proxy = begin()?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1000.0);
        memory = crate::machine::resident(proxy.pid())?;
        // What comes next should not have to wait for the end of this one.
        drop(proxy);
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Start {
        what,
        milliseconds: Quartiles::of(milliseconds),
        memory,
    })
}

/// Two tables in Markdown.
fn text(results: &Results) -> String {
    let head = format!(
        "| {} MiB | no filter, MiB/s | kfwasm, MiB/s | ratio: median (quartiles) |\n|---|---|---|---|\n",
        results.bytes / (1024 * 1024)
    );
    let streams = results.streams.iter().map(|stream| {
        let Quartiles { low, median, high } = stream.ratio;
        format!(
            "| {} | {:.0} | {:.0} | {median:.3} ({low:.3} to {high:.3}) |\n",
            stream.what, stream.none.median, stream.kfwasm.median
        )
    });
    let starts = results.starts.iter().map(|start| {
        let Quartiles { low, median, high } = start.milliseconds;
        format!(
            "| {} | {median:.0} ({low:.0} to {high:.0}) | {} |\n",
            start.what,
            start.memory / 1024
        )
    });
    let second = "\n| Envoy starts with | ms until it serves: median (quartiles) | MiB then |\n|---|---|---|\n";
    [head, streams.collect(), second.to_owned(), starts.collect()].concat()
}
