//! What `kfwasm doctor` says of the client secret, where no fault of `tests/cluster` shows it.

use std::fs;

use serde_json::{Value, json};

use crate::doctor::{looked_at, of_provider};
use crate::operator::{HERE, Operator};

#[test]
fn a_provider_may_want_no_secret_or_say_nothing_of_it() {
    const DOCUMENT: &str = "/.well-known/openid-configuration";
    let here = || of_provider(json!({ "issuer": HERE, "insecureHttp": true }));
    let saying = |document: Value| here().saying(DOCUMENT, &document.to_string());
    let token_endpoint = format!("{HERE}/token");
    let public = json!({ "issuer": HERE, "insecureHttp": true, "clientSecret": null });
    looked_at(
        [
            of_provider(public),
            saying(json!({ "issuer": "http://another.example.com" })),
            saying(json!({ "issuer": HERE })),
            saying(json!({ "issuer": HERE, "token_endpoint": token_endpoint })),
        ],
        &["client secret"],
        "doctor-client-secret",
    );
}

/// By the clock of this machine: how a day that is near is told, unit tests show.
#[test]
fn the_day_in_which_the_secret_ends_may_be_written_down() {
    let document = json!({ "issuer": HERE, "token_endpoint": format!("{HERE}/token") });
    let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
    let any = "https://id.example.com";
    let cases = [
        ("2001-01-01", entra),
        ("2001-01-01", any),
        ("9999-12-31", any),
    ];
    let operators = cases.map(|(day, issuer)| {
        let world = of_provider(json!({ "issuer": HERE, "insecureHttp": true }))
            .saying("/.well-known/openid-configuration", &document.to_string())
            .saying("/token", "{}");
        let mut operator = Operator::at(world).with_directory("none");
        let file = operator.folder().join("ml/kfwasm.yaml");
        let settings = fs::read_to_string(&file).unwrap();
        let settings = settings.replace(
            "# clientSecretExpires: 2027-05-28",
            &format!("clientSecretExpires: {day}"),
        );
        fs::write(file, settings.replace(any, issuer)).unwrap();
        operator.ask_the_doctor(&["ml", "--address", "127.0.0.1:1"], &["client secret"]);
        operator
    });
    Operator::is_recorded(operators, "doctor-secret-end");
}
