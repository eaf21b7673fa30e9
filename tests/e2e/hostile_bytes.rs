//! Bytes that no browser sends. One request that ends a module would end the service for everyone.

use kfwasm_rig::{Request, Rig, RigError, UserAgent};

use crate::stage::{Shown, alice_at, latest, stage};
use crate::workers::assert_workers_serve;

/// Sent often enough that each worker gets its share.
const ROUNDS: usize = 6;

#[test]
fn no_byte_in_a_cookie_ends_a_module() -> Shown {
    let rig = stage()?;
    let session = |value: &[u8]| [b"authservice_session=", value].concat();
    let mut cookies = vec![
        b"a=\xff".to_vec(),
        (0x80..=0xff).collect::<Vec<u8>>(),
        session(&(0x80..=0xff).collect::<Vec<u8>>()),
        [b"authservice_session_attempt_\xff=", [0x80; 64].as_slice()].concat(),
        [b"authservice_session_id_token=", [0xfe; 64].as_slice()].concat(),
        session(&vec![b'A'; 40_000]),
        "a=1; ".repeat(8_000).into_bytes(),
        b";;;=;authservice_session;=authservice_session=".to_vec(),
    ];
    cookies.extend((0x80..=0xff).map(|byte| session(&[byte])));
    for cookie in &cookies {
        let request = Request::navigation(&rig.at("/"))?.header("cookie", cookie.as_slice());
        let page = UserAgent::new().send(&request)?;
        assert_eq!(
            page.status,
            302,
            "{:?}: {}",
            cookie.escape_ascii().to_string(),
            page.text()
        );
    }
    assert_workers_serve(&rig)
}

#[test]
fn no_byte_in_a_header_ends_a_module() -> Shown {
    let rig = stage()?;
    let bytes = (0x80..=0xff).collect::<Vec<u8>>();
    let names = [
        "accept",
        "origin",
        "referer",
        "authorization",
        "user-agent",
        "x-request-id",
        "x-anything",
        "sec-fetch-mode",
        "sec-fetch-dest",
        "sec-fetch-site",
        "x-requested-with",
        "kubeflow-userid",
        "x-forwarded-proto",
        "x-forwarded-for",
    ];
    for name in names {
        for path in [
            "/",
            "/public/x",
            "/logout",
            "/authservice/oidc/callback?code=x&state=y",
        ] {
            for _ in 0..2 {
                let request = Request::bare(&rig.at(path))?.header(name, bytes.as_slice());
                let status = UserAgent::new().send(&request)?.status;
                assert!(status < 500, "{name} at {path}: {status}");
            }
        }
    }
    assert_workers_serve(&rig)
}

#[test]
fn no_byte_in_a_path_ends_a_module() -> Shown {
    let rig = stage()?;
    let targets: [&[u8]; 10] = [
        b"/\xff",
        b"/\xc3\x28?\xff=\xfe",
        b"/authservice/oidc/callback?state=\xff&code=\x80",
        b"/authservice/oidc/callback?state=%FF&code=%80%",
        b"/authservice/oidc/callback?state=%00&error=%FF%0A",
        b"/logout?\xff",
        b"/public/\xff",
        b"/%ff%80/%",
        b"//\xff",
        b"/?",
    ];
    for target in targets {
        for _ in 0..ROUNDS {
            let request = Request::navigation(&rig.at("/"))?.target(target);
            let status = UserAgent::new().send(&request)?.status;
            assert!(status < 500, "{}: {status}", target.escape_ascii());
        }
    }
    let long = [
        b"/".as_slice(),
        &vec![b'a'; 30_000],
        b"?",
        &vec![b'%'; 20_000],
    ]
    .concat();
    let request = Request::navigation(&rig.at("/"))?.target(long);
    assert_eq!(UserAgent::new().send(&request)?.status, 302);
    assert_workers_serve(&rig)
}

#[test]
fn who_is_signed_in_stays_so_whatever_others_send() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    for _ in 0..ROUNDS {
        strangers(&rig)?;
        let page = browser.visit(&rig.at("/notebooks"))?;
        assert_eq!((page.status, page.location()), (200, None));
        assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);
    }
    assert_workers_serve(&rig)
}

fn strangers(rig: &Rig) -> Result<(), RigError> {
    for cookie in [
        b"authservice_session=\xff".as_slice(),
        b"\x80",
        b"authservice_session=AAAA",
    ] {
        let request = Request::navigation(&rig.at("/"))?.header("cookie", cookie);
        assert_eq!(UserAgent::new().send(&request)?.status, 302);
    }
    Ok(())
}
