//! The dashboards of Kubeflow sign out unchanged, as they did with oidc-authservice and oauth2-proxy.

use kfwasm_rig::{Request, Rig, UserAgent};

use crate::stage::{SESSION, Shown, alice_at, stage};

/// A link to `/logout`.
#[test]
fn the_dashboard_of_kubeflow_1_2_signs_out() -> Shown {
    follows_a_link_to("/logout")
}

/// `logout-button.js` posts the value of the session's cookie as a bearer token, or nothing where it cannot read the
/// cookie, and goes to `afterLogoutURL`.
#[test]
fn the_dashboard_of_kubeflow_1_7_and_1_8_signs_out() -> Shown {
    let rig = stage()?;
    for readable in [false, true] {
        let mut browser = alice_at(&rig)?;
        let cookie = browser.cookie(&rig.at("/"), SESSION).filter(|_| readable);
        let token = format!("Bearer {}", cookie.unwrap_or_default());
        let request = Request::fetch(&rig.at("/authservice/logout"))?
            .method("POST")
            .header("authorization", token);
        let answer = browser.send(&request)?;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let json = answer.json();
        let next = json["afterLogoutURL"].as_str().expect("where to go");
        leaves_by(&rig, &mut browser, next)?;
    }
    Ok(())
}

/// A link to where `LOGOUT_URL` says, which Kubeflow's manifests set for oauth2-proxy.
#[test]
fn todays_dashboard_signs_out() -> Shown {
    follows_a_link_to("/oauth2/sign_out")?;
    follows_a_link_to("/authservice/logout")
}

fn follows_a_link_to(path: &str) -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    leaves_by(&rig, &mut browser, &rig.at(path))
}

/// The window goes there, and the person is signed out here and at the provider.
fn leaves_by(rig: &Rig, browser: &mut UserAgent, address: &str) -> Shown {
    let link = Request::navigation(address)?.header("sec-fetch-site", "same-origin");
    let leaving = browser.send(&link)?;
    assert!(
        leaving.location_parameter("id_token_hint").is_some(),
        "{address}"
    );
    assert!(browser.cookie(&rig.at("/"), SESSION).is_none());
    let question = browser.land(leaving)?;
    let answered = browser.submit(&question, &[("logout", "yes")])?;
    let landed = browser.land(answered)?;
    assert!(
        landed.text().contains("You are signed out"),
        "{}",
        landed.address
    );
    Ok(())
}
