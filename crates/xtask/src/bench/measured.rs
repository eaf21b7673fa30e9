use clap::ValueEnum;

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Measured {
    /// kfwasm beside its peers.
    Run,
    /// How the cost grows with headers, cookies, sessions, groups, skip rules and workers.
    Curves,
    /// Large bodies, WebSockets, and how long a gateway takes to start.
    Streams,
    /// Memory under a million requests of a hundred thousand sessions.
    Memory,
    /// Instructions under Valgrind instead of time: for a machine that is too busy for clocks.
    Instructions,
    /// How long one request takes through each gateway, by criterion.
    Latency,
    /// The module in a Wasm host without Envoy, by criterion.
    Module,
    /// The program `kfwasm`, also against an API server, by criterion.
    Program,
}

/// By what something is measured.
pub(super) enum Means {
    /// The rig, by its command.
    Rig(&'static str),
    /// A bench of criterion, by its name.
    Criterion(&'static str),
}

impl Measured {
    /// What docs/performance.md has figures of that differ from run to run.
    pub(super) const FOR_DOCS: [Self; 4] = [Self::Run, Self::Curves, Self::Streams, Self::Memory];

    pub(super) const fn means(self) -> Means {
        match self {
            Self::Run => Means::Rig("run"),
            Self::Curves => Means::Rig("curves"),
            Self::Streams => Means::Rig("streams"),
            Self::Memory => Means::Rig("memory"),
            Self::Instructions => Means::Rig("instructions"),
            Self::Latency => Means::Criterion("gateway"),
            Self::Module => Means::Criterion("module"),
            Self::Program => Means::Criterion("cli"),
        }
    }

    /// The profile in which what measures is compiled. Under Valgrind everything waits for Envoy, and the program is made for
    /// release by itself: how fast the rig is does not matter there.
    pub(super) const fn profile(self) -> &'static str {
        match self {
            Self::Instructions | Self::Program => "dev",
            _ => "rig",
        }
    }
}
