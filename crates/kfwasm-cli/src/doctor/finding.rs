use serde::Serialize;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What the rule is about.
    pub(crate) chapter: &'static str,
    /// The rule's name.
    pub(crate) rule: &'static str,
    pub(crate) mark: Mark,
    /// What is, in one line.
    pub(crate) what: String,
    /// What to do about it; empty when nothing.
    pub(crate) advice: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mark {
    /// As it should be.
    Good,
    /// It may be meant, or will be wrong.
    Doubtful,
    /// It could not be seen, and may be wrong.
    Unchecked,
    /// Sign-in does not work, or is not safe.
    Wrong,
}

impl Finding {
    pub(crate) fn good(rule: &'static str, what: impl Into<String>) -> Self {
        Self::new(rule, Mark::Good, what, "")
    }

    pub(crate) fn doubtful(rule: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(rule, Mark::Doubtful, what, advice)
    }

    pub(crate) fn wrong(rule: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(rule, Mark::Wrong, what, advice)
    }

    /// What could not be seen is never good.
    pub(crate) fn unchecked(rule: &'static str, why: &str, advice: &str) -> Self {
        Self::new(rule, Mark::Unchecked, format!("not checked: {why}"), advice)
    }

    fn new(rule: &'static str, mark: Mark, what: impl Into<String>, advice: &str) -> Self {
        Self {
            chapter: "",
            rule,
            mark,
            what: what.into(),
            advice: advice.to_owned(),
        }
    }
}
