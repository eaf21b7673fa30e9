use clap::Args;

/// Whether it is only shown what a command would do.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct ShowingArgs {
    /// Show what would be different, and change nothing in the cluster.
    #[arg(long)]
    pub(super) diff: bool,
    /// Let the server say what would be done, and change nothing in the cluster.
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl ShowingArgs {
    /// Whether nothing is to be changed.
    pub(crate) fn only_shows(self) -> bool {
        self.diff || self.dry_run
    }
}
