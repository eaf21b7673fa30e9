use kfwasm_config::PlainHttp;
use serde_json::{Value, json};

use crate::sample::{good, read, said_about};

fn insecure() -> Value {
    let mut document = good();
    document["insecureHttp"] = json!(true);
    document
}

#[test]
fn plain_http_is_redirected_unless_the_gateway_itself_is_plain_http() {
    assert_eq!(read(&good()).plain_http, PlainHttp::Redirect);
    assert_eq!(read(&insecure()).plain_http, PlainHttp::Accept);
}

#[test]
fn a_redirect_to_https_contradicts_a_gateway_of_plain_http() {
    let mut document = insecure();
    document["plainHttp"] = json!("redirect");
    assert_eq!(
        said_about(&document),
        "plainHttp: sends browsers to https, and insecureHttp says that there is none\n    \
         remove insecureHttp, or plainHttp"
    );
}

#[test]
fn a_cookie_that_browsers_take_over_https_only_contradicts_a_gateway_of_plain_http() {
    for name in ["__Host-session", "__Secure-session", "__HOST-session"] {
        let mut document = insecure();
        document["session"] = json!({"cookieName": name});
        assert_eq!(
            said_about(&document),
            "session.cookieName: is a name that browsers take over https only, \
             and insecureHttp is true\n    \
             choose a name without __Host- or __Secure-, or remove insecureHttp"
        );
        document["insecureHttp"] = json!(false);
        assert_eq!(said_about(&document), "nothing");
    }
}

#[test]
fn a_provider_of_plain_http_needs_its_own_insecure_http() {
    let mut document = insecure();
    document["providers"][0]["issuer"] = json!("http://localhost:9000");
    document["providers"][0]["tokenEndpoint"] = json!("http://localhost:9000/token");
    assert_eq!(
        said_about(&document).matches("begins with http://").count(),
        2
    );
    document["providers"][0]["insecureHttp"] = json!(true);
    let provider = &read(&document).providers[0];
    assert_eq!(provider.issuer.port(), 9000);
    assert_eq!(
        provider.token_endpoint.as_ref().unwrap().as_str(),
        "http://localhost:9000/token"
    );
}
