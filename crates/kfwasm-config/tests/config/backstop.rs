use crate::sample::{Case, assert_each, changed};

#[test]
fn a_header_and_its_secret_go_together_and_are_nothing_elses() {
    assert_each(&[
        Case {
            at: "/backstop",
            written: r#"{"header": "x-kfwasm-gate"}"#,
            said: &[
                "backstop.secret: is missing, and without it anybody could send the header",
                "    write {env: NAME} with the header's value in that environment variable",
            ],
        },
        Case {
            at: "/backstop",
            written: r#"{"secret": {"env": "GATE"}}"#,
            said: &[
                "backstop.header: is missing, and the secret stands in no other",
                "    write the header's name, such as x-kfwasm-gate, or remove the secret",
            ],
        },
        Case {
            at: "/backstop",
            written: r#"{"header": "x-kfwasm-gate", "secret": {"env": "KFWASM_SESSION_KEYS"}}"#,
            said: &[
                "backstop.secret: is the variable of the session keys too",
                "    give the backstop a variable of its own",
            ],
        },
        Case {
            at: "/backstop",
            written: r#"{"header": "kubeflow-userid", "secret": {"env": "GATE"}}"#,
            said: &[
                "backstop.header: is a header of the identity too",
                "    choose a name of its own, such as x-kfwasm-gate",
            ],
        },
    ]);
}

#[test]
fn without_a_backstop_no_header_is_set() {
    let config = kfwasm_config::Config::from_json(changed("/skip", "[]").to_string().as_bytes());
    let header = kfwasm_config::BackstopHeader::default();
    assert_eq!(config.unwrap().backstop, header);
}
