//! Questions to a person at a terminal. Ctrl-C is an answer to each of them.

use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::oneshot;

use crate::failure::Failure;
use crate::interruption::run_until_interrupted;

/// Whether there is a person to ask: who types, and sees the question.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && screen().is_some()
}

/// Where whoever types sees a question. What a command says may go to a file, as in `2>log`; the question of a person must
/// not.
fn screen() -> Option<Box<dyn io::Write>> {
    if io::stderr().is_terminal() || !io::stdin().is_terminal() {
        return Some(Box::new(io::stderr()));
    }
    let terminal = File::options().write(true).open("/dev/tty").ok()?;
    Some(Box::new(terminal))
}

fn show(text: &str) {
    if let Some(mut screen) = screen() {
        let _ = write!(screen, "{text}").and_then(|()| screen.flush());
    }
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

/// Asks for a yes, unless `--yes` has said it beforehand.
///
/// # Errors
/// Every other answer, with what was not done. Where there is nobody to ask, that is wrong use: silence is no yes.
pub(crate) async fn agreed(yes: bool, question: &str, not_done: &str) -> Result<(), Failure> {
    can_be_agreed(yes, question, not_done)?;
    if yes || agrees(question).await {
        return Ok(());
    }
    Err(Failure::failed(format!("stopped; {not_done}"), ""))
}

/// Whether [`agreed`] has somebody to ask, for those who do something else first.
///
/// # Errors
/// The same as there.
pub(crate) fn can_be_agreed(yes: bool, question: &str, not_done: &str) -> Result<(), Failure> {
    if yes || is_somebody_there() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("nobody is at a terminal to be asked \"{question}\"; {not_done}"),
        "give --yes to agree beforehand",
    ))
}

async fn agrees(question: &str) -> bool {
    let answer = asked(&format!("{question} (yes/no)"), "no").await;
    answer.is_some_and(|answer| matches!(answer.as_str(), "y" | "yes"))
}

fn read(question: &str, default: &str) -> Option<String> {
    let hint = if default.is_empty() {
        String::new()
    } else {
        format!(" [{default}]")
    };
    show(&format!("{question}{hint}: "));
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).ok()?;
    let answer = line.trim();
    match (read, answer) {
        (0, _) => {
            // Nobody has ended the question's line.
            show("\n");
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
        show("\n");
    }
}
