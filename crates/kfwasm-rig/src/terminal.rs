use std::io::{Read as _, Write as _};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pty_process::blocking::{Command as OnTerminal, Pty, open};

use crate::{RigError, wait_until};

const PATIENCE: Duration = Duration::from_secs(60);
/// What the key Ctrl-C sends (ETX): the terminal makes SIGINT of it.
const CTRL_C: &str = "\u{3}";
/// What the key Ctrl-D sends (EOT): at the begin of a line, the terminal ends the input.
const CTRL_D: &str = "\u{4}";

/// A program at a pseudo-terminal, and the person who sits there.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Terminal {
    /// Runs a program with the terminal as its standard streams.
    ///
    /// # Errors
    /// When there is no terminal to be had, or no such program.
    pub fn run(command: &Command) -> Result<Self, RigError> {
        let opened = open().map_err(broken("open a terminal"))?;
        let (pty, pts) = opened;
        let child = on_terminal(command).spawn(pts);
        let pty = Arc::new(pty);
        let printed = Arc::default();
        read_on(Arc::clone(&pty), Arc::clone(&printed));
        Ok(Self {
            pty,
            child: child.map_err(broken("run a program at a terminal"))?,
            printed,
        })
    }

    /// Waits until the program has printed these words.
    ///
    /// # Errors
    /// [`RigError::TimedOut`], with what it printed instead.
    pub fn wait_for(&self, words: &str) -> Result<(), RigError> {
        let has_printed = || self.printed().contains(words).then_some(());
        let in_vain = |_| RigError::unexpected("the program at the terminal", self.printed());
        wait_until(words, PATIENCE, has_printed).map_err(in_vain)
    }

    /// Types a line.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn answer(&self, line: &str) -> Result<(), RigError> {
        self.press(&format!("{line}\n"))
    }

    /// Presses Ctrl-C.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn interrupt(&self) -> Result<(), RigError> {
        self.press(CTRL_C)
    }

    /// Presses Ctrl-D.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn end_input(&self) -> Result<(), RigError> {
        self.press(CTRL_D)
    }

    fn press(&self, keys: &str) -> Result<(), RigError> {
        let mut pty = &*self.pty;
        pty.write_all(keys.as_bytes())
            .map_err(RigError::io("type at a terminal"))
    }

    /// Waits until the program ends: its exit code, and all that it has printed.
    ///
    /// # Errors
    /// [`RigError::TimedOut`]
    pub fn end(mut self) -> Result<(Option<i32>, String), RigError> {
        let status = wait_until("the program at the terminal to end", PATIENCE, || {
            self.child.try_wait().ok().flatten()
        })?;
        // What it printed last may still be on its way.
        wait_until("the end of what it printed", PATIENCE, || {
            (Arc::strong_count(&self.printed) == 1).then_some(())
        })?;
        Ok((status.code(), self.printed()))
    }

    fn printed(&self) -> String {
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.replace("\r\n", "\n")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on_terminal(command: &Command) -> OnTerminal {
    let program = OnTerminal::new(command.get_program()).args(command.get_args());
    let program = match command.get_current_dir() {
        Some(folder) => program.current_dir(folder),
        None => program,
    };
    let changes = command.get_envs();
    changes.fold(program, |program, (name, value)| match value {
        Some(value) => program.env(name, value),
        None => program.env_remove(name),
    })
}

/// Keeps what is printed until nothing has the terminal open any more.
fn read_on(pty: Arc<Pty>, printed: Arc<Mutex<String>>) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = (&*pty).read(&mut bytes) {
            let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default());
            let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
            printed.push_str(&text);
        }
    });
}

fn broken(doing: &'static str) -> impl FnOnce(pty_process::Error) -> RigError {
    move |error| RigError::Io {
        doing: doing.to_owned(),
        error: std::io::Error::other(error),
    }
}
