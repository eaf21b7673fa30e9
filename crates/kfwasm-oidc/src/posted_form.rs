//! Forms that are posted to our own endpoints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::parse;
use zeroize::Zeroizing;

use crate::request_head::RequestHead;

/// The fields of an `application/x-www-form-urlencoded` body. They may hold codes and tokens.
pub(crate) struct PostedForm(Vec<(String, Zeroizing<String>)>);

/// Why a body is not a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormFault {
    /// There is no body.
    Missing,
    /// There is one, and the gateway does not hand it over.
    NotHandedOver,
    /// It is larger than any form that is expected here.
    TooLong,
    /// It is of another kind, or not text.
    NotAForm,
    /// RFC 6749 §3.2: "parameters MUST NOT be included more than once".
    Repeated,
}

/// Longest body in bytes.
const LONGEST: usize = 16 * 1024;

/// Most fields that are read.
const MOST: usize = 16;

impl PostedForm {
    /// Reads the form that came with a request.
    pub(crate) fn of(head: &RequestHead<'_>) -> Result<Self, FormFault> {
        if head.body.is_empty() {
            return Err(if head.has_body {
                FormFault::NotHandedOver
            } else {
                FormFault::Missing
            });
        }
        if head.body.len() > LONGEST.div_ceil(3).saturating_mul(4) {
            return Err(FormFault::TooLong);
        }
        if !is_form(head.content_type) {
            return Err(FormFault::NotAForm);
        }
        let body = STANDARD
            .decode(head.body)
            .map_err(|_| FormFault::NotAForm)?;
        Self::parse(&Zeroizing::new(body))
    }

    fn parse(body: &[u8]) -> Result<Self, FormFault> {
        let mut form = Self(Vec::new());
        for (name, value) in parse(body) {
            if form.field(&name).is_some() {
                return Err(FormFault::Repeated);
            }
            if form.0.len() == MOST {
                return Err(FormFault::TooLong);
            }
            let value = Zeroizing::new(value.into_owned());
            form.0.push((name.into_owned(), value));
        }
        Ok(form)
    }

    /// The value of a field, also when it is empty.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(it, _)| it == name);
        field.map(|(_, value)| value.as_str())
    }
}

impl FormFault {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "There is no form in the request",
            Self::NotHandedOver => "The gateway does not hand over what is posted",
            Self::TooLong => "The form is too long",
            Self::NotAForm => "What is posted is no form",
            Self::Repeated => "The form names a field twice",
        }
    }

    /// What the operator can do, where that is who can.
    pub(crate) const fn report(self) -> &'static str {
        match self {
            Self::NotHandedOver => {
                "a form was posted and did not arrive: put the filter kfwasm.bodies in front of the module, with a route for each path, and a virtual host for each public host (docs/decisions/019-request-bodies.md)"
            }
            other => other.as_str(),
        }
    }
}

/// Whether the media type is that of forms, whatever its parameters (RFC 9110 §8.3.1).
fn is_form(content_type: &[u8]) -> bool {
    let essence = content_type.split(|byte| *byte == b';').next();
    let essence = essence.unwrap_or_default().trim_ascii();
    essence.eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}
