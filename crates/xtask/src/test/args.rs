use clap::{Args, ValueEnum};

/// What is tested.
#[derive(Args)]
pub(crate) struct TestArgs {
    /// One suite alone.
    #[arg(value_enum)]
    suite: Option<Suite>,
    /// What one runs after each edit: seconds, no network.
    #[arg(long, conflicts_with = "suite")]
    pub(super) quick: bool,
    /// Given to the test programs, such as a part of a test's name.
    #[arg(last = true)]
    pub(super) filter: Vec<String>,
}

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Suite {
    /// Format, lints, licences, architecture.
    Tidy,
    /// The crates by themselves: rules, flows, vectors, attacks.
    Unit,
    /// The module in a host whose functions fail on demand.
    Module,
    /// The program `kfwasm` with the module in it, and kustomize.
    Cli,
    /// A short run of each fuzz target.
    Fuzz,
    /// The module in real Envoys with a real provider.
    Envoy,
    /// The rig of `cargo xtask bench`, at its smallest size.
    Bench,
    /// A real Kubernetes API server with the definitions of several versions of Istio.
    Cluster,
    /// The same as `envoy` in a real browser.
    Browser,
}

impl TestArgs {
    pub(super) fn suites(&self) -> Vec<Suite> {
        match self.suite {
            Some(suite) => vec![suite],
            None if self.quick => vec![Suite::Tidy, Suite::Unit],
            None => Suite::value_variants().to_vec(),
        }
    }
}
