use std::fmt;
use std::process::ExitCode;

/// Why a command did not do what it was asked to: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
    advice: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It was tried, and failed.
    Failed,
    /// What was asked cannot be meant.
    Usage,
    /// The cluster lacks something that is needed.
    NotReady,
}

impl Failure {
    /// It was tried, and failed.
    pub(crate) fn failed(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message, advice)
    }

    /// What was asked, on the command line or in kfwasm.yaml, cannot be meant.
    pub(crate) fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message, advice)
    }

    /// The cluster lacks something that is needed; nothing was changed.
    pub(crate) fn not_ready(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Kind::NotReady, message, advice)
    }

    fn new(kind: Kind, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            advice: advice.into(),
        }
    }

    /// What is wrong, without what to do about it.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The same with another advice, where there was none.
    pub(crate) fn or_advice(mut self, advice: &str) -> Self {
        if self.advice.is_empty() {
            advice.clone_into(&mut self.advice);
        }
        self
    }

    /// What to do about it; empty where there is nothing to say.
    pub(crate) fn advice(&self) -> &str {
        &self.advice
    }

    /// 1 failed, 2 usage, 3 cluster not ready.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.kind {
            Kind::Failed => ExitCode::from(1),
            Kind::Usage => ExitCode::from(2),
            Kind::NotReady => ExitCode::from(3),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.advice.is_empty() {
            return Ok(());
        }
        write!(f, "\n    {}", self.advice)
    }
}

impl std::error::Error for Failure {}
