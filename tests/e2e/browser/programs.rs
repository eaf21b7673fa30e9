//! A person is asked whether a program may act for them, in a real browser.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

use kfwasm_rig::{Chrome, RigError};

use super::pages::{LEAST_CONTRAST, WIDTH_OVER, picture};
use crate::programs::{authorize, redeem_for};
use crate::stage::{PATIENCE, Shown, stage};

#[test]
fn a_person_allows_a_program() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    let program = TcpListener::bind("127.0.0.1:0").map_err(RigError::io("listen"))?;
    let port = program.local_addr().map_err(RigError::io("listen"))?.port();
    let redirect_uri = format!("http://127.0.0.1:{port}/callback");

    chrome.visit(&rig.at(&authorize(&redirect_uri)))?;
    chrome.type_into("input[name=username]", "alice\n")?;
    let title = chrome.wait_for("h1", |title| title.contains("program"))?;
    assert_eq!(title, "Let a program act for you?");
    assert!(chrome.text(".detail")?.contains("alice@example.com"));
    // The click waits for the page that it leads to.
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(received(&program)));
    chrome.click("button.button")?;

    let request = receiver
        .recv_timeout(PATIENCE)
        .expect("the browser's answer")?;
    assert!(request.starts_with("GET /callback?code="), "{request}");
    let (_, code) = request.split_once("code=").expect("a code");
    let (code, _) = code.split_once('&').expect("a state");
    assert!(request.contains("state=of+the+program"), "{request}");
    let answer = redeem_for(&rig, code, &redirect_uri)?;
    assert_eq!(
        answer.json()["user"],
        "alice@example.com",
        "{}",
        answer.text()
    );
    Ok(())
}

#[test]
fn the_question_and_the_code_can_be_read_on_a_small_screen_by_day_and_by_night() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    chrome.resize(320, 640)?;
    chrome.visit(&rig.at(&authorize("urn:ietf:wg:oauth:2.0:oob")))?;
    chrome.type_into("input[name=username]", "alice\n")?;
    for (name, title) in [("program", "Let a program"), ("code", "Copy this code")] {
        chrome.wait_for("h1", |it| it.starts_with(title))?;
        for dark in [false, true] {
            chrome.prefer_dark(dark)?;
            assert_eq!(chrome.run(WIDTH_OVER)?, 0, "{name}");
            let contrast = chrome.run(LEAST_CONTRAST)?.as_f64().unwrap_or_default();
            assert!(contrast >= 4.5, "{name}, dark {dark}: {contrast}");
            chrome.save_picture(&picture(name, dark))?;
        }
        if name == "program" {
            chrome.click("button.button")?;
        }
    }
    Ok(())
}

/// A notebook's script runs in the gateway's own origin, and has its visitor's session.
#[test]
fn no_script_of_the_origin_can_see_or_answer_the_question() -> Shown {
    let rig = stage()?;
    let chrome = Chrome::start()?;
    chrome.visit(&rig.at("/"))?;
    chrome.type_into("input[name=username]", "alice\n")?;
    chrome.wait_for("#user", |user| user == "alice@example.com")?;
    let address = rig.at(&authorize("urn:ietf:wg:oauth:2.0:oob"));
    let fetched =
        format!("fetch({address:?}).then(it => it.text()).then(it => window.fetched = it)");
    chrome.run(&fetched)?;
    let framed = format!(
        "const frame = document.createElement('iframe'); frame.src = {address:?}; frame.onload = () => window.framed = true; document.body.append(frame); window.other = window.open({address:?})"
    );
    chrome.run(&framed)?;
    chrome.wait_until("all three have loaded", |chrome| {
        let done = "try { void window.other.document } catch (_) { return !!(window.fetched && window.framed) } return false";
        Ok(chrome.run(done)? == true)
    })?;
    let seen = chrome.run("let frame = ''; try { frame = document.querySelector('iframe').contentDocument.body.innerHTML } catch (_) {} return window.fetched + frame")?;
    assert!(!seen.to_string().contains("question"), "{seen}");
    Ok(())
}

/// What the program at the loopback address is asked, answered with a page.
fn received(program: &TcpListener) -> Result<String, RigError> {
    let (mut browser, _) = program.accept().map_err(RigError::io("accept"))?;
    let mut buffer = [0; 16 * 1024];
    let length = browser.read(&mut buffer).map_err(RigError::io("read"))?;
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndone";
    browser
        .write_all(answer.as_bytes())
        .map_err(RigError::io("answer"))?;
    Ok(String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned())
}
