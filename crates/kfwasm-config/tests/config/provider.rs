use crate::sample::{Case, REMOVED, assert_each};

#[test]
fn a_wrong_provider_is_refused_with_place_and_advice() {
    assert_each(&[
        Case {
            at: "/providers/0/issuer",
            written: REMOVED,
            said: &[
                "providers[0].issuer: is missing",
                "    write it as the provider's discovery document does, such as https://login.example.com",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""login.example.com""#,
            said: &[
                "providers[0].issuer: \"login.example.com\" is not a URL with https:// in front",
                "    write the whole URL, such as https://login.example.com/path",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""http://login.example.com""#,
            said: &[
                "providers[0].issuer: \"http://login.example.com\" begins with http://, which anyone on the way can read and change",
                "    write https://, or, where you trust the network, set insecureHttp: true",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com/?a=b""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com/?a=b\" has a query",
                "    leave out the ? and what follows",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com/#a""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com/#a\" has a fragment (#)",
                "    leave out the # and what follows",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://user:secret@login.example.com""#,
            said: &[
                "providers[0].issuer: has a user name in front of the host",
                "    leave out what is in front of the @",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login example.com""#,
            said: &[
                "providers[0].issuer: \"https://login example.com\" has no valid host",
                "    write a DNS name, or an IP address (IPv6 in brackets)",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com:0/""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com:0/\" has a port that is not a number from 1 to 65535",
                "    correct the port, or leave it out",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com:65536/""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com:65536/\" has a port that is not a number from 1 to 65535",
                "    correct the port, or leave it out",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com/a b""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com/a b\" has a character that is not allowed in a URL",
                "    percent-encode it (RFC 3986 §2.1)",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com/{tenant}""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com/{tenant}\" has a character that is not allowed in a URL",
                "    percent-encode it (RFC 3986 §2.1)",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.example.com/%2""#,
            said: &[
                "providers[0].issuer: \"https://login.example.com/%2\" has a character that is not allowed in a URL",
                "    percent-encode it (RFC 3986 §2.1)",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#"7"#,
            said: &[
                "providers[0].issuer: is a number, not a text",
                "    write a text, in quotes",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.microsoftonline.com/{tenantid}/v2.0""#,
            said: &[
                "providers[0].tenants: is empty, and tokens of every tenant come from this issuer",
                "    write the ids of the tenants that are let in, or the issuer of one tenant",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.microsoftonline.com/common/v2.0""#,
            said: &[
                "providers[0].tenants: is empty, and tokens of every tenant come from this issuer",
                "    write the ids of the tenants that are let in, or the issuer of one tenant",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: r#""https://login.microsoftonline.us/Organizations/v2.0""#,
            said: &[
                "providers[0].tenants: is empty, and tokens of every tenant come from this issuer",
                "    write the ids of the tenants that are let in, or the issuer of one tenant",
            ],
        },
        Case {
            at: "/providers/0/tenants",
            written: r#"["72f988bf-86f1-41af-91ab-2d7cd011db47"]"#,
            said: &[
                "providers[0].tenants: is of no use: this issuer is of one tenant",
                "    remove it, or write {tenantid} in the issuer where the provider does",
            ],
        },
        Case {
            at: "/providers/0/tenants",
            written: r#"["contoso.onmicrosoft.com"]"#,
            said: &[
                "providers[0].tenants[0]: \"contoso.onmicrosoft.com\" is not a tenant id",
                "    write the Directory (tenant) ID, a GUID such as 72f988bf-86f1-41af-91ab-2d7cd011db47",
                "providers[0].tenants: is of no use: this issuer is of one tenant",
                "    remove it, or write {tenantid} in the issuer where the provider does",
            ],
        },
        Case {
            at: "/providers/0/name",
            written: r#""Entra ID""#,
            said: &[
                "providers[0].name: \"Entra ID\" is not a name",
                "    write 1 to 32 lower-case letters, digits and -",
            ],
        },
        Case {
            at: "/providers/0/clientId",
            written: REMOVED,
            said: &[
                "providers[0].clientId: is missing",
                "    write the client id of the registration at the provider",
            ],
        },
        Case {
            at: "/providers/0/clientId",
            written: r#""""#,
            said: &[
                "providers[0].clientId: \"\" is not a client id",
                "    copy it from the registration at the provider: printable ASCII, no spaces around it",
            ],
        },
        Case {
            at: "/providers/0/clientId",
            written: r#"" kubeflow""#,
            said: &[
                "providers[0].clientId: \" kubeflow\" is not a client id",
                "    copy it from the registration at the provider: printable ASCII, no spaces around it",
            ],
        },
        Case {
            at: "/providers/0/clientId",
            written: r#""k\nubeflow""#,
            said: &[
                "providers[0].clientId: \"k\\u{a}ubeflow\" is not a client id",
                "    copy it from the registration at the provider: printable ASCII, no spaces around it",
            ],
        },
        Case {
            at: "/providers/0/scopes",
            written: r#"["profile"]"#,
            said: &[
                "providers[0].scopes: lacks openid",
                "    add openid: without it the provider returns no ID token",
            ],
        },
        Case {
            at: "/providers/0/scopes",
            written: r#"["openid", "openid"]"#,
            said: &[
                "providers[0].scopes[1]: \"openid\" is in the list already",
                "    write it once",
            ],
        },
        Case {
            at: "/providers/0/scopes",
            written: r#"["openid profile"]"#,
            said: &[
                "providers[0].scopes[0]: \"openid profile\" is not a scope",
                "    write one scope per element, such as [\"openid\", \"profile\", \"email\"]",
            ],
        },
        Case {
            at: "/providers/0/scopes",
            written: r#""openid""#,
            said: &[
                "providers[0].scopes: is a text, not a list",
                "    write a list, such as [\"a\", \"b\"]",
            ],
        },
        Case {
            at: "/providers/0/scopes",
            written: r#"[]"#,
            said: &[
                "providers[0].scopes: is empty",
                "    write at least one element",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"{"state": "x"}"#,
            said: &[
                "providers[0].authorizationParameters.state: is a parameter that kfwasm makes itself",
                "    remove it",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"{"scope": "x"}"#,
            said: &[
                "providers[0].authorizationParameters.scope: is a parameter that kfwasm makes itself",
                "    remove it, and write scopes",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"{"max_age": 3600}"#,
            said: &[
                "providers[0].authorizationParameters.max_age: is a number, not a text",
                "    write a text, in quotes",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"{"pro mpt": "x"}"#,
            said: &[
                "providers[0].authorizationParameters.\"pro mpt\": is not the name of a parameter",
                "    write 1 to 64 letters, digits, _, - and .",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"{"prompt": ""}"#,
            said: &[
                "providers[0].authorizationParameters.prompt: \"\" is not the value of a parameter",
                "    write 1 to 1024 characters without control characters",
            ],
        },
        Case {
            at: "/providers/0/authorizationParameters",
            written: r#"["prompt"]"#,
            said: &[
                "providers[0].authorizationParameters: is a list, not an object",
                "    write an object with its fields",
            ],
        },
        Case {
            at: "/providers/0/tokenEndpoint",
            written: r#""http://login.example.com/token""#,
            said: &[
                "providers[0].tokenEndpoint: \"http://login.example.com/token\" begins with http://, which anyone on the way can read and change",
                "    write https://, or, where you trust the network, set insecureHttp: true",
            ],
        },
        Case {
            at: "/providers/0/tokenEndpoint",
            written: r#""/token""#,
            said: &[
                "providers[0].tokenEndpoint: \"/token\" is not a URL with https:// in front",
                "    write the whole URL, such as https://login.example.com/path",
            ],
        },
        Case {
            at: "/providers/0/jwksUri",
            written: r#""https://login.example.com/keys#1""#,
            said: &[
                "providers[0].jwksUri: \"https://login.example.com/keys#1\" has a fragment (#)",
                "    leave out the # and what follows",
            ],
        },
        Case {
            at: "/providers/0/idTokenSigningAlgorithms",
            written: r#"["none"]"#,
            said: &[
                "providers[0].idTokenSigningAlgorithms[0]: \"none\" means tokens without a signature, which anyone can write",
                "    name the asymmetric algorithm that the provider signs with, such as RS256",
            ],
        },
        Case {
            at: "/providers/0/idTokenSigningAlgorithms",
            written: r#"["HS256"]"#,
            said: &[
                "providers[0].idTokenSigningAlgorithms[0]: \"HS256\" signs with the client secret, so that whoever knows it can write tokens",
                "    name the asymmetric algorithm that the provider signs with, such as RS256",
            ],
        },
        Case {
            at: "/providers/0/idTokenSigningAlgorithms",
            written: r#"["rs256"]"#,
            said: &[
                "providers[0].idTokenSigningAlgorithms[0]: \"rs256\" is not accepted here",
                "    did you mean \"RS256\"?",
            ],
        },
        Case {
            at: "/providers/0/idTokenSigningAlgorithms",
            written: r#"["ES255"]"#,
            said: &[
                "providers[0].idTokenSigningAlgorithms[0]: \"ES255\" is not accepted here",
                "    did you mean \"ES256\"?",
            ],
        },
        Case {
            at: "/providers/0/clockSkew",
            written: r#""301s""#,
            said: &[
                "providers[0].clockSkew: \"301s\" is out of bounds",
                "    write 0s to 5m",
            ],
        },
        Case {
            at: "/providers/0/timeout",
            written: r#""0s""#,
            said: &[
                "providers[0].timeout: \"0s\" is out of bounds",
                "    write 1s to 30s",
            ],
        },
        Case {
            at: "/providers/0/timeout",
            written: r#""500ms""#,
            said: &[
                "providers[0].timeout: \"500ms\" is not a duration",
                "    write whole numbers with units, such as 90s, 15m, 12h, 7d or 1h30m",
            ],
        },
        Case {
            at: "/providers/0/insecureHttp",
            written: r#""yes""#,
            said: &[
                "providers[0].insecureHttp: is a text, not true or false",
                "    write true or false, without quotes",
            ],
        },
    ]);
}

#[test]
fn what_is_often_written_in_the_place_of_an_issuer_is_refused_with_what_to_write() {
    assert_each(&[
        Case {
            at: "/providers/0/issuer",
            written: "\"https://id.example.com/.well-known/openid-configuration\"",
            said: &[
                "providers[0].issuer: \"https://id.example.com/.well-known/openid-configuration\" \
                 is the address of a discovery document",
                "    leave out /.well-known/openid-configuration",
            ],
        },
        Case {
            at: "/providers/0/issuer",
            written: "\"https://login.microsoftonline.com/contoso.example\"",
            said: &[
                "providers[0].issuer: \"https://login.microsoftonline.com/contoso.example\" \
                 is no issuer of Microsoft Entra ID",
                "    write it with /v2.0 at its end, as in https://login.microsoftonline.com/TENANT/v2.0",
            ],
        },
    ]);
}
