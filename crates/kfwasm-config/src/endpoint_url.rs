use crate::authority;
use crate::scheme::Scheme;
use crate::url_error::UrlError;

/// The URL of an endpoint: absolute, without fragment (RFC 6749 §3.1), at most 2048 bytes. Split once
/// into what a request to it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        from = "String",
        into = "String",
        extend("format" = "uri", "pattern" = "^https?://", "maxLength" = 2048)
    )
)]
pub struct EndpointUrl {
    text: String,
    scheme: Scheme,
    authority: String,
    host: String,
    port: u16,
    path_and_query: String,
}

impl EndpointUrl {
    const LONGEST: usize = 2048;

    /// Reads a URL; plain http only when `insecure_http`.
    ///
    /// # Errors
    /// Which rule it breaks.
    pub fn parse(text: &str, insecure_http: bool) -> Result<Self, UrlError> {
        Self::parse_template(text, "", insecure_http)
    }

    /// Reads a URL whose path may contain `placeholder`, as it stands.
    pub(crate) fn parse_template(
        text: &str,
        placeholder: &str,
        insecure_http: bool,
    ) -> Result<Self, UrlError> {
        if text.len() > Self::LONGEST {
            return Err(UrlError::TooLong);
        }
        let (scheme, rest) = split_scheme(text)?;
        if scheme == Scheme::Http && !insecure_http {
            return Err(UrlError::PlainHttp);
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (host, port) = authority::split(authority)?;
        check_target(target, placeholder)?;
        Ok(Self {
            text: text.to_owned(),
            scheme,
            authority: authority.to_owned(),
            host: host.to_ascii_lowercase(),
            port: port.unwrap_or(scheme.default_port()),
            path_and_query: with_path(target),
        })
    }

    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `https`, or `http` where that was allowed.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// `host[:port]` as it was written, for the `:authority` of a request.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host in lower case, without port; an IPv6 address is in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, written or meant by the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query, for the `:path` of a request; begins with `/`.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), UrlError> {
    if let Some(rest) = text.strip_prefix("https://") {
        return Ok((Scheme::Https, rest));
    }
    match text.strip_prefix("http://") {
        Some(rest) => Ok((Scheme::Http, rest)),
        None => Err(UrlError::NotAbsolute),
    }
}

fn check_target(target: &str, placeholder: &str) -> Result<(), UrlError> {
    if target.contains('#') {
        return Err(UrlError::Fragment);
    }
    let checked = if placeholder.is_empty() {
        target.to_owned()
    } else {
        target.replace(placeholder, "")
    };
    if checked.bytes().all(is_target_byte) && escapes_are_whole(&checked) {
        Ok(())
    } else {
        Err(UrlError::Character)
    }
}

/// What a path or a query is made of (RFC 3986 §3.3, §3.4).
fn is_target_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte)
}

/// Whether two hexadecimal digits follow each `%` (RFC 3986 §2.1).
fn escapes_are_whole(target: &str) -> bool {
    let mut after = target.split('%');
    after.next();
    after.all(|rest| {
        let mut bytes = rest.bytes();
        let mut digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        digit() && digit()
    })
}

/// A request has a path even when the URL has none (RFC 9110 §4.2.3).
fn with_path(target: &str) -> String {
    if target.starts_with('/') {
        target.to_owned()
    } else {
        ["/", target].concat()
    }
}
