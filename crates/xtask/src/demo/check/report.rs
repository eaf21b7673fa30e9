use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

/// The steps of a check as they are taken.
pub(super) struct Report {
    began: Instant,
    passed: usize,
    failed: usize,
}

impl Report {
    pub(super) fn begin() -> Self {
        Self {
            began: Instant::now(),
            passed: 0,
            failed: 0,
        }
    }

    /// Takes a step and prints how it went; `None` when it failed.
    pub(super) fn step<T>(&mut self, what: &str, take: impl FnOnce() -> Result<T>) -> Option<T> {
        let began = Instant::now();
        let taken = take();
        let time = format!("{:>6} ms", began.elapsed().as_millis());
        match taken {
            Ok(value) => {
                self.passed += 1;
                println!("  ok     {time}  {what}");
                Some(value)
            }
            Err(error) => {
                self.failed += 1;
                println!("  FAILED {time}  {what}\n                    {error:#}");
                None
            }
        }
    }

    pub(super) fn end(self) -> ExitCode {
        let seconds = self.began.elapsed().as_secs_f32();
        println!(
            "\n{} passed, {} failed ({seconds:.1} s)",
            self.passed, self.failed
        );
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
