use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// Whether somebody wants the demo to end: by Ctrl-C, or by ending us.
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub(super) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// From now on a Ctrl-C does not end us, so that we can end the others first.
pub(super) fn expect() -> Result<Interrupt> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed))
        .context("cannot watch for Ctrl-C")?;
    Ok(Interrupt(flag))
}
