use super::short_names;
use crate::authority;
use crate::refusal::Refusal;

/// A host that the filter reaches the provider at: `oauth2.googleapis.com`, or with a port other than 443.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderHost {
    /// The host in lower case.
    pub host: String,
    /// The port.
    pub port: u16,
}

const HTTPS: u16 = 443;

impl ProviderHost {
    /// Reads `host` or `host:port`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let Ok((host, port)) = authority::split(text) else {
            return Err(Refusal::quoting(
                text,
                "is not a host",
                "write a host such as oauth2.googleapis.com, with a port if it is not 443",
            ));
        };
        let host = host.to_ascii_lowercase();
        match short_names::refusal(&host) {
            Some(refusal) => Err(refusal),
            None => Ok(Self {
                host,
                port: port.unwrap_or(HTTPS),
            }),
        }
    }
}
