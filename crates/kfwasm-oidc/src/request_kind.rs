//! Who is asking: a person, a page in a frame, or a program.

use kfwasm_config::PathBeginning;

use crate::normalized_path::NormalizedPath;
use crate::request_head::RequestHead;

/// What a request without a session can be answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A person goes to a page: sign-in may begin.
    Navigation,
    /// A page is loaded into a frame, where a provider does not let itself be shown: the top window must sign in.
    Frame,
    /// A script, a program, or a prefetch: a redirect to a page for people would only break it.
    Program,
}

impl RequestKind {
    pub(crate) fn of(
        head: &RequestHead<'_>,
        path: Option<&NormalizedPath<'_>>,
        api_paths: &[PathBeginning],
    ) -> Self {
        let reads = matches!(head.method, b"GET" | b"HEAD");
        let scripted = head.is_scripted || head.is_upgrade || head.is_prefetch;
        if !reads || scripted || path.is_some_and(|path| is_api(path, api_paths)) {
            return Self::Program;
        }
        match (head.fetch_mode, head.fetch_dest) {
            (Some(b"navigate"), Some(b"document")) => Self::Navigation,
            (Some(b"navigate"), Some(b"iframe" | b"frame" | b"embed" | b"object")) => Self::Frame,
            (None, None) if accepts_html(head.accept) => Self::Navigation,
            _ => Self::Program,
        }
    }
}

/// Kubeflow's back ends have a segment `api` or `apis` somewhere: `/pipeline/apis/v2beta1/runs`,
/// `/jupyter/api/namespaces`, `/notebook/NAMESPACE/NAME/api/kernels`.
fn is_api(path: &NormalizedPath<'_>, api_paths: &[PathBeginning]) -> bool {
    path.segments().any(|it| it == "api" || it == "apis")
        || api_paths.iter().any(|it| it.covers(path.as_str()))
}

/// Whether an `accept` header names HTML. Browsers always do when they navigate; `*/*` is what programs send.
pub(crate) fn accepts_html(accept: &[u8]) -> bool {
    accept
        .split(|byte| *byte == b',')
        .filter_map(|range| range.split(|byte| *byte == b';').next())
        .any(|essence| {
            let essence = essence.trim_ascii();
            essence.eq_ignore_ascii_case(b"text/html")
                || essence.eq_ignore_ascii_case(b"application/xhtml+xml")
        })
}
