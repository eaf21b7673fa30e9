//! In a real browser.

mod pages;
mod programs;

use kfwasm_rig::{Chrome, Rig, RigError};

use crate::stage::{Shown, stage};

const USER: &str = "#user";
const RESULT: &str = "#result pre";

#[test]
fn a_person_signs_in_and_stands_on_the_page_that_was_asked_for() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    sign_in(&chrome, &rig, "/notebooks?ns=alice#running")?;
    assert_eq!(
        chrome.wait_for(USER, |user| user != "Nobody")?,
        "alice@example.com"
    );
    assert_eq!(chrome.text("#path")?, "/notebooks?ns=alice");
    assert!(chrome.text("#groups")?.contains("data-science"));
    Ok(())
}

#[test]
fn no_script_can_read_the_session() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    sign_in(&chrome, &rig, "/")?;
    chrome.wait_for(USER, |user| user == "alice@example.com")?;
    let session = chrome
        .cookies()?
        .into_iter()
        .find(|cookie| cookie["name"] == "authservice_session");
    let session = session.expect("a session cookie");
    assert_eq!(
        (&session["httpOnly"], &session["sameSite"]),
        (&true.into(), &"Lax".into())
    );
    let visible = chrome.run("return document.cookie")?;
    assert!(
        !visible.to_string().contains("authservice_session"),
        "{visible}"
    );
    Ok(())
}

#[test]
fn a_forged_identity_is_replaced_and_a_call_without_session_is_refused() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    sign_in(&chrome, &rig, "/")?;
    chrome.wait_for(USER, |user| user == "alice@example.com")?;
    chrome.click("[data-try=forge]")?;
    let seen = chrome.wait_for(RESULT, |text| text.contains("upstream saw"))?;
    assert!(
        seen.ends_with("kubeflow-userid: alice@example.com"),
        "{seen}"
    );
    chrome.click("[data-try=api]")?;
    let answer = chrome.wait_for(RESULT, |text| text.contains("problem+json"))?;
    assert!(answer.starts_with("401"), "{answer}");
    Ok(())
}

#[test]
fn a_frame_whose_session_has_ended_sends_the_whole_window_to_sign_in() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    sign_in(&chrome, &rig, "/")?;
    chrome.wait_for(USER, |user| user == "alice@example.com")?;
    chrome.run("window.beforeTheFrame = true")?;
    chrome.click("[data-try=frame]")?;
    // The provider still knows her, so that she comes back: on a page that was loaded anew.
    chrome.wait_until("the window is loaded anew", |chrome| {
        let old = chrome.run("return window.beforeTheFrame === true")?;
        Ok(old == false && chrome.text(USER)? == "alice@example.com")
    })
}

#[test]
fn after_sign_out_the_page_asks_for_sign_in() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    sign_in(&chrome, &rig, "/")?;
    chrome.wait_for(USER, |user| user == "alice@example.com")?;
    chrome.click("a[href='/logout']")?;
    chrome.wait_for("button[name=logout]", |label| label.contains("sign out"))?;
    chrome.click("button[name=logout]")?;
    chrome.wait_until("she is back at the gateway", |chrome| {
        Ok(chrome.address()?.starts_with(&rig.at("/")))
    })?;
    chrome.visit(&rig.at("/"))?;
    chrome.wait_for("input[name=username]", |_| true)?;
    assert!(chrome.address()?.starts_with(&rig.provider.issuer()));
    Ok(())
}

#[test]
fn the_dashboard_is_readable_at_320_pixels() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    chrome.resize(320, 600)?;
    chrome.visit(&rig.at("/public/about"))?;
    assert_eq!(chrome.text(USER)?, "Nobody");
    let overflow =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(chrome.run(overflow)?, 0);
    Ok(())
}

/// Opens a page and answers the provider's form as Alice.
fn sign_in(chrome: &Chrome, rig: &Rig, path: &str) -> Result<(), RigError> {
    chrome.visit(&rig.at(path))?;
    chrome.type_into("input[name=username]", "alice\n")
}
