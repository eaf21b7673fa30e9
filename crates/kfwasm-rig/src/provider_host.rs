use url::Url;

use crate::RigError;

/// A host that the gateway calls: where one or more of a provider's endpoints are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderHost {
    /// Whether the connection is encrypted: the endpoint's scheme is https.
    pub tls: bool,
    /// The name or address, without port.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl ProviderHost {
    /// The host of an http or https address.
    ///
    /// # Errors
    /// [`RigError::BadAddress`].
    pub fn of(address: &str) -> Result<Self, RigError> {
        let bad = |reason: String| RigError::BadAddress {
            address: address.to_owned(),
            reason,
        };
        let url = Url::parse(address).map_err(|error| bad(error.to_string()))?;
        match (url.scheme(), url.host_str(), url.port_or_known_default()) {
            (scheme @ ("http" | "https"), Some(host), Some(port)) => Ok(Self {
                tls: scheme == "https",
                host: host.to_owned(),
                port,
            }),
            _ => Err(bad(
                "it must start with http:// or https:// and name a host".to_owned(),
            )),
        }
    }

    /// The name of its cluster, which is Istio's: a configuration that works here works there.
    #[must_use]
    pub fn cluster_name(&self) -> String {
        format!("outbound|{}||{}", self.port, self.host)
    }

    /// The `Host` that is sent to it.
    #[must_use]
    pub fn authority(&self) -> String {
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            _ => format!("{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cluster_of_an_https_issuer_is_named_as_istio_names_it() {
        let host = ProviderHost::of("https://login.example.com/tenant/v2.0").unwrap();
        assert_eq!(host.cluster_name(), "outbound|443||login.example.com");
        assert_eq!(host.authority(), "login.example.com");
    }

    #[test]
    fn a_port_of_its_own_is_kept() {
        let host = ProviderHost::of("http://127.0.0.1:5556/dex").unwrap();
        assert_eq!(
            (host.cluster_name().as_str(), host.tls),
            ("outbound|5556||127.0.0.1", false)
        );
        assert_eq!(host.authority(), "127.0.0.1:5556");
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for address in [
            "login.example.com",
            "ftp://example.com/",
            "mailto:a@example.com",
            "",
        ] {
            assert!(ProviderHost::of(address).is_err(), "{address}");
        }
    }
}
