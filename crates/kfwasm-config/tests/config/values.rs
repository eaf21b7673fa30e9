use kfwasm_config::{
    Duration, EndpointUrl, Issuer, PathBeginning, PathMatch, PathPrefix, PublicHost, Scheme,
    UrlError,
};

#[test]
fn an_endpoint_url_is_split_into_what_a_request_needs() {
    let cases = [
        (
            "https://a.example",
            Scheme::Https,
            "a.example",
            "a.example",
            443,
            "/",
        ),
        (
            "https://A.Example/",
            Scheme::Https,
            "A.Example",
            "a.example",
            443,
            "/",
        ),
        (
            "https://a.example?p=1",
            Scheme::Https,
            "a.example",
            "a.example",
            443,
            "/?p=1",
        ),
        (
            "http://a.example:8080/x/y?z=%2F",
            Scheme::Http,
            "a.example:8080",
            "a.example",
            8080,
            "/x/y?z=%2F",
        ),
        (
            "https://[::1]:8443/x",
            Scheme::Https,
            "[::1]:8443",
            "[::1]",
            8443,
            "/x",
        ),
        (
            "https://[::1]/x",
            Scheme::Https,
            "[::1]",
            "[::1]",
            443,
            "/x",
        ),
        (
            "https://10.0.0.1/x",
            Scheme::Https,
            "10.0.0.1",
            "10.0.0.1",
            443,
            "/x",
        ),
    ];
    for (text, scheme, authority, host, port, target) in cases {
        let url = EndpointUrl::parse(text, true).unwrap();
        assert_eq!(url.as_str(), text);
        assert_eq!(
            (url.scheme(), url.authority(), url.host()),
            (scheme, authority, host)
        );
        assert_eq!((url.port(), url.path_and_query()), (port, target));
    }
}

#[test]
fn a_url_that_breaks_a_rule_is_refused_by_name_of_the_rule() {
    let cases = [
        ("", UrlError::NotAbsolute),
        ("ftp://a.example", UrlError::NotAbsolute),
        ("HTTPS://a.example", UrlError::NotAbsolute),
        ("//a.example", UrlError::NotAbsolute),
        ("http://a.example", UrlError::PlainHttp),
        ("https://", UrlError::Host),
        ("https:///x", UrlError::Host),
        ("https://a.example\\@b.example", UrlError::UserInformation),
        ("https://a.example\\.b.example/", UrlError::Host),
        ("https://-a.example", UrlError::Host),
        ("https://[a.example]", UrlError::Host),
        ("https://[::1", UrlError::Host),
        ("https://a.example:", UrlError::Port),
        ("https://a.example:+80", UrlError::Port),
        ("https://a.example#x", UrlError::Fragment),
        ("https://a.example/\r\nx", UrlError::Character),
        ("https://a.example/é", UrlError::Character),
        ("https://a.example/%zz", UrlError::Character),
        ("https://a.example/{tenantid}", UrlError::Character),
    ];
    for (text, error) in cases {
        assert_eq!(EndpointUrl::parse(text, false), Err(error), "{text}");
    }
}

#[test]
fn an_issuer_is_of_many_tenants_where_entra_says_so() {
    let many = [
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/consumers/v2.0",
        "https://sts.windows.net/{tenantid}/",
        "https://login.example.com/{tenantid}",
    ];
    let one = [
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
        "https://login.microsoftonline.com/commons/v2.0",
        "https://login.example.com/common",
    ];
    for (issuers, expected) in [(&many[..], true), (&one[..], false)] {
        for text in issuers {
            let issuer = Issuer::parse(text, false).unwrap();
            assert_eq!(issuer.has_many_tenants(), expected, "{text}");
        }
    }
}

#[test]
fn a_duration_is_numbers_with_units_longest_first() {
    let good = [
        ("0s", 0),
        ("90s", 90),
        ("15m", 900),
        ("12h", 43_200),
        ("7d", 604_800),
        ("1d2h3m4s", 93_784),
        ("400d", 34_560_000),
    ];
    for (text, seconds) in good {
        let duration = Duration::parse(text).unwrap();
        assert_eq!(duration.as_secs(), seconds, "{text}");
        assert_eq!(duration.as_millis(), seconds * 1_000);
        assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
    }
    let bad = [
        "", "s", "1", "1 h", "1H", "-1s", "+1s", "1.5h", "1h1h", "1s1m", "1ms", "1h ", "1w",
    ];
    for text in bad {
        let refusal = Duration::parse(text).unwrap_err().to_string();
        assert!(refusal.contains("is not a duration"), "{text}: {refusal}");
    }
}

#[test]
fn what_opens_covers_whole_segments_and_what_restricts_all_that_begins_so() {
    let opens = PathMatch::Prefix(PathPrefix::parse("/public").unwrap());
    let restricts = PathBeginning::parse("/public").unwrap();
    for (path, opened, restricted) in [
        ("/public", true, true),
        ("/public/", true, true),
        ("/public/a", true, true),
        ("/publicity", false, true),
        ("/public.Service/Get", false, true),
        ("/publi", false, false),
        ("/", false, false),
        ("/a/public", false, false),
    ] {
        assert_eq!(opens.covers(path), opened, "{path}");
        assert_eq!(restricts.covers(path), restricted, "{path}");
    }
}

#[test]
fn a_public_host_may_be_an_address_and_have_a_port() {
    for text in [
        "kubeflow.example.com",
        "localhost:8080",
        "10.0.0.1",
        "[::1]:8080",
        "a_b.example",
    ] {
        assert_eq!(PublicHost::parse(text).unwrap().as_str(), text);
    }
    for text in [
        "",
        "a b",
        "a.example:",
        "user@a.example",
        "a.example?",
        "a.example..",
    ] {
        assert!(PublicHost::parse(text).is_err(), "{text}");
    }
}
