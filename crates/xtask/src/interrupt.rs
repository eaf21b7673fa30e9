use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Whether somebody wants what we run to end: by Ctrl-C, or by ending us.
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub(crate) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns when it came.
    pub(crate) fn wait(&self) {
        while !self.came() {
            thread::sleep(BETWEEN_LOOKS);
        }
    }
}

/// From now on a Ctrl-C does not end us, so that we can end the others first.
pub(crate) fn expect() -> Result<Interrupt> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed))
        .context("cannot watch for Ctrl-C")?;
    Ok(Interrupt(flag))
}
