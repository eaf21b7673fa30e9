//! Clients that send what browsers never do: nothing of it may end a module, hang, open the gateway or sign somebody out.

mod requests;

use std::io::Write as _;
use std::thread;

use kfwasm_rig::{Gateway, Rig, RigError, UserAgent, wait_until};

use self::requests::{ODD, Odd};
use crate::http2::{End, Http2};
use crate::raw;
use crate::stage::{PATIENCE, SESSION, Shown, alice_at, latest, stage};
use crate::workers::assert_workers_serve;

/// Sent often enough that each worker gets its share.
const ROUNDS: usize = 4;

/// A gateway with somebody signed in.
struct Scene {
    rig: Rig,
    alice: UserAgent,
}

impl Scene {
    fn set() -> Result<Self, RigError> {
        let rig = stage()?;
        let alice = alice_at(&rig)?;
        Ok(Self { rig, alice })
    }

    fn session(&self) -> String {
        let session = self.alice.cookie(&self.rig.at("/"), SESSION);
        format!("{SESSION}={}", session.expect("a session"))
    }

    /// Nothing reached the upstream but what is Alice's or nobody's, she is still signed in, nothing is left under way, and
    /// both workers serve.
    fn close(mut self) -> Shown {
        let bad = self.rig.upstream.received().into_iter().find(|it| {
            let users = it.all("kubeflow-userid");
            users.len() > 1 || users.iter().any(|user| user != "alice@example.com")
        });
        assert_eq!(bad, None);
        let page = self.alice.visit(&self.rig.at("/home"))?;
        assert_eq!(page.status, 200);
        assert_eq!(
            latest(&self.rig).all("kubeflow-userid"),
            ["alice@example.com"]
        );
        wait_until("every request to end", PATIENCE, || {
            let active = self.rig.gateway.stat("http.gateway.downstream_rq_active");
            (active.ok()? == 0).then_some(())
        })?;
        assert_workers_serve(&self.rig)
    }
}

fn counted(gateway: &Gateway, outcome: &str) -> Result<u64, RigError> {
    gateway.stat(&format!("wasmcustom.kfwasm.requests.{outcome}"))
}

#[test]
fn each_odd_request_is_answered_or_cut_off_and_harms_nobody() -> Shown {
    let scene = Scene::set()?;
    let session = scene.session();
    // Envoy keeps the connection of a request that it refuses for a second, which is spent side by side.
    let wrong: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = ODD
            .chunks(ODD.len().div_ceil(8))
            .map(|some| scope.spawn(|| wrong_among(some, &scene.rig.gateway, &session)))
            .collect();
        let ends = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ends.flat_map(|wrong| wrong.expect("an end")).collect()
    });
    assert_eq!(wrong, Vec::<String>::new());
    scene.close()
}

/// What is wrong with the answers to these.
fn wrong_among(odd: &[Odd], gateway: &Gateway, session: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for Odd {
        name,
        make,
        allowed,
    } in odd
    {
        let bytes = make(&gateway.authority(), session);
        for _ in 0..ROUNDS {
            let statuses = raw::statuses(&raw::send(gateway, &bytes));
            if !statuses.iter().all(|status| allowed.contains(status)) {
                wrong.push(format!("{name}: {statuses:?}"));
                break;
            }
        }
    }
    wrong
}

#[test]
fn requests_that_break_off_leave_nothing_under_way() -> Shown {
    let scene = Scene::set()?;
    let authority = scene.rig.gateway.authority();
    let session = scene.session();
    let whole = format!(
        "POST /pipeline/ HTTP/1.1\r\nHost: {authority}\r\nCookie: {session}\r\nContent-Length: 100000\r\n\r\nhalf"
    );
    for length in (1..whole.len()).step_by(7) {
        let mut stream = raw::connect(&scene.rig.gateway);
        let part = whole.as_bytes().iter().copied().take(length);
        stream.write_all(&part.collect::<Vec<_>>()).expect("sent");
    }
    scene.close()
}

#[test]
fn sign_ins_that_are_abandoned_while_the_provider_is_asked_leave_nothing_under_way() -> Shown {
    let scene = Scene::set()?;
    let issuer = scene.rig.provider.issuer();
    let before = scene.rig.provider.asked("/token")?;
    for _ in 0..30 {
        let mut browser = UserAgent::new();
        let page = browser.visit(&scene.rig.at("/"))?;
        let state = page.location_parameter("state").expect("a state");
        let cookies: Vec<_> = browser
            .cookie_names()
            .into_iter()
            .filter_map(|name| {
                let value = browser.cookie(&scene.rig.at("/"), &name)?;
                Some(format!("{name}={value}"))
            })
            .collect();
        let request = format!(
            "GET /authservice/oidc/callback?code=x&state={state}&iss={issuer} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
            scene.rig.gateway.authority(),
            cookies.join("; "),
        );
        let mut stream = raw::connect(&scene.rig.gateway);
        stream.write_all(request.as_bytes()).expect("sent");
        // The connection ends here, while the gateway asks the provider.
    }
    wait_until("the provider to be asked", PATIENCE, || {
        (scene.rig.provider.asked("/token").ok()? > before).then_some(())
    })?;
    scene.close()
}

#[test]
fn two_thousand_made_up_callbacks_are_each_refused_and_counted_once() -> Shown {
    let scene = Scene::set()?;
    let authority = scene.rig.gateway.authority();
    let before = counted(&scene.rig.gateway, "sign_in_refused")?;
    for round in 0..8 {
        // Over HTTP/2, since Envoy ends an HTTP/1.1 connection at each answer of 400.
        let mut connection = Http2::connect(&scene.rig.gateway);
        for number in 0..250 {
            let path = format!("/authservice/oidc/callback?code={round}&state={number}");
            let id = connection.request(&[
                (":method", "GET"),
                (":scheme", "http"),
                (":path", &path),
                (":authority", &authority),
                ("cookie", &format!("{SESSION}_attempt_{number}=x")),
            ]);
            assert_eq!(connection.end_of(id), End::Status(400));
        }
    }
    let refused = counted(&scene.rig.gateway, "sign_in_refused")? - before;
    assert_eq!(refused, 2000);
    scene.close()
}

#[test]
fn over_http2_cookies_in_crumbs_are_one_and_forgeries_are_removed() -> Shown {
    let scene = Scene::set()?;
    let (authority, session) = (scene.rig.gateway.authority(), scene.session());
    for _ in 0..ROUNDS {
        let mut connection = Http2::connect(&scene.rig.gateway);
        let id = connection.request(&[
            (":method", "GET"),
            (":scheme", "http"),
            (":path", "/echo"),
            (":authority", &authority),
            ("cookie", "a=1"),
            ("cookie", &session),
            ("cookie", "b=2"),
            ("kubeflow-userid", "mallory@example.com"),
            ("kubeflow-groups", "admins"),
        ]);
        assert_eq!(connection.end_of(id), End::Status(200));
        let seen = latest(&scene.rig);
        assert_eq!(seen.all("kubeflow-userid"), ["alice@example.com"]);
        assert_eq!(seen.all("kubeflow-groups"), ["data-science,admins"]);
        assert_eq!(seen.all("cookie").join("; "), "a=1; b=2");
    }
    scene.close()
}

#[test]
fn over_http2_odd_headers_end_the_stream_and_nothing_else() -> Shown {
    let scene = Scene::set()?;
    let authority = scene.rig.gateway.authority();
    let whole = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/pipeline/"),
        (":authority", authority.as_str()),
    ];
    let long = "x".repeat(15_000);
    let odd: [&[(&str, &str)]; 9] = [
        &[(":path", "/public/x")],
        &[(":status", "200")],
        &[("Cookie", "a=1")],
        &[("connection", "keep-alive")],
        &[("transfer-encoding", "chunked")],
        &[("host", "other.example")],
        &[("cookie", &long)],
        &[("x\u{0}y", "1")],
        &[("cookie", "a=\r\nkubeflow-userid: mallory@example.com")],
    ];
    for more in odd {
        for _ in 0..ROUNDS {
            let mut connection = Http2::connect(&scene.rig.gateway);
            let id = connection.request(&[&whole, more].concat());
            let end = connection.end_of(id);
            let refused = matches!(
                end,
                End::Reset | End::ConnectionEnded | End::Status(400..=499)
            );
            assert!(refused, "{more:?}: {end:?}");
        }
    }
    scene.close()
}

/// Each request is taken back at once (CVE-2023-44487). Envoy ends such connections sooner or later.
#[test]
fn over_http2_streams_that_are_reset_at_once_leave_nothing_under_way() -> Shown {
    let scene = Scene::set()?;
    let authority = scene.rig.gateway.authority();
    for path in [
        "/",
        "/pipeline/",
        "/authservice/oidc/callback?code=x&state=y",
    ] {
        let mut connection = Http2::connect(&scene.rig.gateway);
        for _ in 0..100 {
            let id = connection.request(&[
                (":method", "GET"),
                (":scheme", "http"),
                (":path", path),
                (":authority", &authority),
                ("accept", "text/html"),
            ]);
            connection.reset(id);
        }
    }
    scene.close()
}
