use crate::env_name::EnvName;
use crate::header_name::HeaderName;
use crate::read::field::Field;
use crate::read::object::Object;

/// What shows a filter behind kfwasm that a request has been decided on, where the mark in Envoy's filter state cannot be
/// asked for: a header that only kfwasm knows the value of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct BackstopHeader {
    /// The name of the header, which is set on every request that is let through.
    pub header: Option<HeaderName>,
    /// The environment variable with its value: 32 to 256 letters, digits, `-` and `_`. An AuthorizationPolicy demands the
    /// same value; whoever can read that policy, or what reaches a program behind the gateway, can read it.
    pub secret: Option<EnvName>,
}

impl BackstopHeader {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let header = object.optional("header", &HeaderName::parse);
        let secret = EnvName::read(&mut object, "secret");
        match (&header, &secret) {
            (Field::Read(_), Field::Absent) => object.refuse(
                "secret",
                "is missing, and without it anybody could send the header",
                "write {env: NAME} with the header's value in that environment variable",
            ),
            (Field::Absent, Field::Read(_)) => object.refuse(
                "header",
                "is missing, and the secret stands in no other",
                "write the header's name, such as x-kfwasm-gate, or remove the secret",
            ),
            _ => {}
        }
        object.finish();
        Some(Self {
            header: header.into_option(),
            secret: secret.into_option(),
        })
    }
}
