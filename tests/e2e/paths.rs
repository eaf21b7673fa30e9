//! Which requests need a session, and where a browser is sent.

use kfwasm_rig::{Request, Rig, UserAgent};
use serde_json::json;

use crate::stage::{Shown, alice_at, stage, stage_with};

#[test]
fn a_skip_rule_covers_whole_segments_of_the_path_and_nothing_else() -> Shown {
    let rig = stage_with(json!({ "skip": [{ "prefix": "/public" }, { "exact": "/health" }] }))?;
    for path in [
        "/public",
        "/public/",
        "/public/a/b?c",
        "/%70ublic/a",
        "/health?x",
    ] {
        assert_eq!(status_at(&rig, path.as_bytes())?, 200, "{path}");
    }
    let closed = [
        "/admin?x=/health",
        "/admin?/public/",
        "/admin#/public/",
        "/publicity",
        "/public.html",
        "/healthy",
        "/health/x",
        "/PUBLIC/a",
        "/x/public/a",
        "/public%2fa",
        "/public%2f..%2fadmin",
        "/public/..%2fadmin",
        "/public/%2e%2e%2fadmin",
        "/public/..;/admin",
        "/public\\..\\admin",
        "/public%5c..%5cadmin",
        "/public//admin",
        "//public/a",
        "/public/%252e%252e/admin",
        "/public%00",
        "/public/../admin",
        "/public/%2e%2e/admin",
    ];
    for path in closed {
        let status = status_at(&rig, path.as_bytes())?;
        assert!(matches!(status, 302 | 400), "{path}: {status}");
    }
    assert!(
        rig.upstream
            .received()
            .iter()
            .all(|it| it.target.starts_with("/public")
                || it.target.starts_with("/%70")
                || it.target.starts_with("/health?"))
    );
    Ok(())
}

#[test]
fn after_sign_in_no_path_leads_to_another_origin() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let targets: [&[u8]; 9] = [
        b"//evil.example/phish",
        b"///evil.example/phish",
        b"/\\evil.example/phish",
        b"/\\/evil.example",
        b"/%2f%2fevil.example",
        b"/.//evil.example",
        b"/x/..//evil.example",
        b"/@evil.example",
        b"//evil.example%2f..",
    ];
    for target in targets {
        browser.set_cookie(&rig.at("/"), "authservice_session", "gone");
        let asked = browser.send(&Request::navigation(&rig.at("/"))?.target(target))?;
        if asked.status == 400 {
            continue;
        }
        let mut page = asked;
        while page.location_parameter("code").is_none() {
            page = browser.follow(&page)?;
        }
        let back = browser.follow(&page)?;
        let location = back.header("location").expect("a redirect");
        assert!(
            location.starts_with(&rig.at("/")),
            "{}: {location}",
            target.escape_ascii()
        );
        assert_eq!(
            back.location().map(|it| it.origin()),
            Some(back.address.origin())
        );
    }
    Ok(())
}

#[test]
fn a_request_that_is_no_navigation_gets_401_and_no_redirect() -> Shown {
    let rig = stage()?;
    let form = "application/x-www-form-urlencoded";
    let requests = [
        Request::navigation(&rig.at("/"))?
            .method("POST")
            .body(form, "a=1"),
        Request::navigation(&rig.at("/"))?.method("DELETE"),
        Request::fetch(&rig.at("/"))?,
        Request::bare(&rig.at("/"))?,
        Request::navigation(&rig.at("/pipeline/apis/v2beta1/runs"))?,
        Request::navigation(&rig.at("/"))?.header("x-requested-with", "XMLHttpRequest"),
    ];
    for request in requests {
        let answer = UserAgent::new().send(&request)?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (401, None),
            "{request:?}"
        );
        let kind = answer.header("content-type");
        assert_eq!(kind.as_deref(), Some("application/problem+json"));
        assert_eq!(answer.all("set-cookie"), Vec::<String>::new());
    }
    assert!(rig.upstream.received().is_empty());
    Ok(())
}

#[test]
fn a_preflight_passes_where_a_rule_says_so_and_as_nobody() -> Shown {
    let rule = json!({ "skip": [{ "prefix": "/pipeline", "methods": ["OPTIONS"] }] });
    let rig = stage_with(rule)?;
    for (path, status) in [("/pipeline/apis", 200), ("/katib", 401)] {
        let request = Request::bare(&rig.at(path))?
            .method("OPTIONS")
            .header("origin", "https://notebook.example.org")
            .header("access-control-request-method", "POST")
            .header("kubeflow-userid", "root@example.com");
        assert_eq!(UserAgent::new().send(&request)?.status, status, "{path}");
    }
    assert_eq!(rig.upstream.received().len(), 1);
    assert!(crate::stage::latest(&rig).all("kubeflow-userid").is_empty());
    Ok(())
}

fn status_at(rig: &Rig, target: &[u8]) -> Result<u16, kfwasm_rig::RigError> {
    let request = Request::navigation(&rig.at("/"))?.target(target);
    Ok(UserAgent::new().send(&request)?.status)
}
