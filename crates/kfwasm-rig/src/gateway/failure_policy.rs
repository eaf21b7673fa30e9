/// What Envoy does when the module fails (`envoy.extensions.wasm.v3.FailurePolicy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailurePolicy {
    /// Starts it anew, and answers 503 until then.
    #[default]
    FailReload,
    /// Answers 503 until the next configuration.
    FailClosed,
    /// Lets requests through without it.
    FailOpen,
}

impl FailurePolicy {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::FailReload => "FAIL_RELOAD",
            Self::FailClosed => "FAIL_CLOSED",
            Self::FailOpen => "FAIL_OPEN",
        }
    }
}
