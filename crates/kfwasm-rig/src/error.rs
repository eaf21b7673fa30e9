use std::fmt;
use std::io;
use std::path::PathBuf;

/// What can go wrong with the real parts, each with what to do about it.
#[derive(thiserror::Error)]
pub enum RigError {
    /// Somebody else listens there.
    #[error(
        "port {port} is in use by another program\n    stop that program, or choose another port with --port"
    )]
    PortInUse {
        /// The TCP port on loopback.
        port: u16,
    },
    /// Something listens on every port that could be given.
    #[error("no port is free\n    stop what listens on 127.0.0.1")]
    NoFreePort,
    /// A program that only the machine's owner can install.
    #[error("{program} was not found\n    {advice}")]
    ProgramMissing {
        /// Its name, as one would type it.
        program: String,
        /// Where it comes from.
        advice: &'static str,
    },
    /// A file that `cargo xtask` makes or fetches.
    #[error(
        "{what} is not there: {reason}\n    run this by `cargo xtask test`, which makes it and says where it is"
    )]
    PartMissing {
        /// What it is.
        what: &'static str,
        /// The environment variable or path that was looked at.
        reason: String,
    },
    /// Envoy ended before it served, or refused what it was given.
    #[error("Envoy refused its configuration: {reason}\n    its whole log is {log}")]
    EnvoyRefused {
        /// Envoy's own words.
        reason: String,
        /// Where its log is.
        log: PathBuf,
    },
    /// A part ended, or never said that it is ready.
    #[error("the {part} did not start: {reason}")]
    DidNotStart {
        /// Which part.
        part: &'static str,
        /// Its last words.
        reason: String,
    },
    /// The wait was over before the condition held.
    #[error("waited {seconds} s in vain for {what}")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long, in seconds.
        seconds: u64,
    },
    /// An answer that is not what the protocol or the page promises.
    #[error("{from} answered {what}")]
    UnexpectedAnswer {
        /// Who answered.
        from: String,
        /// What came, in short.
        what: String,
    },
    /// The provider cannot be used as it is.
    #[error("the provider at {issuer} cannot be used: {reason}\n    {advice}")]
    UnusableProvider {
        /// The issuer that was asked.
        issuer: String,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// An address that cannot be parsed or used.
    #[error("{address:?} is not an address that can be used here: {reason}")]
    BadAddress {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system said no.
    #[error("{doing}: {error}")]
    Io {
        /// What was tried.
        doing: String,
        /// What it said.
        error: io::Error,
    },
}

/// As [`fmt::Display`]: `unwrap` and `?` in a test show it to a person.
impl fmt::Debug for RigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl RigError {
    /// For `map_err`: names what was tried when the operating system said no.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, error }
    }

    /// An answer of `from` that is not what it should be.
    pub fn unexpected(from: impl Into<String>, what: impl Into<String>) -> Self {
        Self::UnexpectedAnswer {
            from: from.into(),
            what: what.into(),
        }
    }
}
