use crate::sample::{Case, assert_each};

#[test]
fn paths_that_are_wrong_or_claimed_twice_are_refused() {
    assert_each(&[
        Case {
            at: "/callback/path",
            written: r#""oauth2/callback""#,
            said: &[
                "callback.path: \"oauth2/callback\" does not begin with /",
                "    write the path from the root, such as /public",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/""#,
            said: &[
                "callback.path: is \"/\"",
                "    choose a path of its own: / is the front page of Kubeflow",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/callback?x""#,
            said: &[
                "callback.path: \"/callback?x\" has a query or a fragment",
                "    write the path alone",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/a/../b""#,
            said: &[
                "callback.path: \"/a/../b\" has an empty or a dot segment",
                "    write the path without //, /./ and /../",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/a//b""#,
            said: &[
                "callback.path: \"/a//b\" has an empty or a dot segment",
                "    write the path without //, /./ and /../",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/a%2Fb""#,
            said: &[
                "callback.path: \"/a%2Fb\" has a character that no configured path has",
                "    write letters, digits and -._~!$&'()*+,=:@ only, without percent-encoding",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/a;b""#,
            said: &[
                "callback.path: \"/a;b\" has a character that no configured path has",
                "    write letters, digits and -._~!$&'()*+,=:@ only, without percent-encoding",
            ],
        },
        Case {
            at: "/callback/path",
            written: r#""/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
            said: &[
                "callback.path: \"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" is longer than 512 bytes",
                "    write a shorter path",
            ],
        },
        Case {
            at: "/programs/tokenPath",
            written: r#""/logout""#,
            said: &[
                "programs.tokenPath: \"/logout\" is the path of signOut.paths[0] too",
                "    give every path of kfwasm itself one meaning",
            ],
        },
        Case {
            at: "/signOut/backChannelPath",
            written: r#""/authservice/frontchannel-logout""#,
            said: &[
                "signOut.backChannelPath: \"/authservice/frontchannel-logout\" is the path of signOut.frontChannelPath too",
                "    give every path of kfwasm itself one meaning",
            ],
        },
        Case {
            at: "/callback/aliases",
            written: r#"["/authservice/oidc/callback"]"#,
            said: &[
                "callback.aliases[0]: \"/authservice/oidc/callback\" is the path of callback.path too",
                "    give every path of kfwasm itself one meaning",
            ],
        },
        Case {
            at: "/callback/aliases",
            written: r#"["/logout"]"#,
            said: &[
                "signOut.paths[0]: \"/logout\" is the path of callback.aliases[0] too",
                "    give every path of kfwasm itself one meaning",
            ],
        },
        Case {
            at: "/signOut/paths",
            written: r#"["/"]"#,
            said: &[
                "signOut.paths[0]: is \"/\"",
                "    choose a path of its own: / is the front page of Kubeflow",
            ],
        },
        Case {
            at: "/signOut/returnTo",
            written: r#""goodbye""#,
            said: &[
                "signOut.returnTo: \"goodbye\" is not a URL with https:// in front",
                "    write the whole URL, such as https://login.example.com/path",
            ],
        },
        Case {
            at: "/signOut/returnTo",
            written: r#""http://example.com/""#,
            said: &[
                "signOut.returnTo: \"http://example.com/\" begins with http://, which anyone on the way can read and change",
                "    write https://, or, where you trust the network, set insecureHttp: true",
            ],
        },
        Case {
            at: "/signOut/returnTo",
            written: r#""/logout""#,
            said: &[
                "signOut.returnTo: is a callback or sign-out path",
                "    name a page that a browser may land on",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{}"#,
            said: &[
                "skip[0]: must have one of exact, prefix and suffix",
                "    write one of the three; for more paths, write more rules",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"exact": "/a", "prefix": "/b"}"#,
            said: &[
                "skip[0]: must have one of exact, prefix and suffix",
                "    write one of the three; for more paths, write more rules",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"prefix": "/"}"#,
            said: &[
                "skip[0].prefix: \"/\" covers every path",
                "    name the paths that are meant, one by one",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"prefix": "/public/"}"#,
            said: &[
                "skip[0].prefix: \"/public/\" ends with /",
                "    leave the last / out: a prefix covers the path itself and everything below it",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"prefix": "/authservice"}"#,
            said: &[
                "skip[0]: covers the path of callback.path, which kfwasm answers itself",
                "    make the rule narrower",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"exact": "/logout"}"#,
            said: &[
                "skip[0]: covers the path of signOut.paths[0], which kfwasm answers itself",
                "    make the rule narrower",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"suffix": "/callback"}"#,
            said: &[
                "skip[0]: covers the path of callback.path, which kfwasm answers itself",
                "    make the rule narrower",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"suffix": "css"}"#,
            said: &[
                "skip[0].suffix: \"css\" does not begin with . or / and something after it",
                "    write it like .css or /healthz",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"suffix": "."}"#,
            said: &[
                "skip[0].suffix: \".\" does not begin with . or / and something after it",
                "    write it like .css or /healthz",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"suffix": "/../a"}"#,
            said: &[
                "skip[0].suffix: \"/../a\" has something that no normalised path has",
                "    write it without percent-encoding, query, // and dot segments",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#"{"path": "/a"}"#,
            said: &[
                "skip[0]: must have one of exact, prefix and suffix",
                "    write one of the three; for more paths, write more rules",
                "skip[0].path: is no field that exists here",
                "    accepted here: exact, prefix, suffix, hosts, methods",
            ],
        },
        Case {
            at: "/skip/0/methods",
            written: r#"["get"]"#,
            said: &[
                "skip[0].methods[0]: \"get\" is not accepted here",
                "    did you mean \"GET\"?",
            ],
        },
        Case {
            at: "/skip/0/methods",
            written: r#"[]"#,
            said: &[
                "skip[0].methods: is empty",
                "    write at least one element",
            ],
        },
        Case {
            at: "/skip/0/hosts",
            written: r#"["*"]"#,
            said: &[
                "skip[0].hosts[0]: \"*\" has a wildcard",
                "    name every host: an open list lets others receive the sign-in",
            ],
        },
        Case {
            at: "/skip/0",
            written: r#""/healthz""#,
            said: &[
                "skip[0]: is a text, not an object",
                "    write an object with its fields",
            ],
        },
    ]);
}
