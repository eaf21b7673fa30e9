//! What the shell is to do next.

use crate::callout::HttpRequest;
use crate::header_edits::HeaderEdits;
use crate::local_reply::LocalReply;
use crate::pending::Pending;

/// The next step of a request's life. Only [`Step::Callout`] goes on after it.
pub enum Step {
    /// Let the request through with these changes.
    Forward(HeaderEdits),
    /// Answer it here.
    Reply(LocalReply),
    /// Send a request elsewhere, and resume with its response, or with the reason why there is none, within the
    /// request's deadline.
    Callout(Box<HttpRequest>, Box<Pending>),
}
