use crate::sample::{Case, assert_each};

#[test]
fn credentials_that_do_not_fit_together_are_refused() {
    assert_each(&[
        Case {
            at: "/providers/0/clientAuthentication",
            written: r#""client_secret_jwt""#,
            said: &[
                "providers[0].clientAuthentication: \"client_secret_jwt\" is not accepted here",
                "    did you mean \"client_secret_post\"?",
            ],
        },
        Case {
            at: "/providers/0/clientAuthentication",
            written: r#""client_secret_postt""#,
            said: &[
                "providers[0].clientAuthentication: \"client_secret_postt\" is not accepted here",
                "    did you mean \"client_secret_post\"?",
            ],
        },
        Case {
            at: "/providers/0/clientAuthentication",
            written: r#""private_key_jwt""#,
            said: &[
                "providers[0].clientSecret: is not used by this clientAuthentication",
                "    remove it, or write another clientAuthentication",
                "providers[0].privateKey: is missing, and clientAuthentication needs it",
                "    write {env: NAME}",
            ],
        },
        Case {
            at: "/providers/0/clientAuthentication",
            written: r#""none""#,
            said: &[
                "providers[0].clientSecret: is not used by this clientAuthentication",
                "    remove it, or write another clientAuthentication",
            ],
        },
        Case {
            at: "/providers/0/clientSecret",
            written: r#""hunter2""#,
            said: &[
                "providers[0].clientSecret: is a secret written in clear",
                "    write {env: NAME} and put the secret into that environment variable of the gateway (vmConfig.env with valueFrom: HOST)",
            ],
        },
        Case {
            at: "/providers/0/clientSecret",
            written: r#"{"env": "hunter-2"}"#,
            said: &[
                "providers[0].clientSecret.env: is not the name of an environment variable",
                "    write letters, digits and _, no digit first, such as KFWASM_SESSION_KEYS",
            ],
        },
        Case {
            at: "/providers/0/clientSecret",
            written: r#"{"ENV": "NAME"}"#,
            said: &[
                "providers[0].clientSecret.env: is missing",
                "    write the name of the variable",
                "providers[0].clientSecret.ENV: is no field that exists here",
                "    did you mean \"env\"?",
            ],
        },
        Case {
            at: "/providers/0/clientSecret",
            written: r#"["NAME"]"#,
            said: &[
                "providers[0].clientSecret: is a list, not an object",
                "    write an object with its fields",
            ],
        },
        Case {
            at: "/providers/0/privateKey",
            written: r#"{"env": "KEY"}"#,
            said: &[
                "providers[0].clientAuthentication: is missing, and both clientSecret and privateKey are there",
                "    remove one of the two, or write which method is meant",
            ],
        },
        Case {
            at: "/providers/0/privateKeyId",
            written: r#""1""#,
            said: &[
                "providers[0].privateKeyId: describes a privateKey that is not there",
                "    add privateKey, or remove this",
            ],
        },
        Case {
            at: "/providers/0/certificateThumbprint",
            written: r#""A1:B2""#,
            said: &[
                "providers[0].certificateThumbprint: \"A1:B2\" is not a SHA-256 thumbprint in base64url (43 characters)",
                "    make it with: openssl x509 -in cert.pem -outform DER | openssl dgst -sha256 -binary | basenc --base64url | tr -d =",
                "providers[0].certificateThumbprint: describes a privateKey that is not there",
                "    add privateKey, or remove this",
            ],
        },
        Case {
            at: "/providers/0/clientAssertionSigningAlgorithm",
            written: r#""ES256""#,
            said: &[
                "providers[0].clientAssertionSigningAlgorithm: describes a privateKey that is not there",
                "    add privateKey, or remove this",
            ],
        },
        Case {
            at: "/providers/0/clientAssertionSigningAlgorithm",
            written: r#""HS256""#,
            said: &[
                "providers[0].clientAssertionSigningAlgorithm: \"HS256\" is not accepted here",
                "    did you mean \"RS256\"?",
                "providers[0].clientAssertionSigningAlgorithm: describes a privateKey that is not there",
                "    add privateKey, or remove this",
            ],
        },
    ]);
}
