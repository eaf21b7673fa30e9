//! The header that shows a filter behind kfwasm that a request has been decided on.

use kfwasm_config::HeaderName;

use crate::secret::Secret;

/// The header and its value, which only the gateway knows.
#[derive(Debug)]
pub struct Gate {
    name: HeaderName,
    value: Secret,
}

/// Bounds of the value in bytes: it must not be guessed, and it travels with every request.
const SHORTEST: usize = 32;
const LONGEST: usize = 256;

impl Gate {
    /// The gate with this value; `None` when that can be guessed or cannot stand in a header and in a policy as it is.
    pub(crate) fn new(name: HeaderName, value: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = (SHORTEST..=LONGEST).contains(&value.len()) && value.bytes().all(fits);
        fits.then(|| Self {
            name,
            value: Secret::new(value.as_bytes().to_vec()),
        })
    }

    pub(crate) fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(crate) fn value(&self) -> &[u8] {
        self.value.expose()
    }
}
