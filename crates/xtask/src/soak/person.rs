use std::sync::{Mutex, PoisonError};

/// Somebody who has signed in, and the cookie of the session as the gateways last set it.
pub(super) struct Person {
    pub(super) email: String,
    session: Mutex<String>,
}

impl Person {
    pub(super) fn new(email: String, session: String) -> Self {
        Self {
            email,
            session: Mutex::new(session),
        }
    }

    pub(super) fn session(&self) -> String {
        self.session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes over a renewed cookie, as a browser does.
    pub(super) fn renew(&self, session: String) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }
}
