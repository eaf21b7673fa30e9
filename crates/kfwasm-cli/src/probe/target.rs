use kfwasm_config::{Config, PublicHost};

/// Where a gateway is, and by which name it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Host and port to connect to.
    pub(crate) address: String,
    /// The public host, with its port if it is not the scheme's own.
    pub(crate) authority: String,
    /// What is asked for.
    pub(crate) path: String,
    pub(crate) tls: bool,
}

impl Target {
    /// The gateway of a configuration: at its first public host, or at another address.
    pub(crate) fn of(config: &Config, address: Option<&str>) -> Option<Self> {
        let host = config.public_hosts.first()?;
        let tls = !config.insecure_http;
        let at = address.map_or_else(|| with_port(host, tls), |at| with_port_of(at, tls));
        Some(Self {
            address: at,
            authority: host.as_str().to_owned(),
            path: "/".to_owned(),
            tls,
        })
    }

    /// The same gateway at another host, by the same port.
    pub(crate) fn at(mut self, host: &str) -> Self {
        let port = self.address.rsplit_once(':').map(|(_, port)| port);
        let host = match host.contains(':') {
            true => format!("[{host}]"),
            false => host.to_owned(),
        };
        self.address = format!("{host}:{}", port.unwrap_or_default());
        self
    }

    /// The host that the certificate is to be for.
    pub(crate) fn host(&self) -> &str {
        let authority = self.authority.as_str();
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let host = if is_port { host } else { authority };
        host.trim_start_matches('[').trim_end_matches(']')
    }
}

fn with_port(host: &PublicHost, tls: bool) -> String {
    with_port_of(host.as_str(), tls)
}

fn with_port_of(address: &str, tls: bool) -> String {
    let after_brackets = address.rsplit_once(']').map_or(address, |(_, rest)| rest);
    match (after_brackets.contains(':'), tls) {
        (true, _) => address.to_owned(),
        (false, true) => format!("{address}:443"),
        (false, false) => format!("{address}:80"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_the_scheme_is_added_where_there_is_none() {
        for (address, tls, wanted) in [
            ("ml.example.com", true, "ml.example.com:443"),
            ("ml.example.com", false, "ml.example.com:80"),
            ("localhost:8080", true, "localhost:8080"),
            ("[::1]", true, "[::1]:443"),
            ("[::1]:8443", true, "[::1]:8443"),
        ] {
            assert_eq!(with_port_of(address, tls), wanted);
        }
    }

    #[test]
    fn a_load_balancer_is_asked_at_the_port_of_the_public_host() {
        let target = Target {
            address: "ml.example.com:8443".to_owned(),
            authority: "ml.example.com:8443".to_owned(),
            path: "/".to_owned(),
            tls: true,
        };
        for (host, wanted) in [
            ("203.0.113.10", "203.0.113.10:8443"),
            ("lb.example.com", "lb.example.com:8443"),
            ("2001:db8::1", "[2001:db8::1]:8443"),
        ] {
            let moved = target.clone().at(host);
            assert_eq!(moved.address, wanted);
            assert_eq!(moved.authority, target.authority);
        }
    }

    #[test]
    fn the_host_is_the_authority_without_port_and_brackets() {
        for (authority, wanted) in [
            ("ml.example.com", "ml.example.com"),
            ("ml.example.com:8443", "ml.example.com"),
            ("203.0.113.10", "203.0.113.10"),
            ("[::1]:8443", "::1"),
            ("[::1]", "::1"),
        ] {
            let target = Target {
                address: String::new(),
                authority: authority.to_owned(),
                path: "/".to_owned(),
                tls: true,
            };
            assert_eq!(target.host(), wanted);
        }
    }
}
