//! How the token endpoint's answer arrives.

use super::{BROKEN, DOWN, SIGNED_IN, TokenCase, one};

pub(super) const TRANSPORT: &[TokenCase] = &[
    one("empty", |it| it.body = Some(|_| Vec::new()), BROKEN),
    one(
        "huge",
        |it| it.body = Some(|_| vec![b' '; 3 * 1024 * 1024]),
        DOWN,
    ),
    one(
        "html",
        |it| {
            it.headers = "Content-Type: text/html\r\n";
            it.body = Some(|_| b"<h1>Wi-Fi</h1>".to_vec());
        },
        BROKEN,
    ),
    one(
        "type-of-text",
        |it| it.headers = "Content-Type: text/plain\r\n",
        SIGNED_IN,
    ),
    one("type-missing", |it| it.headers = "", SIGNED_IN),
    one(
        "type-twice",
        |it| it.headers = "Content-Type: text/html\r\nContent-Type: application/json\r\n",
        SIGNED_IN,
    ),
    one(
        "redirect",
        |it| {
            it.status = "307 Temporary Redirect";
            it.headers = "Location: http://127.0.0.1:1/\r\n";
        },
        BROKEN,
    ),
    one("created", |it| it.status = "201 Created", BROKEN),
    one(
        "refused-code",
        |it| {
            it.status = "400 Bad Request";
            it.body = Some(|_| b"{\"error\":\"invalid_grant\"}".to_vec());
        },
        BROKEN,
    ),
    one(
        "refused-client",
        |it| {
            it.status = "401 Unauthorized";
            it.body = Some(|_| b"{\"error\":\"invalid_client\"}".to_vec());
        },
        BROKEN,
    ),
    one(
        "too-many-requests",
        |it| it.status = "429 Too Many Requests",
        DOWN,
    ),
    one(
        "internal-error",
        |it| it.status = "500 Internal Server Error",
        DOWN,
    ),
    one(
        "interim-responses",
        |it| {
            it.wire = Some(|honest| {
                [
                    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                        .as_slice(),
                    &honest,
                ]
                .concat()
            })
        },
        SIGNED_IN,
    ),
    one(
        "a-second-response",
        |it| {
            it.wire = Some(|honest| {
                [
                    honest.as_slice(),
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                ]
                .concat()
            })
        },
        SIGNED_IN,
    ),
    one(
        "no-http",
        |it| it.wire = Some(|_| b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()),
        DOWN,
    ),
    one("hung-up", |it| it.wire = Some(|_| Vec::new()), DOWN),
    one(
        "less-than-announced",
        |it| it.wire = Some(|honest| honest.iter().copied().take(honest.len() - 5).collect()),
        DOWN,
    ),
    one(
        "two-lengths",
        |it| it.headers = "Content-Length: 1\r\n",
        DOWN,
    ),
    one(
        "length-and-chunks",
        |it| it.headers = "Transfer-Encoding: chunked\r\n",
        DOWN,
    ),
    one(
        "bad-chunk",
        |it| {
            it.wire = Some(|_| {
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
                    .to_vec()
            })
        },
        DOWN,
    ),
    one(
        "header-flood",
        |it| {
            it.wire = Some(|_| {
                [
                    b"HTTP/1.1 200 OK\r\n".as_slice(),
                    "A: b\r\n".repeat(20_000).as_bytes(),
                    b"\r\n",
                ]
                .concat()
            })
        },
        DOWN,
    ),
    one("drip", |it| it.drips = true, DOWN),
];
