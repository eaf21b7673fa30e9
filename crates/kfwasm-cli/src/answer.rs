//! Questions to a person at a terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::oneshot;

/// Whether there is a person to ask.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line; an empty answer means `default`. Nothing when the input ends.
pub(crate) fn ask(question: &str, default: &str) -> Option<String> {
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
        (0, _) => None,
        (_, "") => Some(default.to_owned()),
        (_, answer) => Some(answer.to_owned()),
    }
}

/// The same, while other things go on: Ctrl-C among them, which a thread that reads would not see.
pub(crate) async fn asked(question: &'static str) -> Option<String> {
    let (sender, answer) = oneshot::channel();
    thread::spawn(move || sender.send(ask(question, "")));
    answer.await.ok().flatten()
}

/// Asks for a yes; everything else is a no.
pub(crate) fn agrees(question: &str) -> bool {
    let answer = ask(&format!("{question} (yes/no)"), "no");
    answer.is_some_and(|answer| matches!(answer.as_str(), "y" | "yes"))
}
