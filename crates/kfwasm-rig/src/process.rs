use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use crate::{Log, RigError};

/// A program that was started here and ends with this value, with what it prints kept in a [`Log`].
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: Log,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts the program. Both of its outputs go to the log at `log`.
    ///
    /// It stays in our process group, so that a Ctrl-C at the terminal reaches it even when we cannot.
    ///
    /// # Errors
    /// [`RigError::ProgramMissing`] with this advice, or what the system says.
    pub fn start(
        mut command: Command,
        log: PathBuf,
        advice: &'static str,
    ) -> Result<Self, RigError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(program, advice, error))?;
        let (log, file) = Log::create(log)?;
        let second = file
            .try_clone()
            .map_err(RigError::io("share the log's file"))?;
        let output = child
            .stdout
            .take()
            .map(|output| log.read_from(output, second));
        let errors = child
            .stderr
            .take()
            .map(|output| log.read_from(output, file));
        Ok(Self {
            child,
            log,
            readers: output.into_iter().chain(errors).collect(),
        })
    }

    /// The process identifier.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it prints.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The program's input. It closes when what is returned is dropped.
    pub fn take_input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// How it ended, if it has and its last words are in the log.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten()?;
        self.readers
            .iter()
            .all(JoinHandle::is_finished)
            .then_some(status)
    }

    /// Ends it, at once, and waits until it has.
    pub fn stop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

fn not_started(program: String, advice: &'static str, error: io::Error) -> RigError {
    match error.kind() {
        io::ErrorKind::NotFound => RigError::ProgramMissing { program, advice },
        _ => RigError::Io {
            doing: format!("start {program}"),
            error,
        },
    }
}
