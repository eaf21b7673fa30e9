use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser};

/// The rig behind `cargo xtask bench`.
#[derive(Parser)]
pub(crate) enum Command {
    /// Measure every variant and print the table.
    Run(RunArgs),
    /// Measure how the cost grows with headers, cookies, sessions, groups, skip rules and workers.
    Curves(RunArgs),
    /// Measure the throughput of large bodies and WebSockets, and how long a gateway takes to start.
    Streams(RunArgs),
    /// Send very many requests of very many sessions, and watch the memory.
    Memory(RunArgs),
    /// Count the instructions that Envoy runs for a request, under Valgrind: for a machine that is too busy for clocks.
    Instructions(InstructionsArgs),
    /// Answer requests on a port of loopback until standard input closes.
    Upstream,
}

/// How the bench is run.
#[derive(Args, Clone)]
pub(crate) struct RunArgs {
    /// Fewer and shorter rounds: two minutes in all.
    #[arg(long)]
    quick: bool,
    /// The smallest run that goes everywhere: for the tests of the rig itself. Its figures mean nothing.
    #[arg(long, conflicts_with = "quick")]
    tiny: bool,
    /// Exit 0 whatever the figures are.
    #[arg(long)]
    pub(crate) no_gate: bool,
    /// Also write the figures into docs/performance.md and the plot docs/bench.svg, unless the run is invalid.
    #[arg(long, conflicts_with_all = ["tiny", "only"])]
    pub(crate) docs: bool,
    /// Only variants whose name contains this; may be repeated. `none` and the empty filter always run.
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// How many rounds.
    #[arg(long)]
    rounds: Option<usize>,
    /// Where latest.json and the plot go.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

/// How instructions are counted.
#[derive(Args, Clone)]
pub(crate) struct InstructionsArgs {
    /// Requests before the count, for Envoy's V8 to compile what is hot.
    #[arg(long, default_value_t = 1500)]
    pub(crate) warm_up: u32,
    /// Requests that are counted.
    #[arg(long, default_value_t = 400)]
    pub(crate) requests: u32,
    /// Only variants whose name contains this; may be repeated. `none` always runs.
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Also write the figures into docs/performance.md.
    #[arg(long, conflicts_with = "only")]
    pub(crate) docs: bool,
    /// Where instructions.json and callgrind's files go.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

/// How long and how often is measured.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) rounds: usize,
    /// Load before the first round: Envoy's V8 compiles hot code a second time.
    pub(crate) warm_up: Duration,
    /// Load before each measurement that does not count.
    pub(crate) lead: Duration,
    pub(crate) slice: Duration,
}

impl Pace {
    /// Bytes of one transfer.
    pub(crate) fn stream(self) -> u64 {
        match self.rounds {
            0..=2 => 1 << 20,
            _ => 1 << 30,
        }
    }

    /// The points of curves are many; each is compared with its neighbours, and needs fewer rounds.
    pub(crate) fn for_curves(self) -> Self {
        Self {
            rounds: self.rounds.min(8),
            ..self
        }
    }

    /// How often each transfer and each start is measured.
    pub(crate) fn transfers(self) -> usize {
        self.rounds.min(12)
    }

    /// How many requests between two looks at the memory: with ten looks, a million in all.
    pub(crate) fn stretch(self) -> u32 {
        match self.rounds {
            0..=2 => 200,
            3..=5 => 20_000,
            _ => 100_000,
        }
    }

    /// Numbers of distinct sessions: more than a worker keeps, unless the run is the smallest.
    pub(crate) fn sessions(self) -> Vec<usize> {
        match self.rounds {
            0..=2 => vec![1, 100],
            _ => vec![1, 100, 10_000, 100_000, 1_000_000],
        }
    }
}

impl RunArgs {
    pub(crate) fn pace(&self) -> Pace {
        let (rounds, warm_up, lead, slice) = match (self.tiny, self.quick) {
            (true, _) => (2, 50, 10, 100),
            (_, true) => (5, 800, 100, 300),
            _ => (12, 2000, 100, 600),
        };
        Pace {
            rounds: self.rounds.unwrap_or(rounds),
            warm_up: Duration::from_millis(warm_up),
            lead: Duration::from_millis(lead),
            slice: Duration::from_millis(slice),
        }
    }

    /// Whether a variant of this name is wanted.
    pub(crate) fn wants(&self, name: &str) -> bool {
        let baseline = matches!(name, "none" | "empty");
        baseline || self.only.is_empty() || self.only.iter().any(|part| name.contains(part))
    }
}
