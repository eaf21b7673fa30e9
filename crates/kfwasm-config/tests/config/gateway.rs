use crate::sample::{Case, REMOVED, assert_each};

#[test]
fn a_wrong_gateway_is_refused_with_place_and_advice() {
    assert_each(&[
        Case {
            at: "/publicHosts",
            written: REMOVED,
            said: &[
                "publicHosts: is missing",
                "    write the hosts that browsers name this gateway by, such as [\"kubeflow.example.com\"]",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"[]"#,
            said: &["publicHosts: is empty", "    write at least one element"],
        },
        Case {
            at: "/publicHosts",
            written: r#"["https://kubeflow.example.com"]"#,
            said: &[
                "publicHosts[0]: \"https://kubeflow.example.com\" is more than a host",
                "    write the host alone, such as kubeflow.example.com",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["Kubeflow.example.com"]"#,
            said: &[
                "publicHosts[0]: \"Kubeflow.example.com\" has upper-case letters",
                "    write it in lower case, as browsers send it",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["*.example.com"]"#,
            said: &[
                "publicHosts[0]: \"*.example.com\" has a wildcard",
                "    name every host: an open list lets others receive the sign-in",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["kubeflow.example.com:443"]"#,
            said: &[
                "publicHosts[0]: \"kubeflow.example.com:443\" names a scheme's own port",
                "    leave the port out, as browsers do",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["kubeflow..example.com"]"#,
            said: &[
                "publicHosts[0]: \"kubeflow..example.com\" has no valid host",
                "    write a DNS name, or an IP address (IPv6 in brackets)",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["kubeflow.example.com:http"]"#,
            said: &[
                "publicHosts[0]: \"kubeflow.example.com:http\" has a port that is not a number from 1 to 65535",
                "    correct the port, or leave it out",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#"["a.example", "a.example"]"#,
            said: &[
                "publicHosts[1]: \"a.example\" is in the list already",
                "    write it once",
            ],
        },
        Case {
            at: "/publicHosts",
            written: r#""kubeflow.example.com""#,
            said: &[
                "publicHosts: is a text, not a list",
                "    write a list, such as [\"a\", \"b\"]",
            ],
        },
        Case {
            at: "/providers",
            written: REMOVED,
            said: &[
                "providers: is missing",
                "    write a list of one provider with its issuer and clientId",
            ],
        },
        Case {
            at: "/providers",
            written: r#"[]"#,
            said: &["providers: is empty", "    write at least one element"],
        },
        Case {
            at: "/providers",
            written: r#"{}"#,
            said: &[
                "providers: is an object, not a list",
                "    write a list, such as [\"a\", \"b\"]",
            ],
        },
        Case {
            at: "/providers/1",
            written: r#"{"issuer": "https://a.example", "clientId": "a"}"#,
            said: &[
                "providers[1].name: is the name of another provider",
                "    give each a name of its own; the one that was there first keeps its name, so that its sessions go on",
            ],
        },
        Case {
            at: "/plainHttp",
            written: r#""https""#,
            said: &[
                "plainHttp: \"https\" is not accepted here",
                "    accepted here: redirect, accept",
            ],
        },
        Case {
            at: "/plainHttp",
            written: r#"true"#,
            said: &[
                "plainHttp: is true or false, not a text",
                "    write a text, in quotes",
            ],
        },
        Case {
            at: "/insecureHttp",
            written: r#""true""#,
            said: &[
                "insecureHttp: is a text, not true or false",
                "    write true or false, without quotes",
            ],
        },
        Case {
            at: "/acmeChallenges",
            written: "null",
            said: &[
                "acmeChallenges: is nothing (null), not true or false",
                "    write a value, or leave the field out",
            ],
        },
        Case {
            at: "/apiPaths",
            written: r#"["/"]"#,
            said: &[
                "apiPaths[0]: \"/\" covers every path",
                "    name the paths that are meant, one by one",
            ],
        },
        Case {
            at: "/apiPaths",
            written: r#"["/ml_metadata/"]"#,
            said: &[
                "apiPaths[0]: \"/ml_metadata/\" ends with /",
                "    leave the last / out: a prefix covers the path itself and everything below it",
            ],
        },
        Case {
            at: "/clientId",
            written: r#""kubeflow""#,
            said: &[
                "clientId: is no field that exists here",
                "    accepted here: insecureHttp, plainHttp, providers, publicHosts, callback, signOut, programs, session, identity, bearer, backstop, skip, access, stepUp, acmeChallenges, logs, brand, apiPaths",
            ],
        },
        Case {
            at: "/publicHost",
            written: r#"["a.example"]"#,
            said: &[
                "publicHost: is no field that exists here",
                "    did you mean \"publicHosts\"?",
            ],
        },
        Case {
            at: "/sign-out",
            written: r#"{}"#,
            said: &[
                "sign-out: is no field that exists here",
                "    did you mean \"signOut\"?",
            ],
        },
    ]);
}
