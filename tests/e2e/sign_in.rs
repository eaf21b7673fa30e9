//! Signing in and out, from the first page to the last.

use kfwasm_rig::{Page, Request, Rig, RigError, UserAgent};

use crate::stage::{SESSION, Shown, alice_at, latest, stage, stage_with};

#[test]
fn alice_lands_on_the_page_that_she_asked_for_and_the_upstream_knows_her_groups() -> Shown {
    let rig = stage()?;
    let page = UserAgent::new().sign_in(&rig.at("/notebooks/?ns=a%2Fb&x=1"), "alice")?;
    assert_eq!(page.address.as_str(), rig.at("/notebooks/?ns=a%2Fb&x=1"));
    let seen = latest(&rig);
    assert_eq!(seen.target, "/notebooks/?ns=a%2Fb&x=1");
    assert_eq!(seen.all("kubeflow-userid"), ["alice@example.com"]);
    assert_eq!(seen.all("kubeflow-groups"), ["data-science,admins"]);
    Ok(())
}

#[test]
fn bob_has_no_groups_and_the_upstream_gets_no_header_of_them() -> Shown {
    let rig = stage()?;
    UserAgent::new().sign_in(&rig.at("/"), "bob")?;
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["bob@example.com"]);
    assert!(latest(&rig).all("kubeflow-groups").is_empty());
    Ok(())
}

#[test]
fn a_sign_in_that_goes_well_leaves_no_line_of_fault() -> Shown {
    let rig = stage()?;
    alice_at(&rig)?;
    let lines = rig.gateway.log().lines();
    let loud = |line: &&String| {
        let levels = ["[warning][wasm]", "[error]", "[critical]"];
        levels.iter().any(|level| line.contains(level))
    };
    assert_eq!(lines.iter().find(loud), None);
    Ok(())
}

#[test]
fn the_upstream_gets_every_cookie_but_ours_byte_for_byte() -> Shown {
    let rig = stage()?;
    let browser = alice_at(&rig)?;
    let session = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    for path in ["/echo", "/public/echo"] {
        let cookies = [
            b"a=1; b=\"x y\"; c=\xff\x80;d;".as_slice(),
            format!(" {SESSION}={session}; {SESSION}_attempt_x=1; _xsrf=2|z==").as_bytes(),
        ]
        .concat();
        let request = Request::bare(&rig.at(path))?.header("cookie", cookies);
        assert_eq!(UserAgent::new().send(&request)?.status, 200);
        let seen = latest(&rig);
        let named = seen.headers.iter().filter(|(name, _)| name == "cookie");
        let values = named.map(|(_, value)| value.as_slice()).collect::<Vec<_>>();
        assert_eq!(
            values,
            [b"a=1; b=\"x y\"; c=\xff\x80;d; _xsrf=2|z==".as_slice()]
        );
    }
    Ok(())
}

/// The module looks at cookies sixteen bytes at a time: ours is found and taken out wherever it stands in these.
#[test]
fn our_cookie_is_taken_out_wherever_it_stands() -> Shown {
    let rig = stage()?;
    let browser = alice_at(&rig)?;
    let session = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    let mut client = UserAgent::new();
    for before in 1..=34 {
        let after = 35 - before;
        let (before, after) = ("x".repeat(before), "y".repeat(after));
        let cookies = format!("b={before}; {SESSION}={session}; a={after}");
        let request = Request::bare(&rig.at("/echo"))?.header("cookie", cookies);
        assert_eq!(client.send(&request)?.status, 200);
        let seen = latest(&rig);
        assert_eq!(seen.all("cookie"), [format!("b={before}; a={after}")]);
        assert_eq!(seen.all("kubeflow-userid"), ["alice@example.com"]);
    }
    Ok(())
}

#[test]
fn several_tabs_can_sign_in_side_by_side() -> Shown {
    let rig = stage()?;
    let mut browser = UserAgent::new();
    let tabs = ["/one", "/two?x=2", "/three"];
    let mut asked = Vec::new();
    for tab in tabs {
        asked.push(browser.visit(&rig.at(tab))?);
    }
    // The last to ask is the first to return.
    for (tab, page) in tabs.iter().zip(asked).rev() {
        let page = browser.land(page)?;
        let landed = match page.address.as_str().starts_with(&rig.provider.issuer()) {
            true => {
                let answered = browser.submit(&page, &[("username", "alice")])?;
                browser.land(answered)?
            }
            false => page,
        };
        assert_eq!(landed.address.as_str(), rig.at(tab));
    }
    let ours = browser
        .cookie_names()
        .into_iter()
        .filter(|it| it.contains("_attempt_"));
    assert_eq!(ours.count(), 0);
    Ok(())
}

#[test]
fn the_provider_may_return_to_an_alias_of_the_callback() -> Shown {
    let rig = stage_with(serde_json::json!({ "callback": { "aliases": ["/old/callback"] } }))?;
    let mut browser = UserAgent::new();
    let back = returned(&rig, &mut browser)?;
    let query = back.location().and_then(|it| it.query().map(str::to_owned));
    let alias = format!("{}?{}", rig.at("/old/callback"), query.expect("a query"));
    let answered = browser.visit(&alias)?;
    assert_eq!(browser.land(answered)?.address.as_str(), rig.at("/asked"));
    Ok(())
}

#[test]
fn whoever_cancels_is_told_so_and_can_try_again() -> Shown {
    let rig = stage()?;
    let mut browser = UserAgent::new();
    let asked = browser.visit(&rig.at("/"))?;
    let form = browser.land(asked)?;
    let cancelled = browser.submit(&form, &[("cancel", "yes")])?;
    let page = browser.land(cancelled)?;
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("You were not signed in"));
    assert!(browser.cookie(&rig.at("/"), SESSION).is_none());
    assert_eq!(browser.sign_in(&rig.at("/"), "alice")?.status, 200);
    Ok(())
}

#[test]
fn a_path_that_only_begins_like_the_callback_is_not_the_callback() -> Shown {
    let rig = stage()?;
    for path in [
        "/authservice/oidc/callbacks",
        "/authservice/oidc/callback/x",
    ] {
        let asked = format!("{}?error=access_denied&state=x", rig.at(path));
        let page = UserAgent::new().visit(&asked)?;
        assert!(
            page.location_parameter("code_challenge").is_some(),
            "{path}: {}",
            page.status
        );
    }
    Ok(())
}

#[test]
fn a_sign_out_ends_the_session_here_and_at_the_provider() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let leaving = browser.visit(&rig.at("/logout"))?;
    let target = leaving.location().expect("the end session endpoint");
    assert!(
        target.as_str().starts_with(&rig.provider.issuer()),
        "{target}"
    );
    assert!(leaving.location_parameter("id_token_hint").is_some());
    let question = browser.land(leaving)?;
    let answered = browser.submit(&question, &[("logout", "yes")])?;
    let landed = browser.land(answered)?;
    assert!(
        landed.text().contains("You are signed out"),
        "{}",
        landed.address
    );
    let asked = browser.visit(&rig.at("/"))?;
    let form = browser.land(asked)?;
    assert!(form.address.as_str().starts_with(&rig.provider.issuer()));
    assert!(form.text().contains("username"));
    Ok(())
}

#[test]
fn a_script_that_signs_out_is_told_where_to_go() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    let request = Request::fetch(&rig.at("/authservice/logout"))?.method("POST");
    let answer = browser.send(&request)?;
    assert_eq!(answer.status, 201);
    let body = answer.json();
    let target = body["afterLogoutURL"].as_str().unwrap_or_default();
    assert_eq!(target, rig.at("/authservice/logout"));
    assert!(browser.cookie(&rig.at("/"), SESSION).is_none());
    // The window then takes the ID token to the provider, past every script.
    let leaving = browser.visit(target)?;
    assert!(leaving.location_parameter("id_token_hint").is_some());
    Ok(())
}

/// As far as the redirect that brings a browser back to the callback with a code.
fn returned(rig: &Rig, browser: &mut UserAgent) -> Result<Page, RigError> {
    let asked = browser.visit(&rig.at("/asked"))?;
    let form = browser.land(asked)?;
    let mut page = browser.submit(&form, &[("username", "alice")])?;
    while page.location_parameter("code").is_none() {
        page = browser.follow(&page)?;
    }
    Ok(page)
}
