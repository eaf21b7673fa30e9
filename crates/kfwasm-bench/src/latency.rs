//! One request after the other, for a bench that times them.

use anyhow::Result;

use crate::load::Connection;
use crate::subject::Subject;
use crate::variants::{self, Stage};

/// A gateway of each variant that can run here.
pub struct Gateways {
    asked: Vec<Asked>,
    /// Its upstream and provider serve the gateways for as long as this is there.
    _stage: Stage,
}

/// One gateway, and a connection to it that is kept.
struct Asked {
    subject: Subject,
    connection: Connection,
}

impl Gateways {
    /// Starts them; `cargo xtask bench` says in the environment where their parts are.
    ///
    /// # Errors
    /// A part is missing or does not start.
    pub fn start() -> Result<Self> {
        let stage = Stage::start()?;
        let mut asked = Vec::new();
        for name in variants::wanted(&[]) {
            if let Some(subject) = variants::start_one(name, &stage)? {
                let connection = subject.target.connect()?;
                asked.push(Asked {
                    subject,
                    connection,
                });
            }
        }
        Ok(Self {
            asked,
            _stage: stage,
        })
    }

    /// The title of each variant, and a function that sends one request and takes its answer, which must be right.
    pub fn each(&mut self) -> impl Iterator<Item = (&str, impl FnMut() -> Result<()>)> {
        self.asked.iter_mut().map(|asked| {
            let (title, target) = (&*asked.subject.title, &asked.subject.target);
            let connection = &mut asked.connection;
            (title, move || target.ask(connection))
        })
    }
}
