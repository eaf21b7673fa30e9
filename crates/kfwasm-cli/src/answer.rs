//! Questions to a person at a terminal. Ctrl-C is an answer to each of them.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::oneshot;

use crate::failure::Failure;
use crate::interruption::run_until_interrupted;

/// Whether there is a person to ask.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line before anything is done; an empty answer means `default`. Nothing when the input ends, or where
/// there is no default.
pub(crate) fn ask(question: &str, default: &str) -> Result<Option<String>, Failure> {
    let answer = asked(question, default);
    run_until_interrupted(async { Ok(answer.await) }, "nothing was written")
}

/// The same, while other things go on: Ctrl-C among them, which a thread that reads would not see.
pub(crate) async fn asked(question: &str, default: &str) -> Option<String> {
    let (sender, answer) = oneshot::channel();
    let (question, default) = (question.to_owned(), default.to_owned());
    thread::spawn(move || sender.send(read(&question, &default)));
    let open = OpenLine;
    let answer = answer.await;
    std::mem::forget(open);
    answer.ok().flatten()
}

/// Asks for a yes; everything else is a no.
pub(crate) async fn agrees(question: &str) -> bool {
    let answer = asked(&format!("{question} (yes/no)"), "no").await;
    answer.is_some_and(|answer| matches!(answer.as_str(), "y" | "yes"))
}

fn read(question: &str, default: &str) -> Option<String> {
    let hint = if default.is_empty() {
        String::new()
    } else {
        format!(" [{default}]")
    };
    eprint!("{question}{hint}: ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).ok()?;
    let answer = line.trim();
    match (read, answer) {
        (0, _) => {
            // Nobody has ended the question's line.
            eprintln!();
            None
        }
        (_, "") => Some(default.to_owned()).filter(|it| !it.is_empty()),
        (_, answer) => Some(answer.to_owned()),
    }
}

/// The line of a question: what is said after an answer that nobody waits for any more begins a new one.
struct OpenLine;

impl Drop for OpenLine {
    fn drop(&mut self) {
        eprintln!();
    }
}
