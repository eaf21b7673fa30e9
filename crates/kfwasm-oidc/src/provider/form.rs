//! The body of a request to the token endpoint.

use form_urlencoded::byte_serialize;

use crate::secret::Secret;

/// An `application/x-www-form-urlencoded` body (RFC 6749 appendix B) in the making.
#[derive(Default)]
pub struct Form(String);

impl Form {
    /// A body without parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter; `value` are the bytes of its UTF-8 text.
    pub fn append(&mut self, name: &str, value: &[u8]) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.extend(byte_serialize(name.as_bytes()));
        self.0.push('=');
        self.0.extend(byte_serialize(value));
    }

    /// The body. It holds codes and secrets.
    #[must_use]
    pub fn into_body(self) -> Secret {
        Secret::new(self.0.into_bytes())
    }
}

impl core::fmt::Debug for Form {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Form([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn names_and_values_are_form_encoded() {
        let mut form = Form::new();
        form.append("grant_type", b"authorization_code");
        form.append("code", "a+b&c=d é".as_bytes());

        assert_eq!(
            form.into_body().expose(),
            b"grant_type=authorization_code&code=a%2Bb%26c%3Dd+%C3%A9"
        );
    }
}
