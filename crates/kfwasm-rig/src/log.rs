use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::RigError;

/// What a program printed, line by line: in a file, in memory, and to whoever follows it.
#[derive(Clone, Debug)]
pub struct Log {
    path: PathBuf,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    lines: Vec<String>,
    followers: Vec<Sender<String>>,
}

impl Log {
    pub(crate) fn create(path: PathBuf) -> Result<(Self, File), RigError> {
        let file = File::create(&path)
            .map_err(RigError::io(format!("create the log {}", path.display())))?;
        Ok((
            Self {
                path,
                shared: Arc::default(),
            },
            file,
        ))
    }

    /// Takes over an output of the program until it closes it.
    pub(crate) fn read_from(
        &self,
        output: impl Read + Send + 'static,
        mut file: File,
    ) -> JoinHandle<()> {
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                // A full disk must not stop the program whose output this is.
                let _ = writeln!(file, "{line}");
                locked(&shared).add(line);
            }
        })
    }

    /// The file that holds every line.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every line so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        locked(&self.shared).lines.clone()
    }

    /// Every line from now on. The channel closes with the log.
    #[must_use]
    pub fn follow(&self) -> Receiver<String> {
        let (sender, receiver) = channel();
        locked(&self.shared).followers.push(sender);
        receiver
    }

    /// The last `count` lines, as one text.
    #[must_use]
    pub fn tail(&self, count: usize) -> String {
        let lines = self.lines();
        let skipped = lines.len().saturating_sub(count);
        lines
            .into_iter()
            .skip(skipped)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Shared {
    fn add(&mut self, line: String) {
        self.followers
            .retain(|follower| follower.send(line.clone()).is_ok());
        self.lines.push(line);
    }
}

/// A reader that panicked leaves whole lines behind, so a poisoned lock is as good as any.
fn locked(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
