//! Nothing secret is written to Envoy's log, however talkative it is.

use std::fs;

use kfwasm_rig::{Gateway, Page, RigError, UserAgent, exchange};

use crate::own_gateway::OwnGateway;
use crate::stage::{SESSION, Shown};

/// Short values would be found by chance.
const SHORTEST_SECRET: usize = 16;

#[test]
fn a_whole_sign_in_and_sign_out_leaves_no_secret_in_the_log() -> Shown {
    let own = OwnGateway::prepare()?;
    let gateway = own.start()?;
    log_everything(&gateway)?;
    let mut secrets = own
        .settings
        .environment
        .values()
        .cloned()
        .collect::<Vec<_>>();
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
    assert!(secrets.len() > 8, "{}", secrets.len());
    assert_eq!(leaked(&gateway, &secrets)?, None);
    Ok(())
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

/// Every cookie that a response sets, and every value in the address that it leads to.
fn secrets_of(page: &Page) -> Vec<String> {
    let cookies = page.all("set-cookie");
    let values = cookies.iter().filter_map(|cookie| {
        let (_, rest) = cookie.split_once('=')?;
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

/// The first line of the log that holds one of the secrets.
fn leaked(gateway: &Gateway, secrets: &[String]) -> Result<Option<String>, RigError> {
    let lines = gateway.log().lines();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("kfwasm sign_in_completed"))
    );
    let leaks = |line: &String| secrets.iter().any(|secret| line.contains(secret.as_str()));
    Ok(lines.into_iter().find(leaks))
}
