//! What needs an answer of the provider: a callback, and a refresh. The answers are made beforehand, so that the provider's own
//! work is not counted.

use kfwasm_oidc::callout::{HttpRequest, HttpResponse};
use kfwasm_oidc::{Refresh, RefreshStep, RideAlong};
use serde_json::json;

use super::{Case, PAGE, case, forward};
use crate::support::provider::refresh::RefreshTokens;
use crate::support::request::Request;
use crate::support::shared_memory::SharedMemory;
use crate::support::stage::{ALICE, Stage};

/// When a token of an hour is replaced, in seconds.
const NEAR_THE_END: u64 = 55 * 60;

pub(super) fn cases() -> Vec<Case> {
    vec![callback(), refresh()]
}

/// The browser comes back with a code, which is exchanged for tokens; the ID token is verified, and the session sealed.
fn callback() -> Case {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let form = browser.go(PAGE);
    let back = browser.enter_password_only(&form, ALICE).location();
    let request = browser.with_cookies(Request::navigation(&back.to_string()));
    let held = stage.gateway.hold(request.clone());
    let answer = answer(&stage, &held.callout);
    case("callback, with the code's exchange", move || {
        let held = stage.gateway.hold(request.clone());
        let response = stage.gateway.resume(held, Ok(copy(&answer)));
        assert_eq!(response.status, 302, "{}", response.report);
    })
}

/// A request of a session near the end of its token, the refresh beside it, and its new cookies.
fn refresh() -> Case {
    let stage = Stage::with(json!({ "session": { "refresh": true } }));
    stage.provider.gives_refresh_tokens(RefreshTokens::Lasting);
    let browser = stage.signed_in();
    stage.pass(NEAR_THE_END);
    let headers = browser.with_cookies(Request::navigation(PAGE)).encode();
    let answer = answer(&stage, &due(&stage, &headers).request);
    case("refresh of a session", move || {
        let Refresh { pending, .. } = due(&stage, &headers);
        let step = stage.gateway.with_worker(0, |party, host| {
            pending.resume(party, Ok(copy(&answer)), host)
        });
        let RefreshStep::End(end) = step else {
            panic!("one answer must be enough");
        };
        assert!(end.refreshed.is_some(), "{:?}", end.report);
    })
}

/// The refresh that a request begins, whatever came of the one before.
fn due(stage: &Stage, headers: &[u8]) -> Refresh {
    forget_refreshes(&mut stage.gateway.shared());
    match forward(stage, headers).ride_along {
        Some(RideAlong::Refresh(refresh)) => *refresh,
        _ => panic!("a refresh must be due"),
    }
}

fn forget_refreshes(shared: &mut SharedMemory) {
    for name in shared.names() {
        if name.starts_with("kfwasm.refresh.") {
            shared.put(&name, None);
        }
    }
    shared.written.clear();
}

fn answer(stage: &Stage, request: &HttpRequest) -> HttpResponse {
    stage.provider.answer(request).expect("an answer")
}

fn copy(answer: &HttpResponse) -> HttpResponse {
    HttpResponse {
        status: answer.status,
        content_type: answer.content_type.clone(),
        cache_control: answer.cache_control.clone(),
        body: answer.body.clone(),
    }
}
