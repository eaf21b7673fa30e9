use crate::sample::{Case, assert_each};

#[test]
fn a_wrong_session_is_refused_with_place_and_advice() {
    assert_each(&[
        Case {
            at: "/session/cookieName",
            written: r#""a=b""#,
            said: &[
                "session.cookieName: \"a=b\" is not the name of a cookie",
                "    write 1 to 64 letters, digits, _ and -, such as authservice_session",
            ],
        },
        Case {
            at: "/session/keys",
            written: r#""c2VjcmV0""#,
            said: &[
                "session.keys: is a secret written in clear",
                "    write {env: NAME} and put the secret into that environment variable of the gateway (vmConfig.env with valueFrom: HOST)",
            ],
        },
        Case {
            at: "/session/keys",
            written: r#"{"env": "KFWASM_CLIENT_SECRET"}"#,
            said: &[
                "session.keys: is the variable of a provider's secret too",
                "    give the session keys a variable of their own",
            ],
        },
        Case {
            at: "/session/idle",
            written: r#""1 day""#,
            said: &[
                "session.idle: \"1 day\" is not a duration",
                "    write whole numbers with units, such as 90s, 15m, 12h, 7d or 1h30m",
            ],
        },
        Case {
            at: "/session/idle",
            written: r#""0s""#,
            said: &[
                "session.idle: \"0s\" is out of bounds",
                "    write 1s to 400d",
            ],
        },
        Case {
            at: "/session/idle",
            written: r#"3600"#,
            said: &[
                "session.idle: is a number, not a text",
                "    write a text, in quotes",
            ],
        },
        Case {
            at: "/session/idle",
            written: r#""30m1h""#,
            said: &[
                "session.idle: \"30m1h\" is not a duration",
                "    write whole numbers with units, such as 90s, 15m, 12h, 7d or 1h30m",
            ],
        },
        Case {
            at: "/session/idle",
            written: r#""169h""#,
            said: &[
                "session.idle: is longer than absolute",
                "    make idle shorter, or absolute longer",
            ],
        },
        Case {
            at: "/session/absolute",
            written: r#""401d""#,
            said: &[
                "session.absolute: \"401d\" is longer than 400 days",
                "    write less",
            ],
        },
        Case {
            at: "/session/absolute",
            written: r#""99999999999999999999d""#,
            said: &[
                "session.absolute: \"99999999999999999999d\" is not a duration",
                "    write whole numbers with units, such as 90s, 15m, 12h, 7d or 1h30m",
            ],
        },
        Case {
            at: "/session/onTokenExpiry",
            written: r#""keeps""#,
            said: &[
                "session.onTokenExpiry: \"keeps\" is not accepted here",
                "    did you mean \"keep\"?",
            ],
        },
        Case {
            at: "/session/revocation",
            written: r#"{"notBefore": "yesterday", "users": [{"user": "alice"}, {"user": "b\u0000", "notBefore": 5}],
                "sessions": ["short"]}"#,
            said: &[
                "session.revocation.notBefore: \"yesterday\" is not a time in UTC",
                "    write it as 2026-11-24T12:00:00Z, as from `date -u +%FT%TZ`",
                "session.revocation.users[0].notBefore: is missing",
                "    write the time of the revocation, as from `date -u +%FT%TZ`",
                "session.revocation.users[1].user: \"b\\u{0}\" is not the name of a user",
                "    write 1 to 1024 printable ASCII characters, such as alice@example.com",
                "session.revocation.users[1].notBefore: is a number, not a text",
                "    write a text, in quotes",
                "session.revocation.sessions[0]: is not the identifier of a session",
                "    write the 22 characters that the gateway's log shows as session=, never the cookie",
            ],
        },
        Case {
            at: "/session/ttl",
            written: r#""1h""#,
            said: &[
                "session.ttl: is no field that exists here",
                "    accepted here: cookieName, keys, idle, absolute, onTokenExpiry, refresh, forwardIdToken, revocation",
            ],
        },
    ]);
}
