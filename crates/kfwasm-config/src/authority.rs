use crate::url_error::UrlError;

/// Splits `host[:port]` (RFC 3986 §3.2) into the host as written and the port.
///
/// The host is a DNS name or IPv4 address (letters, digits, `.`, `-`, `_`), or an IPv6 address in
/// brackets.
pub(crate) fn split(authority: &str) -> Result<(&str, Option<u16>), UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInformation);
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(parse_port(port)?)),
        _ => (authority, None),
    };
    if is_host(host) {
        Ok((host, port))
    } else {
        Err(UrlError::Host)
    }
}

fn parse_port(text: &str) -> Result<u16, UrlError> {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits && port > 0 => Ok(port),
        _ => Err(UrlError::Port),
    }
}

fn is_host(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    match inside {
        Some(address) => is_ipv6(address),
        None => is_dns_name(host),
    }
}

fn is_ipv6(address: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
    (2..=45).contains(&address.len()) && address.bytes().all(allowed)
}

fn is_dns_name(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_dns_label)
}

fn is_dns_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(allowed)
}
