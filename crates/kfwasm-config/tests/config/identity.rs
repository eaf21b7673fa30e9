use crate::sample::{Case, assert_each};

#[test]
fn a_wrong_identity_is_refused_with_place_and_advice() {
    assert_each(&[
        Case {
            at: "/identity/claims",
            written: r#"[]"#,
            said: &[
                "identity.claims: is empty",
                "    write at least one element",
            ],
        },
        Case {
            at: "/identity/claims",
            written: r#"["e mail"]"#,
            said: &[
                "identity.claims[0]: \"e mail\" is not the name of a claim",
                "    write 1 to 256 visible ASCII characters, such as email",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""Authorization""#,
            said: &[
                "identity.header: \"Authorization\" is a header with a meaning of its own",
                "    choose a name that only carries the identity, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""cookie""#,
            said: &[
                "identity.header: \"cookie\" is a header with a meaning of its own",
                "    choose a name that only carries the identity, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""host""#,
            said: &[
                "identity.header: \"host\" is a header with a meaning of its own",
                "    choose a name that only carries the identity, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#"":authority""#,
            said: &[
                "identity.header: \":authority\" is not the name of a header",
                "    write 1 to 64 letters, digits and -, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""connection""#,
            said: &[
                "identity.header: \"connection\" is a header with a meaning of its own",
                "    choose a name that only carries the identity, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""x-forwarded-for""#,
            said: &[
                "identity.header: \"x-forwarded-for\" is a header with a meaning of its own",
                "    choose a name that only carries the identity, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/header",
            written: r#""user id""#,
            said: &[
                "identity.header: \"user id\" is not the name of a header",
                "    write 1 to 64 letters, digits and -, such as kubeflow-userid",
            ],
        },
        Case {
            at: "/identity/groupsHeader",
            written: r#""Kubeflow-UserID""#,
            said: &[
                "identity.groupsHeader: is the same header as header",
                "    choose two headers: the user must not be read as a group",
            ],
        },
        Case {
            at: "/identity/prefix",
            written: r#""a b""#,
            said: &[
                "identity.prefix: \"a b\" cannot stand in front of a user name",
                "    write at most 64 visible ASCII characters, such as accounts.google.com:",
            ],
        },
        Case {
            at: "/identity/groupsClaim",
            written: r#""""#,
            said: &[
                "identity.groupsClaim: \"\" is not the name of a claim",
                "    write 1 to 256 visible ASCII characters, such as email",
            ],
        },
        Case {
            at: "/identity/groupFilter",
            written: r#"{"patterns": ["team-{a,b}"], "name": ["x"]}"#,
            said: &[
                "identity.groupFilter.patterns[0]: \"team-{a,b}\" has something that patterns here do not know",
                "    use characters, ., [sets], *, + and ?, ^ first and $ last, and \\ before a character that is meant itself",
                "identity.groupFilter.name: is no field that exists here",
                "    did you mean \"names\"?",
            ],
        },
        Case {
            at: "/identity/transformers",
            written: r#"[{"matches": "(a|b)"}, {"replaces": "x"}]"#,
            said: &[
                "identity.transformers[0].matches: \"(a|b)\" has something that patterns here do not know",
                "    use characters, ., [sets], *, + and ?, ^ first and $ last, and \\ before a character that is meant itself",
                "identity.transformers[1].matches: is missing",
                "    write the pattern of what is replaced, such as @example\\.com$",
            ],
        },
    ]);
}
