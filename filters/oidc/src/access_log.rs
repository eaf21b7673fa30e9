//! What Envoy's access log is told of a decision, where the configuration asks for it.

use kfwasm_config::AccessLogField;
use kfwasm_oidc::{OpenSession, Outcome};

use crate::host_calls;

/// Keeps the fields with the request. One that the host does not keep is missing in the access log, and harms nothing.
pub(crate) fn tell(fields: &[AccessLogField], outcome: Outcome, session: Option<&OpenSession>) {
    for field in fields {
        if let Some(value) = value(*field, outcome, session) {
            host_calls::set_property(property(*field), value);
        }
    }
}

const fn property(field: AccessLogField) -> &'static str {
    match field {
        AccessLogField::Outcome => "kfwasm_outcome",
        AccessLogField::User => "kfwasm_user",
        AccessLogField::Session => "kfwasm_session",
        AccessLogField::Provider => "kfwasm_provider",
    }
}

fn value(field: AccessLogField, outcome: Outcome, session: Option<&OpenSession>) -> Option<&[u8]> {
    match field {
        AccessLogField::Outcome => Some(outcome.as_str().as_bytes()),
        AccessLogField::User => Some(session?.user()),
        AccessLogField::Session => Some(session?.hashed_id().as_bytes()),
        AccessLogField::Provider => Some(session?.provider().as_bytes()),
    }
}
