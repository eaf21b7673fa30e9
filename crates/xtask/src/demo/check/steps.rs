use anyhow::{Context, Result, bail, ensure};
use kfwasm_rig::{Page, Received, Request, Rig, UserAgent};

use super::report::Report;

const SESSION_COOKIE: &str = "authservice_session";
/// Most forms on the way out: the gateway's question, if it asks, and the provider's.
const MOST_FORMS: usize = 3;

/// Each step stands on the one before; the first that fails is the last that is taken.
pub(super) fn take(rig: &Rig, report: &mut Report) -> Option<()> {
    let mut browser = UserAgent::new();
    let sent = report.step("a browser that asks for / is sent to the provider", || {
        asked(rig, &mut browser)
    })?;
    let back = report.step("alice signs in there and is sent back", || {
        signed_in(&mut browser, &sent)
    })?;
    report.step("she lands on the page that she asked for", || {
        landed(rig, &mut browser, &back)
    })?;
    report.step("the upstream saw who she is, and no session cookie", || {
        known(rig)
    })?;
    report.step("a kubeflow-userid that she forges is replaced", || {
        not_forged(rig, &mut browser)
    })?;
    report.step("an API call without a session is answered 401", || {
        unauthorized(rig)
    })?;
    report.step("she signs out, here and at the provider", || {
        signed_out(rig, &mut browser)
    })?;
    report.step("the page that she saw asks for sign-in again", || {
        asked(rig, &mut browser)
    })?;
    Some(())
}

fn asked(rig: &Rig, browser: &mut UserAgent) -> Result<Page> {
    let page = browser.visit(&rig.at("/"))?;
    let target = page
        .location()
        .with_context(|| format!("it was answered {} and not sent anywhere", page.status))?;
    ensure!(
        target.as_str().starts_with(&rig.provider.issuer()),
        "it was sent to {target}"
    );
    for parameter in ["state", "nonce", "code_challenge"] {
        ensure!(
            page.location_parameter(parameter).is_some(),
            "it was sent without {parameter}"
        );
    }
    let form = browser.land(page)?;
    ensure!(
        form.address.as_str().starts_with(&rig.provider.issuer()),
        "the provider asked for nothing and sent it to {}",
        form.address
    );
    ensure!(form.status == 200, "the provider answered {}", form.status);
    Ok(form)
}

/// As far as the gateway's callback.
fn signed_in(browser: &mut UserAgent, form: &Page) -> Result<Page> {
    let mut page = browser.submit(form, &[("username", "alice")])?;
    while page.location_parameter("code").is_none() {
        page = browser.follow(&page)?;
    }
    Ok(page)
}

fn landed(rig: &Rig, browser: &mut UserAgent, back: &Page) -> Result<()> {
    let page = browser.follow(back)?;
    let page = browser.land(page)?;
    ensure!(
        page.status == 200,
        "she landed on {} with {}: {}",
        page.address,
        page.status,
        page.text()
    );
    ensure!(
        page.address.as_str() == rig.at("/"),
        "she landed on {}",
        page.address
    );
    ensure!(
        browser.cookie(&rig.at("/"), SESSION_COOKIE).is_some(),
        "there is no session cookie"
    );
    Ok(())
}

fn known(rig: &Rig) -> Result<()> {
    let request = latest(rig)?;
    ensure_header(&request, "kubeflow-userid", "alice@example.com")?;
    ensure_header(&request, "kubeflow-groups", "data-science,admins")?;
    let cookies = request.all("cookie").join("; ");
    ensure!(
        !cookies.contains(SESSION_COOKIE),
        "its cookies were {cookies}"
    );
    Ok(())
}

fn not_forged(rig: &Rig, browser: &mut UserAgent) -> Result<()> {
    let forged = Request::fetch(&rig.at("/echo"))?.header("kubeflow-userid", "mallory@example.com");
    let answer = browser.send(&forged)?;
    ensure!(answer.status == 200, "it was answered {}", answer.status);
    ensure_header(&latest(rig)?, "kubeflow-userid", "alice@example.com")
}

fn unauthorized(rig: &Rig) -> Result<()> {
    let answer = UserAgent::new().send(&Request::fetch(&rig.at("/pipeline/apis/v2beta1/runs"))?)?;
    let kind = answer.header("content-type").unwrap_or_default();
    ensure!(
        answer.status == 401 && kind.contains("json"),
        "it was answered {} {kind}",
        answer.status
    );
    Ok(())
}

fn signed_out(rig: &Rig, browser: &mut UserAgent) -> Result<()> {
    let page = browser.visit(&rig.at("/logout"))?;
    let mut page = browser.land(page)?;
    for _ in 0..MOST_FORMS {
        let Ok(answered) = browser.submit(&page, &[("logout", "yes")]) else {
            break;
        };
        page = browser.land(answered)?;
    }
    ensure!(
        page.status == 200,
        "she ended at {} with {}",
        page.address,
        page.status
    );
    ensure!(
        page.address.as_str().starts_with(&rig.at("/")),
        "she ended at {}",
        page.address
    );
    ensure!(
        browser.cookie(&rig.at("/"), SESSION_COOKIE).is_none(),
        "the session cookie is still there"
    );
    Ok(())
}

fn latest(rig: &Rig) -> Result<Received> {
    rig.upstream
        .latest()
        .context("nothing reached the upstream")
}

fn ensure_header(request: &Received, name: &str, value: &str) -> Result<()> {
    let seen = request.all(name);
    if seen != [value] {
        bail!("the upstream saw {name}: {seen:?} where it should see {value}");
    }
    Ok(())
}
