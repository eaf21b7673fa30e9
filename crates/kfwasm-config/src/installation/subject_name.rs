use std::net::IpAddr;

use crate::public_host::PublicHost;

/// What a certificate says of a host (RFC 6125 §1.7.2): browsers compare addresses and names differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// `ipAddresses` of a Certificate.
    Address(IpAddr),
    /// `dnsNames` of a Certificate.
    Dns(String),
}

impl SubjectName {
    /// The host without its port.
    pub fn of(host: &PublicHost) -> Self {
        let text = host.as_str();
        let name = match text.rsplit_once(':') {
            Some((name, _)) if !text.ends_with(']') => name,
            _ => text,
        };
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        match bare.parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::Dns(name.to_owned()),
        }
    }
}
