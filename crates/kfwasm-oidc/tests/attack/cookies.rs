use proptest::prelude::*;

use crate::support::request::Request;
use crate::support::stage::{ALICE, Stage};

/// `SESSION` stands for the value of a session that is valid.
const HEADERS: [(&[&str], &[&str]); 18] = [
    (&["authservice_session=SESSION"], &[]),
    (&["a=1; authservice_session=SESSION"], &["a=1"]),
    (&["authservice_session=SESSION; a=1"], &["a=1"]),
    (&["a=1; authservice_session=SESSION; b=2"], &["a=1; b=2"]),
    (&["a=1;authservice_session=SESSION;b=2"], &["a=1;b=2"]),
    (
        &["a=1 ;  authservice_session = SESSION ;  b=2"],
        &["a=1 ;  b=2"],
    ),
    (
        &["a=\"x; authservice_session=SESSION; y\""],
        &["a=\"x; y\""],
    ),
    (
        &["a=1", "authservice_session=SESSION", "b=2"],
        &["a=1; b=2"],
    ),
    (
        &["a=1; b=2", "c=3; authservice_session=SESSION"],
        &["a=1; b=2; c=3"],
    ),
    (
        &["authservice_session=SESSION", "authservice_session=SESSION"],
        &[],
    ),
    (
        &["authservice_session=x; authservice_session=SESSION; a=1"],
        &["a=1"],
    ),
    (
        &["authservice_session; a=1; authservice_session=SESSION"],
        &["a=1"],
    ),
    (
        &["authservice_session_id_token=t; authservice_session=SESSION"],
        &[],
    ),
    (
        &["authservice_session_attempt_abc=t; authservice_session=SESSION; a=1"],
        &["a=1"],
    ),
    (
        &["authservice_session_2=t; authservice_session=SESSION"],
        &[],
    ),
    (
        &["authservice_session2=t; xauthservice_session=u; authservice_session=SESSION"],
        &["authservice_session2=t; xauthservice_session=u"],
    ),
    (
        &["authservice_session=SESSION; a=b=c==; =d; e; ;; f=\"1;2\""],
        &["a=b=c==; =d; e; ;; f=\"1;2\""],
    ),
    (
        &["_xsrf=2|abc|def|1; username-nb=\"2|1:0|x\"; authservice_session=SESSION"],
        &["_xsrf=2|abc|def|1; username-nb=\"2|1:0|x\""],
    ),
];

/// An upstream is a stranger's program: with the cookie it could be the user elsewhere.
#[test]
fn no_upstream_gets_the_session_and_every_upstream_gets_its_own_cookies() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    for path in ["/notebook/team/nb/", "/public/a"] {
        for (sent, seen) in HEADERS {
            let request = sent.iter().fold(Request::new("GET", path), |it, header| {
                it.with("cookie", header.replace("SESSION", &session))
            });

            let upstream = stage.gateway.handle(&request).upstream.unwrap();

            let seen: Vec<_> = seen.iter().map(|it| it.as_bytes()).collect();
            assert_eq!(upstream.all("cookie"), seen, "{sent:?}");
        }
    }
}

#[test]
fn cookies_without_ours_pass_as_they_are() {
    let stage = Stage::new();
    for header in [
        "a=1;;b",
        " a = 1 ;",
        "\u{ff}",
        "",
        ";",
        "authservice_sessio=n",
    ] {
        let request = Request::new("GET", "/healthz").with("cookie", header);
        let upstream = stage.gateway.handle(&request).upstream.unwrap();
        assert_eq!(upstream.all("cookie"), [header.as_bytes()]);
    }
}

#[test]
fn other_cookies_keep_their_bytes_and_their_order() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    let cookie = proptest::collection::vec(1_u8.., 1..20);
    let foreign = cookie.prop_filter("ours, or several", |it| {
        !it.contains(&b';') && it.trim_ascii() == it && !it.starts_with(b"authservice_session")
    });
    proptest!(|(cookies in proptest::collection::vec(foreign, 1..6), place: prop::sample::Index)| {
        let own = ["authservice_session=", &session].concat().into_bytes();
        let mut all = cookies.clone();
        all.insert(place.index(cookies.len() + 1), own);
        let request = Request::new("GET", "/").with("cookie", all.join(&b"; "[..]));

        let upstream = stage.gateway.handle(&request).upstream.unwrap();

        prop_assert_eq!(upstream.all("cookie"), [cookies.join(&b"; "[..])]);
    });
}

/// A page on a sibling domain can set a cookie of our name, and choose that it comes first.
#[test]
fn a_tossed_session_cookie_does_not_shadow_the_real_one() {
    let stage = Stage::new();
    let session = stage.signed_in().session_cookie();
    let cut = session.split_at(session.len() - 1).0;
    for tossed in ["x", "", "AAAA", cut, &session.repeat(2)] {
        let cookies = format!("authservice_session={tossed}; authservice_session={session}");

        let response = stage
            .gateway
            .handle(&Request::navigation("/").with("cookie", cookies));

        assert_eq!(response.user(), ALICE);
    }
}

/// A script of the origin can set a cookie of that name and another path beside the real one.
#[test]
fn a_planted_marker_neither_ends_a_session_nor_brings_one_back() {
    let stage = Stage::new();
    let mut browser = stage.signed_in();
    let (session, id) = (browser.session_cookie(), browser.session_id());
    let planted = "authservice_session_ended=AAAAAAAAAAAAAAAAAAAAAA; ".repeat(9);
    let request = |cookies: String| {
        let request = Request::new("GET", "/").with("cookie", cookies);
        stage.gateway.handle(&request).status
    };

    assert_eq!(
        request(format!("{planted}authservice_session={session}")),
        200
    );
    let real = format!("authservice_session_ended={id}; authservice_session={session}");
    assert_eq!(request(format!("{planted}{real}")), 401);
    assert_eq!(request(format!("{real}; {planted}")), 401);
    assert!(browser.is_signed_in());
}

#[test]
fn a_flood_of_cookies_of_our_name_costs_a_sign_in_and_no_more() {
    let stage = Stage::new();
    let flood =
        "authservice_session=x; authservice_session_attempt_AAAAAAAAAAAAAAAA=x; ".repeat(2_000);
    let request = Request::navigation("/").with("cookie", flood);

    let reply = stage.gateway.handle(&request);

    assert_eq!(reply.status, 302);
    assert!(reply.all("set-cookie").len() <= 21);
}

/// What a `set-cookie` repeats of a request could break out of it.
#[test]
fn the_name_of_a_strange_attempt_is_not_repeated() {
    let stage = Stage::new();
    for name in [
        "authservice_session_attempt_AAAAAAAAAAAAAAA\u{1}",
        "authservice_session_attempt_AAAAAAA, AAAAAAA",
        "authservice_session_attempt_AAAAAAAAAAAAAAAAA",
        "authservice_session_attempt_",
        "authservice_session_attempt_<script>alert(1)",
    ] {
        let request = Request::navigation("/").with("cookie", [name, "=x"].concat());

        let reply = stage.gateway.handle(&request);

        assert!(reply.cookies_deleted().is_empty(), "{name}");
    }
}
