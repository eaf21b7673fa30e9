use crate::sample::{Case, assert_each};

#[test]
fn a_wrong_access_rule_is_refused_with_place_and_advice() {
    assert_each(&[
        Case {
            at: "/access",
            written: r#"[{}]"#,
            said: &[
                "access[0]: lets nobody in",
                "    write at least one of users, groups and domains",
            ],
        },
        Case {
            at: "/access",
            written: r#"[{"prefix": "/a", "users": [], "groups": []}]"#,
            said: &[
                "access[0]: lets nobody in",
                "    write at least one of users, groups and domains",
            ],
        },
        Case {
            at: "/access",
            written: r#"[{"prefix": "/", "users": ["a"]}]"#,
            said: &[
                "access[0].prefix: \"/\" covers every path",
                "    name the paths that are meant, one by one",
            ],
        },
        Case {
            at: "/access",
            written: r#"[{"domains": ["alice@example.com"]}]"#,
            said: &[
                "access[0].domains[0]: \"alice@example.com\" is more than a domain",
                "    write what stands behind the @, such as example.com",
            ],
        },
        Case {
            at: "/access",
            written: r#"[{"groups": [" admins"]}]"#,
            said: &[
                "access[0].groups[0]: \" admins\" is not a name that a header could carry",
                "    write 1 to 256 printable ASCII characters, without spaces at the ends",
            ],
        },
    ]);
}
