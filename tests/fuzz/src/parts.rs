//! Parts of a request by themselves: its cookies, its path, and what is logged of it.

use kfwasm_oidc::header_edits::{CookieEdit, HeaderEdits};
use kfwasm_oidc::header_map;
use kfwasm_oidc::log_line::{LogLine, RequestDescription};
use kfwasm_oidc::{Outcome, Step};

use crate::gateway::decide;

const OURS: &[u8] = b"authservice_session";

/// No cookie of ours goes on to the upstream, however the header is written.
pub(crate) fn cookies(data: &[u8]) {
    let Some(edits) = skipped(b"/public/x", data) else {
        return;
    };
    match edits.cookies {
        CookieEdit::Keep => assert!(!names_ours(data), "kept"),
        CookieEdit::Replace(left) => assert!(!names_ours(&left), "left"),
        CookieEdit::Remove => {}
    }
}

/// Whether an upstream that reads cookies as most do would find one of ours.
fn names_ours(header: &[u8]) -> bool {
    header.split(|byte| *byte == b';').any(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        let rest = name.trim_ascii().strip_prefix(OURS);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"_"))
    })
}

/// What a skip rule lets through is below its prefix for whoever reads the path once more.
pub(crate) fn path(data: &[u8]) {
    if skipped(data, b"a=b").is_none() {
        return;
    }
    let path = data.split(|byte| *byte == b'?').next().unwrap_or_default();
    let read = decoded(path);
    let below = |prefix: &[u8]| {
        let rest = read.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    };
    let readable = String::from_utf8_lossy(&read);
    assert!(
        below(b"/public") || below(b"/.well-known/acme-challenge"),
        "{readable}"
    );
    let climbs = read.split(|byte| *byte == b'/').any(|it| it == b"..");
    assert!(!climbs && !read.contains(&b'\\'), "{readable}");
}

fn decoded(path: &[u8]) -> Vec<u8> {
    let (mut read, mut rest) = (Vec::new(), path);
    while let Some((first, more)) = rest.split_first() {
        let digits = more.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let byte = digits.and_then(|it| u8::from_str_radix(it, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                read.push(byte);
                rest = more.get(2..).unwrap_or_default();
            }
            _ => {
                read.push(*first);
                rest = more;
            }
        }
    }
    read
}

/// The changes to a request that a skip rule lets through.
fn skipped(path: &[u8], cookie: &[u8]) -> Option<HeaderEdits> {
    let headers = header_map::encode(&[
        (b":method", b"GET"),
        (b":path", path),
        (b":authority", b"kubeflow.example.com"),
        (b"x-forwarded-proto", b"https"),
        (b"cookie", cookie),
    ]);
    match decide(&headers) {
        Step::Forward(edits) => Some(edits),
        _ => None,
    }
}

/// One line, whose fields are those that were written, whatever the request holds.
pub(crate) fn log_line(data: &[u8]) {
    let headers = header_map::encode(&[(b":path", data), (b"x-request-id", data)]);
    let line = LogLine {
        outcome: Outcome::Malformed,
        request: &RequestDescription::of(&headers),
        session: None,
        names_user: true,
        reason: "",
    };
    let text = line.text();
    assert!(
        text.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{text}"
    );
    assert!(
        !text.contains('"') && text.split(' ').count() <= 4,
        "{text}"
    );
    assert!(text.len() < 2000, "{}", text.len());
}
