//! Nothing secret is written anywhere that an operator reads, however talkative it is.

use std::fs;

use kfwasm_rig::{Gateway, Page, Request, RigError, UserAgent, exchange};
use serde_json::json;

use crate::bearer::with_key_server;
use crate::own_gateway::OwnGateway;
use crate::stage::{SESSION, Shown, wait_for_line};
use crate::token_issuer::TokenIssuer;

/// Short values would be found by chance.
const SHORTEST_SECRET: usize = 16;
/// How every JSON Web Token begins, ours and the provider's: `{"` in base64url.
const ANY_TOKEN: &str = "eyJ";

#[test]
fn a_whole_sign_in_and_sign_out_leaves_no_secret_in_the_log() -> Shown {
    let own = OwnGateway::prepare()?;
    let gateway = own.start()?;
    log_everything(&gateway)?;
    let mut secrets = secrets_of_environment(&own);
    secrets.extend(sign_in_and_out(&gateway)?);
    assert!(secrets.len() > 8, "{}", secrets.len());
    wait_for_line(&gateway, &["kfwasm sign_in_completed"])?;
    assert_eq!(leaked(&gateway.log().lines(), &secrets), None);
    Ok(())
}

#[test]
fn no_way_through_the_gateway_leaves_a_secret_in_logs_statistics_or_configuration() -> Shown {
    let issuer = TokenIssuer::start();
    let mut own = with_key_server(&issuer)?;
    let fields = ["outcome", "user", "session", "provider"];
    own.settings.plugin["logs"] = json!({ "user": true, "accessLog": fields });
    own.settings.plugin["identity"] = json!({ "userInfo": "always" });
    own.settings.access_log_format = fields
        .map(|field| format!("%FILTER_STATE(wasm.kfwasm_{field})%"))
        .join(" ");
    let gateway = own.start()?;
    log_everything(&gateway)?;
    let mut secrets = secrets_of_environment(&own);
    secrets.push(ANY_TOKEN.to_owned());
    secrets.extend(sign_in_and_out(&gateway)?);
    secrets.extend(bring_tokens(&gateway, &issuer)?);
    secrets.extend(come_back_with_rubbish(&gateway, &own.provider.issuer())?);
    own.provider.pause();
    secrets.extend(come_back_with_rubbish(&gateway, &own.provider.issuer())?);
    for outcome in ["signed_out", "bearer_refused", "provider_unavailable"] {
        wait_for_line(&gateway, &[&format!("kfwasm {outcome}")])?;
    }
    assert_eq!(leaked(&gateway.log().lines(), &secrets), None);
    assert_eq!(leaked(&gateway.access_log()?, &secrets), None);
    for page in ["/stats", "/stats/prometheus", "/config_dump?include_eds"] {
        let lines: Vec<_> = gateway.admin(page)?.lines().map(str::to_owned).collect();
        assert!(lines.len() > 20, "{page}");
        assert_eq!(leaked(&lines, &secrets), None, "{page}");
    }
    Ok(())
}

fn secrets_of_environment(own: &OwnGateway) -> Vec<String> {
    own.settings.environment.values().cloned().collect()
}

/// From the first page to the last; what was secret on the way.
fn sign_in_and_out(gateway: &Gateway) -> Result<Vec<String>, RigError> {
    let mut secrets = Vec::new();
    let mut browser = UserAgent::new();
    let home = gateway.address();
    let mut page = browser.visit(&home)?;
    secrets.extend(secrets_of(&page));
    page = browser.land(page)?;
    page = browser.submit(&page, &[("username", "alice")])?;
    while page.location().is_some() {
        secrets.extend(secrets_of(&page));
        page = browser.follow(&page)?;
    }
    assert!(browser.cookie(&home, SESSION).is_some());
    secrets.extend(secrets_of(&browser.visit(&format!("{home}/logout"))?));
    Ok(secrets)
}

/// A good bearer token, and one whose signature is cut.
fn bring_tokens(gateway: &Gateway, issuer: &TokenIssuer) -> Result<Vec<String>, RigError> {
    let token = issuer.token();
    let cut = token.trim_end_matches(|it| it != '.').to_owned();
    for (token, status) in [(&token, 200), (&cut, 401)] {
        let address = format!("{}/pipeline/apis/v2beta1/runs", gateway.address());
        let request = Request::bare(&address)?.header("authorization", format!("Bearer {token}"));
        assert_eq!(UserAgent::new().send(&request)?.status, status);
    }
    Ok(vec![token, cut])
}

/// A callback with a code that the provider does not know, and one that belongs to no sign-in.
fn come_back_with_rubbish(gateway: &Gateway, issuer: &str) -> Result<Vec<String>, RigError> {
    let code = "a-code-that-the-provider-has-never-given";
    let mut browser = UserAgent::new();
    let page = browser.visit(&gateway.address())?;
    let state = page.location_parameter("state").expect("a state");
    for state in [state.as_str(), "a-state-that-nobody-has-begun-with"] {
        let home = gateway.address();
        let query = format!("code={code}&state={state}&iss={issuer}");
        let callback = format!("{home}/authservice/oidc/callback?{query}");
        assert!(browser.visit(&callback)?.status >= 400);
    }
    let mut secrets = secrets_of(&page);
    secrets.push(code.to_owned());
    Ok(secrets)
}

/// Sets the level of Envoy's Wasm log, which the module's lines share, to the lowest.
fn log_everything(gateway: &Gateway) -> Shown {
    let file = gateway.log().path().with_file_name("admin-address");
    let admin = fs::read_to_string(file).expect("the address of Envoy's administration");
    let request = format!(
        "POST /logging?wasm=trace HTTP/1.1\r\nHost: {admin}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let answer = exchange(&admin, request.as_bytes())?;
    assert!(answer.text().contains("wasm: trace"), "{}", answer.text());
    Ok(())
}

/// Every cookie that a response sets, and every value in the address that it leads to. What a sign-out leaves behind is no
/// secret: the session's identifier, as log lines name it.
fn secrets_of(page: &Page) -> Vec<String> {
    let cookies = page.all("set-cookie");
    let values = cookies.iter().filter_map(|cookie| {
        let (name, rest) = cookie.split_once('=')?;
        (!name.ends_with("_ended")).then_some(())?;
        rest.split(';').next().map(str::to_owned)
    });
    let named = ["code", "state", "nonce", "code_challenge", "id_token_hint"];
    let parameters = named
        .iter()
        .filter_map(|name| page.location_parameter(name));
    let all = values.chain(parameters);
    all.filter(|secret| secret.len() >= SHORTEST_SECRET)
        .collect()
}

/// The first line that holds one of the secrets.
fn leaked(lines: &[String], secrets: &[String]) -> Option<String> {
    let leaks = |line: &&String| secrets.iter().any(|secret| line.contains(secret.as_str()));
    lines.iter().find(leaks).cloned()
}
