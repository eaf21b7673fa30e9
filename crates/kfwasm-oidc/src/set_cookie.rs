//! Cookies that are set and deleted (RFC 6265 §4.1).

/// Largest `name=value` in bytes that browsers keep (RFC 6265bis §5.6: 4,096 for name and value).
pub(crate) const LARGEST: usize = 4096;

/// How cookies are set in one deployment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetCookie {
    /// Whether browsers are to send them over https alone.
    pub(crate) secure: bool,
}

impl SetCookie {
    /// The value of a `set-cookie` header; the cookie lives `max_age` seconds.
    ///
    /// `HttpOnly`: no script reads it. `SameSite=Lax`: it comes along when a person follows a link to us, and with the
    /// provider's redirect, but not with requests that other sites make.
    pub(crate) fn set(self, name: &str, value: &str, path: &str, max_age: u64) -> String {
        let age = max_age.to_string();
        let secure = if self.secure { "; Secure" } else { "" };
        [
            name,
            "=",
            value,
            "; Path=",
            path,
            "; Max-Age=",
            &age,
            "; HttpOnly; SameSite=Lax",
            secure,
        ]
        .concat()
    }

    /// The value of a `set-cookie` header that deletes the cookie.
    pub(crate) fn delete(self, name: &str, path: &str) -> String {
        self.set(name, "", path, 0)
    }
}
