//! What memory does under very many requests of very many sessions: it must not grow.

mod linear;

use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::json;

use crate::args::RunArgs;
use crate::docs;
use crate::load::Target;
use crate::machine::resident;
use crate::rounds::progress;
use crate::variants::{SignedIn, Stage};

/// How often memory is looked at under load.
const LOOKS: u32 = 10;
const CONNECTIONS: u32 = 8;

/// What memory was after so many requests, in KiB.
#[derive(Serialize)]
struct Look {
    requests: u32,
    /// Of all of Envoy.
    resident: u64,
    /// The linear memory of the worker's virtual machine: how large it is, and how much of that was ever touched.
    linear: u64,
    touched: u64,
}

/// Puts one worker under load, prints the table and writes the files.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    let stage = Stage::start()?;
    let stretch = args.pace().stretch();
    let ours = SignedIn::start(&stage, "alice", &json!([]), 1)?;
    // A tenth of the requests brings a session that is new; the rest, one that was forgotten, since a worker keeps few.
    let target = ours.target(usize::try_from(stretch)?)?;
    let mut looks = vec![look(ours.proxy.pid(), 0)?];
    for turn in 0..LOOKS {
        progress("sending", "requests", index(turn), index(LOOKS));
        send(&target, stretch)?;
        looks.push(look(ours.proxy.pid(), (turn + 1) * stretch)?);
    }
    progress("sent", "", index(LOOKS), index(LOOKS));
    eprintln!();
    publish(&text(&looks), &looks, args)?;
    Ok(ExitCode::SUCCESS)
}

fn index(turn: u32) -> usize {
    usize::try_from(turn).unwrap_or_default()
}

/// Sends so many requests on a few connections, every answer checked.
fn send(target: &Target, count: u32) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| target.send(count / CONNECTIONS)))
            .collect();
        for thread in threads {
            match thread.join() {
                Ok(sent) => sent?,
                Err(_) => bail!("a thread of the load generator ended early"),
            }
        }
        Ok(())
    })
}

fn look(pid: u32, requests: u32) -> Result<Look> {
    let (linear, touched) = linear::of(pid)?;
    Ok(Look {
        requests,
        resident: resident(pid)?,
        linear,
        touched,
    })
}

fn publish(table: &str, looks: &[Look], args: &RunArgs) -> Result<()> {
    println!("{table}");
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot create {}", args.out.display()))?;
    let file = args.out.join("memory.json");
    std::fs::write(&file, serde_json::to_string_pretty(looks)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    if args.docs {
        docs::write_memory(table)?;
    }
    Ok(())
}

/// A table in Markdown.
fn text(looks: &[Look]) -> String {
    let head = "| requests | Envoy's resident memory, MiB | linear memory of the worker's module, MiB | of it touched, MiB |\n|---|---|---|---|\n";
    let lines = looks.iter().map(|look| {
        format!(
            "| {} | {} | {} | {} |\n",
            look.requests,
            mib(look.resident),
            mib(look.linear),
            mib(look.touched)
        )
    });
    [head.to_owned(), lines.collect()].concat()
}

fn mib(kib: u64) -> String {
    format!("{}.{}", kib / 1024, kib % 1024 * 10 / 1024)
}
