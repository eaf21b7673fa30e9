//! Odd requests as data: the bytes, and the statuses that may come back. Envoy may also end the connection without any.

/// A request that no browser sends.
pub(crate) struct Odd {
    pub(crate) name: &'static str,
    /// Made of the gateway's authority and of Alice's cookie.
    pub(crate) make: fn(&str, &str) -> Vec<u8>,
    pub(crate) allowed: &'static [u16],
}

const fn odd(name: &'static str, make: fn(&str, &str) -> Vec<u8>, allowed: &'static [u16]) -> Odd {
    Odd {
        name,
        make,
        allowed,
    }
}

/// A request of somebody without a session, with these lines of headers.
fn stranger(authority: &str, line: &str, headers: &str) -> Vec<u8> {
    format!("{line}\r\nHost: {authority}\r\nConnection: close\r\n{headers}\r\n").into_bytes()
}

const GET: &str = "GET /pipeline/ HTTP/1.1";
const REFUSED: &[u16] = &[400, 401];

pub(crate) const ODD: &[Odd] = &[
    odd(
        "90 headers",
        |it, _| stranger(it, GET, &"a: b\r\n".repeat(90)),
        &[401],
    ),
    odd(
        "more headers than Envoy takes",
        |it, _| stranger(it, GET, &"a: b\r\n".repeat(200)),
        &[431],
    ),
    odd(
        "50 KiB of headers",
        |it, _| stranger(it, GET, &format!("a: {}\r\n", "b".repeat(50_000))),
        &[401],
    ),
    odd(
        "100 KiB of headers",
        |it, _| stranger(it, GET, &format!("a: {}\r\n", "b".repeat(100_000))),
        &[431],
    ),
    odd(
        "50 KiB of cookies",
        |it, _| stranger(it, GET, &format!("Cookie: {}\r\n", "a=b; ".repeat(10_000))),
        &[401],
    ),
    odd(
        "a thousand sessions",
        |it, _| {
            stranger(
                it,
                GET,
                &format!("Cookie: {}\r\n", "authservice_session=AAAA; ".repeat(1_000)),
            )
        },
        &[401],
    ),
    odd(
        "a session behind a thousand others",
        |it, session| {
            stranger(
                it,
                GET,
                &format!(
                    "Cookie: {}{session}\r\n",
                    "authservice_session=AAAA; ".repeat(1_000)
                ),
            )
        },
        &[401],
    ),
    odd(
        "a session behind three others",
        |it, session| {
            stranger(
                it,
                GET,
                &format!(
                    "Cookie: {}{session}\r\n",
                    "authservice_session=AAAA; ".repeat(3)
                ),
            )
        },
        &[200],
    ),
    odd(
        "a session in the second of two cookie headers",
        |it, session| stranger(it, GET, &format!("Cookie: a=1\r\nCookie: {session}\r\n")),
        &[200],
    ),
    odd(
        "a thousand attempts",
        |it, _| {
            stranger(
                it,
                GET,
                &format!(
                    "Cookie: {}\r\n",
                    "authservice_session_attempt_x=AAAA; ".repeat(1_000)
                ),
            )
        },
        &[401],
    ),
    odd(
        "a long path",
        |it, _| stranger(it, &format!("GET /{} HTTP/1.1", "a/".repeat(25_000)), ""),
        &[401],
    ),
    odd(
        "dots and slashes",
        |it, _| {
            stranger(
                it,
                "GET /public/..//..;/.%2e/%2e%2e/%5c../pipeline HTTP/1.1",
                "",
            )
        },
        REFUSED,
    ),
    odd(
        "a path with a space",
        |it, _| stranger(it, "GET /pipe line/ HTTP/1.1", ""),
        &[400],
    ),
    odd(
        "a path with a null",
        |it, _| stranger(it, "GET /public/\0 HTTP/1.1", ""),
        &[400],
    ),
    odd(
        "an absolute target elsewhere",
        |it, _| stranger(it, "GET http://other.example/pipeline/ HTTP/1.1", ""),
        &[401, 421],
    ),
    odd(
        "an absolute target",
        |it, _| stranger(it, &format!("GET http://{it}/pipeline/ HTTP/1.1"), ""),
        &[401],
    ),
    odd(
        "an asterisk",
        |it, _| stranger(it, "OPTIONS * HTTP/1.1", ""),
        &[400, 401, 404],
    ),
    odd(
        "a tunnel",
        |it, _| stranger(it, &format!("CONNECT {it} HTTP/1.1"), ""),
        &[400, 401, 403, 404, 405],
    ),
    odd(
        "a trace",
        |it, _| stranger(it, "TRACE /pipeline/ HTTP/1.1", ""),
        &[400, 401, 405],
    ),
    odd(
        "a method in lower case",
        |it, _| stranger(it, "get /pipeline/ HTTP/1.1", ""),
        REFUSED,
    ),
    odd(
        "a method of a thousand letters",
        |it, _| stranger(it, &format!("{} / HTTP/1.1", "A".repeat(1000)), ""),
        REFUSED,
    ),
    odd(
        "two hosts",
        |it, _| stranger(it, GET, "Host: other.example\r\n"),
        &[400, 401, 421],
    ),
    odd(
        "no host",
        |_, _| b"GET /pipeline/ HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(),
        &[400],
    ),
    odd(
        "HTTP/1.0 without a host",
        |_, _| b"GET /pipeline/ HTTP/1.0\r\n\r\n".to_vec(),
        &[400, 401, 426],
    ),
    odd(
        "HTTP/1.0",
        |it, _| format!("GET /pipeline/ HTTP/1.0\r\nHost: {it}\r\n\r\n").into_bytes(),
        &[401, 426],
    ),
    odd(
        "HTTP/0.9",
        |_, _| b"GET /pipeline/\r\n\r\n".to_vec(),
        &[400, 426],
    ),
    odd(
        "HTTP/3.7",
        |it, _| stranger(it, "GET /pipeline/ HTTP/3.7", ""),
        &[400, 426, 505],
    ),
    odd(
        "no HTTP",
        |_, _| b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        &[400],
    ),
    odd(
        "a header without a colon",
        |it, _| stranger(it, GET, "cookie\r\n"),
        &[400],
    ),
    odd(
        "a space before the colon",
        |it, _| stranger(it, GET, "kubeflow-userid : mallory@example.com\r\n"),
        REFUSED,
    ),
    odd(
        "a folded header",
        |it, _| stranger(it, GET, "a: b\r\n kubeflow-userid: mallory@example.com\r\n"),
        REFUSED,
    ),
    odd(
        "line feeds alone",
        |it, _| format!("{GET}\nHost: {it}\nConnection: close\n\n").into_bytes(),
        REFUSED,
    ),
    odd(
        "a null in a header",
        |it, _| stranger(it, GET, "a: b\0c\r\n"),
        &[400],
    ),
    odd(
        "two lengths",
        |it, _| {
            stranger(
                it,
                "POST /pipeline/ HTTP/1.1",
                "Content-Length: 1\r\nContent-Length: 2\r\n",
            )
        },
        REFUSED,
    ),
    odd(
        "a negative length",
        |it, _| stranger(it, "POST /pipeline/ HTTP/1.1", "Content-Length: -1\r\n"),
        REFUSED,
    ),
    odd(
        "length and chunks",
        |it, _| {
            [
                stranger(
                    it,
                    "POST /pipeline/ HTTP/1.1",
                    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                ),
                b"0\r\n\r\n".to_vec(),
            ]
            .concat()
        },
        REFUSED,
    ),
    odd(
        "a coding that hides chunks",
        |it, _| {
            [
                stranger(
                    it,
                    "POST /pipeline/ HTTP/1.1",
                    "Transfer-Encoding: xchunked\r\n",
                ),
                b"0\r\n\r\n".to_vec(),
            ]
            .concat()
        },
        &[400, 401, 501],
    ),
    odd(
        "codings twice",
        |it, _| {
            [
                stranger(
                    it,
                    "POST /pipeline/ HTTP/1.1",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                ),
                b"0\r\n\r\n".to_vec(),
            ]
            .concat()
        },
        &[400, 401, 501],
    ),
    odd(
        "a bad chunk",
        |it, session| {
            [
                stranger(
                    it,
                    "POST /pipeline/ HTTP/1.1",
                    &format!("Cookie: {session}\r\nTransfer-Encoding: chunked\r\n"),
                ),
                b"zz\r\n".to_vec(),
            ]
            .concat()
        },
        &[400, 503],
    ),
    odd(
        "a request behind a skipped one's body",
        |it, _| {
            [
                format!("POST /public/x HTTP/1.1\r\nHost: {it}\r\nContent-Length: 2\r\n\r\nok")
                    .into_bytes(),
                stranger(it, GET, ""),
            ]
            .concat()
        },
        &[200, 401],
    ),
    odd(
        "a hop-by-hop identity",
        |it, session| {
            format!("{GET}\r\nHost: {it}\r\nCookie: {session}\r\nConnection: close, kubeflow-userid\r\n\r\n").into_bytes()
        },
        &[200, 400],
    ),
    odd(
        "a hop-by-hop cookie",
        |it, session| {
            format!("{GET}\r\nHost: {it}\r\nCookie: {session}\r\nConnection: close, cookie\r\n\r\n")
                .into_bytes()
        },
        &[200, 400, 401],
    ),
    odd(
        "an upgrade to HTTP/2",
        |it, _| {
            format!("{GET}\r\nHost: {it}\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n").into_bytes()
        },
        &[400, 401, 403],
    ),
    odd(
        "a WebSocket of a stranger",
        |it, _| {
            format!("{GET}\r\nHost: {it}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").into_bytes()
        },
        &[401],
    ),
    odd(
        "an expectation",
        |it, _| {
            stranger(
                it,
                "POST /pipeline/ HTTP/1.1",
                "Expect: 100-continue\r\nContent-Length: 0\r\n",
            )
        },
        &[100, 401],
    ),
    odd(
        "other names for the path",
        |it, _| {
            stranger(
                it,
                GET,
                "X-Original-URL: /public/x\r\nX-Rewrite-URL: /public/x\r\nX-Envoy-Original-Path: /public/x\r\nX-HTTP-Method-Override: OPTIONS\r\n",
            )
        },
        &[401],
    ),
    odd(
        "an identity in other spellings",
        |it, _| {
            stranger(
                it,
                "GET /public/x HTTP/1.1",
                "Kubeflow_UserId: mallory@example.com\r\nKUBEFLOW-USERID: mallory@example.com\r\nkubeflow_groups: admins\r\n",
            )
        },
        &[200],
    ),
    odd(
        "a mark of its own",
        |it, _| {
            stranger(
                it,
                GET,
                "wasm.kfwasm_gate: 1\r\nkfwasm_gate: 1\r\nx-envoy-filter-state: wasm.kfwasm_gate=1\r\n",
            )
        },
        &[401],
    ),
];
