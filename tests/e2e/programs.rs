//! Programs on a person's own machine sign in by the person's browser, as `kfwasm login` does.

use std::io::Write as _;

use kfwasm_rig::{Page, Request, Rig, RigError, UserAgent, exchange};

use crate::own_gateway::OwnGateway;
use crate::stage::{SESSION, Shown, alice_at, latest, stage};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const TOKEN: &str = "/authservice/programs/token";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a_program_gets_a_session_of_its_own_and_calls_with_it() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let question = browser.visit(&rig.at(&authorize("http://127.0.0.1:9/callback")))?;
    assert!(
        question.text().contains("alice@example.com"),
        "{}",
        question.text()
    );
    let allowed = browser.submit(&question, &[("answer", "allow")])?;
    let code = allowed.location_parameter("code").expect("a code");

    let answer = redeem(&rig, &code)?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    let token = answer.json();
    assert_eq!(token["cookie_name"], SESSION);
    let cookie = format!(
        "{SESSION}={}",
        token["access_token"].as_str().unwrap_or_default()
    );
    let call = Request::bare(&rig.at("/pipeline/apis/v2beta1/runs"))?.header("cookie", cookie);
    assert_eq!(UserAgent::new().send(&call)?.status, 200);
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);

    // Whichever of the workers is asked, the code has served.
    for _ in 0..10 {
        let again = redeem(&rig, &code)?;
        assert_eq!(
            (again.status, &again.json()["error"]),
            (400, &"invalid_grant".into())
        );
    }
    Ok(())
}

#[test]
fn the_form_of_a_program_arrives_however_it_is_sent() -> Shown {
    let rig = stage()?;
    let port = rig.gateway.authority();
    let form = "grant_type=password&client_id=kfwasm";
    let chunks = form.as_bytes().chunks(7).map(|it| {
        let text = String::from_utf8_lossy(it);
        format!("{:x}\r\n{text}\r\n", it.len())
    });
    let chunked = format!(
        "POST {TOKEN} HTTP/1.1\r\nhost: {port}\r\ncontent-type: {FORM}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{}0\r\n\r\n",
        chunks.collect::<String>()
    );
    let answer = exchange(&port, chunked.as_bytes())?;
    assert_eq!(
        answer.json()["error"],
        "unsupported_grant_type",
        "{}",
        answer.text()
    );
    Ok(())
}

#[test]
fn a_form_that_is_missing_too_long_or_never_ends_hangs_nothing() -> Shown {
    let rig = stage()?;
    let send = |body: Vec<u8>| {
        let request = Request::bare(&rig.at(TOKEN))?.method("POST");
        UserAgent::new().send(&request.body(FORM, body))
    };
    assert_eq!(send(Vec::new())?.json()["error"], "invalid_request");
    assert_eq!(send(vec![b'a'; 17 * 1024])?.status, 413);
    assert_eq!(send(vec![b'a'; 4 * 1024 * 1024])?.status, 413);
    // A client that promises more than it sends is answered when it goes away, and holds up nobody else.
    let port = rig.gateway.authority();
    let half = format!(
        "POST {TOKEN} HTTP/1.1\r\nhost: {port}\r\ncontent-type: {FORM}\r\ncontent-length: 100\r\n\r\ncode="
    );
    let mut stalled = std::net::TcpStream::connect(&port).map_err(RigError::io("connect"))?;
    stalled
        .write_all(half.as_bytes())
        .map_err(RigError::io("send"))?;
    assert_eq!(UserAgent::new().visit(&rig.at("/public/x"))?.status, 200);
    drop(stalled);
    crate::workers::assert_workers_serve(&rig)
}

#[test]
fn nothing_that_is_posted_to_the_gateway_itself_reaches_an_upstream() -> Shown {
    let rig = stage()?;
    for path in [TOKEN, "/authservice/backchannel-logout"] {
        let request = Request::bare(&rig.at(path))?.method("POST");
        let page = UserAgent::new().send(&request.body(FORM, "code=x&logout_token=x"))?;
        assert_eq!(page.status, 400, "{path}: {}", page.text());
    }
    assert!(rig.upstream.received().is_empty());
    Ok(())
}

#[test]
fn a_form_may_be_posted_with_a_query() -> Shown {
    let rig = stage()?;
    let request = Request::bare(&rig.at(&format!("{TOKEN}?from=a-program")))?.method("POST");
    let form = "grant_type=password&client_id=kfwasm";
    let page = UserAgent::new().send(&request.body(FORM, form))?;
    assert_eq!(page.json()["error"], "unsupported_grant_type");
    Ok(())
}

/// Where the plugin's configuration and the gateway's routes name different paths.
#[test]
fn a_route_for_forms_that_the_module_does_not_answer_lets_nothing_through() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.plugin["programs"] = serde_json::json!({ "enabled": false });
    let gateway = own.start()?;
    let mut browser = UserAgent::new();
    browser.sign_in(&gateway.address(), "alice")?;
    let before = own.upstream.received().len();
    let address = format!("{}{TOKEN}", gateway.address());
    let request = Request::fetch(&address)?
        .method("POST")
        .body(FORM, "code=x");
    let page = browser.send(&request)?;
    let said = "kfwasm did not answer this request.";
    assert_eq!((page.status, page.text().as_str()), (503, said));
    assert_eq!(own.upstream.received().len(), before);
    Ok(())
}

#[test]
fn what_is_posted_to_others_is_read_by_nobody_on_its_way() -> Shown {
    let rig = stage()?;
    for path in ["/public/form", "/public/authservice/programs/token"] {
        let request = Request::bare(&rig.at(path))?.method("POST");
        let page = UserAgent::new().send(&request.body(FORM, "code=x"))?;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let arrived = latest(&rig);
        assert_eq!(
            (arrived.target.as_str(), arrived.body.as_slice()),
            (path, &b"code=x"[..])
        );
        assert_eq!(arrived.all("x-kfwasm-body"), Vec::<String>::new());
    }
    Ok(())
}

#[test]
fn a_gateway_that_does_not_hand_over_bodies_says_so() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.bodies = false;
    let gateway = own.start()?;
    let address = format!("{}{TOKEN}", gateway.address());
    let request = Request::bare(&address)?.method("POST").body(FORM, "code=x");
    let page = UserAgent::new().send(&request)?;
    assert_eq!(
        (page.status, &page.json()["error"]),
        (501, &"server_error".into())
    );
    assert!(own.upstream.received().is_empty());
    Ok(())
}

pub(crate) fn authorize(redirect_uri: &str) -> String {
    let redirect_uri = encoded(redirect_uri);
    format!(
        "/authservice/programs/authorize?response_type=code&client_id=kfwasm&redirect_uri={redirect_uri}&code_challenge={CHALLENGE}&code_challenge_method=S256&state=of+the+program"
    )
}

fn encoded(address: &str) -> String {
    address.replace(':', "%3A").replace('/', "%2F")
}

fn redeem(rig: &Rig, code: &str) -> Result<Page, RigError> {
    redeem_for(rig, code, "http://127.0.0.1:9/callback")
}

pub(crate) fn redeem_for(rig: &Rig, code: &str, redirect_uri: &str) -> Result<Page, RigError> {
    let redirect_uri = encoded(redirect_uri);
    let form = format!(
        "grant_type=authorization_code&client_id=kfwasm&code={code}&redirect_uri={redirect_uri}&code_verifier={VERIFIER}"
    );
    let request = Request::bare(&rig.at(TOKEN))?.method("POST");
    UserAgent::new().send(&request.body(FORM, form))
}
