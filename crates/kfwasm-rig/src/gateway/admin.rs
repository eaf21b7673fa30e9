use std::fs;
use std::path::Path;

use crate::{RigError, exchange};

/// Envoy's administration interface, on a port of loopback that Envoy chose.
#[derive(Clone, Debug)]
pub(super) struct Admin {
    authority: String,
}

impl Admin {
    /// Where Envoy wrote that it listens, once it has.
    pub(super) fn find(address_file: &Path) -> Option<Self> {
        let authority = fs::read_to_string(address_file).ok()?;
        (!authority.is_empty()).then_some(Self { authority })
    }

    pub(super) fn is_ready(&self) -> bool {
        self.get("/ready")
            .is_ok_and(|answer| answer.trim_end() == "LIVE")
    }

    /// The value of one counter or gauge; 0 while Envoy has none of this name.
    pub(super) fn stat(&self, name: &str) -> Result<u64, RigError> {
        let stats = self.get("/stats")?;
        let value = stats
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        Ok(value.and_then(|value| value.parse().ok()).unwrap_or(0))
    }

    pub(super) fn get(&self, path: &str) -> Result<String, RigError> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.authority
        );
        exchange(&self.authority, request.as_bytes()).map(|response| response.text())
    }
}
