//! Clients that send without a pause, while one event comes after the other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::client::Client;
use super::events::EVENTS;
use super::memory::resident;
use super::person::Person;
use super::stage::Stage;
use super::tally::{Tally, Verdict};

/// Clients of each gateway.
const CLIENTS: usize = 3;
/// No soak takes longer: a million requests take minutes.
const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// By how much a gateway's memory may grow between its last restart and the end, in KiB.
const GROWTH: u64 = 48 * 1024;

/// What came of it.
pub(super) struct End {
    pub(super) tally: Tally,
    pub(super) took: Duration,
    /// Of each gateway, in KiB: a while after its last start, and at the end.
    pub(super) memory: Vec<(u64, u64)>,
    pub(super) happened: Vec<&'static str>,
}

impl End {
    /// Whether nothing happened that must not.
    pub(super) fn is_good(&self) -> bool {
        let bad = [
            Verdict::WrongPass,
            Verdict::LostSession,
            Verdict::Hung,
            Verdict::Other,
        ];
        bad.iter().all(|verdict| self.tally.count(*verdict) == 0)
            && self.happened.len() == EVENTS.len()
            && self
                .memory
                .iter()
                .all(|(before, after)| *after <= before + GROWTH)
    }
}

/// Runs until so many requests were answered as they should be, and everything has happened.
pub(super) fn run(stage: &mut Stage, requests: u64) -> Result<End> {
    let (tally, begun, enough) = (Tally::default(), Instant::now(), AtomicBool::new(false));
    let people: Vec<Person> = std::mem::take(&mut stage.people);
    stage.people = people
        .iter()
        .map(|it| Person::new(it.email.clone(), it.session()))
        .collect();
    let ports = stage.ports;
    let outcome = thread::scope(|scope| {
        for port in ports.into_iter().flat_map(|port| [port; CLIENTS]) {
            let (people, tally, enough) = (&people, &tally, &enough);
            scope.spawn(move || {
                let mut client = Client::new(port, people, tally);
                while !enough.load(Ordering::Relaxed) {
                    client.step();
                }
            });
        }
        let outcome = direct(stage, &tally, requests, begun);
        enough.store(true, Ordering::Relaxed);
        outcome
    });
    let (happened, memory) = outcome?;
    Ok(End {
        tally,
        took: begun.elapsed(),
        memory,
        happened,
    })
}

type Course = (Vec<&'static str>, Vec<(u64, u64)>);

/// Lets the events come, evenly over the requests.
fn direct(stage: &mut Stage, tally: &Tally, requests: u64, begun: Instant) -> Result<Course> {
    let parts = u64::try_from(EVENTS.len())?.saturating_add(2);
    let share = requests.div_ceil(parts);
    let mut happened = Vec::new();
    let mut next = 0;
    for event in EVENTS {
        next += share;
        wait_for(tally, next, begun)?;
        println!("{:>9} requests: {}", tally.count(Verdict::Good), event.name);
        event.happen(stage)?;
        happened.push(event.name);
    }
    wait_for(tally, tally.count(Verdict::Good) + share / 2, begun)?;
    let before = memory(stage)?;
    wait_for(tally, requests, begun)?;
    wait_for(tally, tally.count(Verdict::Good) + share / 2, begun)?;
    let after = memory(stage)?;
    Ok((happened, before.into_iter().zip(after).collect()))
}

fn memory(stage: &Stage) -> Result<Vec<u64>> {
    stage.gateways.iter().map(resident).collect()
}

fn wait_for(tally: &Tally, good: u64, begun: Instant) -> Result<()> {
    while tally.count(Verdict::Good) < good {
        ensure!(
            begun.elapsed() < LONGEST,
            "only {} requests were answered within {} s",
            tally.count(Verdict::Good),
            LONGEST.as_secs()
        );
        thread::sleep(BETWEEN_LOOKS);
    }
    Ok(())
}
