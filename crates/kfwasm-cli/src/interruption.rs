use std::future::Future;

use crate::failure::Failure;

/// Runs work that waits for others, until it is done or somebody presses Ctrl-C and gets this advice.
///
/// From then on the program hears Ctrl-C nowhere else (tokio keeps the signal): whatever may take long must run in here.
pub(crate) fn run_until_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
    advice: &str,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("cannot start: {error}"), ""))?;
    runtime.block_on(async {
        tokio::select! {
            done = work => done,
            _ = tokio::signal::ctrl_c() => Err(Failure::failed("interrupted", advice)),
        }
    })
}
