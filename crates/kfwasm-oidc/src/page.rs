//! The pages that people see.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("../templates/page.css");
const SCRIPT: &str = include_str!("../templates/reload_top.js");

/// One page: what happened, what it means, and at most one thing to do.
#[derive(Template)]
#[template(path = "page.html")]
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) message: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) action: Action<'a>,
    pub(crate) request_id: &'a str,
    /// The referrer policy of the page's links; empty for the header's, which is none.
    pub(crate) referrer: &'static str,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
}

/// The one thing to do on a page.
#[derive(Clone, Copy)]
pub(crate) enum Action<'a> {
    /// Nothing.
    None,
    /// Go to a path of this gateway.
    Link { label: &'a str, href: &'a str },
    /// The same, for the whole window and not the frame.
    LinkTop { label: &'a str, href: &'a str },
}

impl<'a> Page<'a> {
    pub(crate) fn new(title: &'a str, message: &'a str) -> Self {
        Self {
            title,
            message,
            detail: "",
            action: Action::None,
            request_id: "",
            referrer: "",
            style: STYLE,
            script: "",
        }
    }

    /// The page that takes a frame's window to sign-in.
    pub(crate) fn frame() -> Self {
        Self {
            action: Action::LinkTop {
                label: "Sign in",
                href: "/",
            },
            script: SCRIPT,
            ..Self::new(
                "Your session has ended",
                "Sign in again to go on. The whole window is loaded anew for that.",
            )
        }
    }

    /// The page as HTML. Rendering into memory cannot fail; were it to, the page would be empty.
    pub(crate) fn html(&self) -> Vec<u8> {
        self.render().unwrap_or_default().into_bytes()
    }
}

/// The `content-security-policy` of all pages: their own style and script, by hash, and nothing else
/// (CSP Level 3 §2.3.1).
pub(crate) fn content_security_policy() -> String {
    [
        "default-src 'none'; style-src '",
        &source_hash(STYLE),
        "'; script-src '",
        &source_hash(SCRIPT),
        "'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    ]
    .concat()
}

fn source_hash(text: &str) -> String {
    ["sha256-", &STANDARD.encode(Sha256::digest(text))].concat()
}
