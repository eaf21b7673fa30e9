//! What people see at the gateway itself, in a real browser.

use std::path::PathBuf;

use kfwasm_rig::{Chrome, RigError};
use serde_json::json;

use crate::several_providers::TwoProviders;
use crate::stage::Shown;

/// A red circle.
const LOGO: &str = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0MCIgaGVpZ2h0PSI0MCI+PGNpcmNsZSBjeD0iMjAiIGN5PSIyMCIgcj0iMTgiIGZpbGw9IiNkMDI0MmIiLz48L3N2Zz4=";

pub(super) const WIDTH_OVER: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

/// Contrast by WCAG 2.2 of the texts on their own backgrounds, least first.
pub(super) const LEAST_CONTRAST: &str = r"
const parts = text => text.match(/[\d.]+/g).map(Number);
const light = rgb => rgb.slice(0, 3).map(c => c / 255)
  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = element => {
  const own = parts(getComputedStyle(element).backgroundColor);
  return own[3] === 0 ? behind(element.parentElement) : own;
};
const contrast = element => {
  const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};
return Math.min(...[...document.querySelectorAll('h1, p, a, code, button')].map(contrast));";

#[test]
fn every_page_can_be_read_on_a_small_screen_by_day_and_by_night() -> Shown {
    let (stage, chrome) = branded()?;
    chrome.resize(320, 640)?;
    each_page(&stage, &chrome, |name| {
        for dark in [false, true] {
            chrome.prefer_dark(dark)?;
            assert_eq!(chrome.run(WIDTH_OVER)?, 0, "{name}");
            let contrast = chrome.run(LEAST_CONTRAST)?.as_f64().unwrap_or_default();
            assert!(contrast >= 4.5, "{name}, dark {dark}: {contrast}");
            chrome.save_picture(&picture(name, dark))?;
        }
        Ok(())
    })
}

#[test]
fn the_policy_lets_the_brand_in() -> Shown {
    let (stage, chrome) = branded()?;
    chrome.visit(&stage.at("/login/oidc"))?;
    let width = chrome.run("return document.querySelector('.brand img').naturalWidth")?;
    assert_eq!(width, 40);
    let button = chrome.run("return getComputedStyle(document.querySelector('.button')).color")?;
    assert_eq!(button, "rgb(0, 0, 0)");
    assert_eq!(chrome.text(".support a")?, "Get help");
    Ok(())
}

/// What there is for somebody who sees nothing: a language, one heading, a landmark, a title, and a button that the
/// keyboard reaches and that shows that it has the focus.
#[test]
fn every_page_works_with_keyboard_and_screen_reader() -> Shown {
    let (stage, chrome) = branded()?;
    each_page(&stage, &chrome, |name| {
        let structure = chrome.run(
            "return [document.documentElement.lang, document.querySelectorAll('h1').length, \
             document.querySelectorAll('main').length, document.title.startsWith(document.querySelector('h1').textContent)]",
        )?;
        assert_eq!(structure, json!(["en", 1, 1, true]), "{name}");
        chrome.type_into("body", "\u{e004}")?;
        let reached = chrome.run("return document.activeElement.className")?;
        assert_eq!(reached, "button", "{name}");
        let ring = chrome.run("return getComputedStyle(document.activeElement).outlineStyle")?;
        assert_eq!(ring, "solid", "{name}");
        Ok(())
    })
}

/// By the keyboard alone, from the choice of a provider to the page that was asked for.
#[test]
fn a_provider_is_chosen_by_the_keyboard() -> Shown {
    let (stage, chrome) = branded()?;
    chrome.visit(&stage.at("/notebooks"))?;
    assert_eq!(
        chrome.run("return document.querySelectorAll('.choices a').length")?,
        2
    );

    chrome.type_into("body", "\u{e004}\u{e004}\n")?;

    chrome.wait_for("input[name=username]", |_| true)?;
    assert!(chrome.address()?.starts_with(&stage.partners.issuer()));
    chrome.type_into("input[name=username]", "bob\n")?;
    chrome.wait_for("#path", |path| path == "/notebooks")?;
    Ok(())
}

/// Pages that need no sign-in to be seen.
const PAGES: [(&str, &str); 3] = [
    ("choice", "/notebooks"),
    ("signed-out", "/login/oidc"),
    ("unknown-sign-in", "/login/oidc?code=a&state=b"),
];

/// Every page in turn; those that somebody sees who has signed in come last.
fn each_page(stage: &TwoProviders, chrome: &Chrome, show: impl Fn(&str) -> Shown) -> Shown {
    for (name, path) in PAGES {
        chrome.visit(&stage.at(path))?;
        show(name)?;
    }
    chrome.visit(&stage.at("/authservice/oidc/callback/partners/start"))?;
    chrome.type_into("input[name=username]", "bob\n")?;
    chrome.wait_for("#user", |user| user == "bob@example.com")?;
    chrome.visit(&stage.at("/alice"))?;
    assert!(chrome.text(".detail")?.contains("bob@example.com"));
    show("not-allowed")
}

fn branded() -> Result<(TwoProviders, Chrome), RigError> {
    let fields = json!({
        "brand": {
            "name": "Example Data Platform",
            "logo": LOGO,
            "accentColor": "#ffb000",
            "supportUrl": "mailto:help@example.com",
        },
        "access": [{ "prefix": "/alice", "users": ["alice@example.com"] }],
    });
    Ok((TwoProviders::start(&fields)?, Chrome::start()?))
}

/// Kept for whoever wants to look at it.
pub(super) fn picture(name: &str, dark: bool) -> PathBuf {
    let shade = if dark { "dark" } else { "light" };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    folder.join(format!("page-{name}-{shade}.png"))
}
