//! The targets by name.

use crate::{documents, gateway, parts};

/// A target: what it is called, and what it does with the bytes.
type Target = (&'static str, fn(&[u8]));

/// Every target. `crates/xtask/src/fuzz.rs` has the same list.
pub(crate) const ALL: [Target; 15] = [
    ("configuration", documents::configuration),
    ("cookies", parts::cookies),
    ("discovery", documents::discovery),
    ("header_map", documents::header_map),
    ("id_token", documents::id_token),
    ("key_set", documents::key_set),
    ("log_line", parts::log_line),
    ("logout_token", documents::logout_token),
    ("memberships", documents::memberships),
    ("path", parts::path),
    ("planted", planted),
    ("request", gateway::request),
    ("session_record", documents::session_record),
    ("token_response", documents::token_response),
    ("user_info", documents::user_info),
];

/// A fault that chance does not find in a lifetime and a fuzzer that sees branches finds in a second: it shows that this one
/// sees them.
fn planted(data: &[u8]) {
    let mut letters = data.iter();
    for expected in b"kfwasm" {
        if letters.next() != Some(expected) {
            return;
        }
    }
    panic!("the planted fault");
}
