//! What the fuzzer reaches besides what is public.

use crate::session::Session;

/// Reads what stands in the cookie of a session, once it is opened. What is read can be written, and be read again.
///
/// # Panics
/// It cannot: that is what a fuzzer is told so.
pub fn session_record(record: &[u8]) {
    if let Some(session) = Session::from_record(record) {
        let written = session.to_record();
        assert!(Session::from_record(&written).is_some(), "{written:?}");
    }
}
