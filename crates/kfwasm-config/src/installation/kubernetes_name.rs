use crate::refusal::Refusal;

/// The name of an object in Kubernetes: a DNS subdomain name (RFC 1123 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubernetesName(String);

const LONGEST: usize = 253;

impl KubernetesName {
    /// Reads a name.
    ///
    /// # Errors
    /// When no object can be called so.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if (1..=LONGEST).contains(&text.len()) && text.split('.').all(is_label) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a name in Kubernetes",
            "write lower-case letters, digits, '-' and '.', with a letter or digit at both ends",
        ))
    }

    /// One that is known to be a name.
    pub(super) fn known(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !label.is_empty()
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
