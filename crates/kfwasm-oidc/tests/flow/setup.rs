use serde_json::{Value, json};

use crate::support::gateway::relying_party;
use crate::support::stage::{CLIENT_SECRET, NEW_KEY, OLD_KEY, config};

/// What is said about session keys and a client secret, place by place.
fn said_about(keys: Option<&str>, secret: Option<&str>) -> Vec<String> {
    let keys = keys.map(|it| ("KFWASM_SESSION_KEYS", it));
    let secret = secret.map(|it| ("CLIENT_SECRET", it));
    let secrets: Vec<_> = keys.into_iter().chain(secret).collect();
    said_about_config(json!({}), &secrets)
}

fn said_about_config(settings: Value, secrets: &[(&str, &str)]) -> Vec<String> {
    match relying_party(&config(settings), secrets) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn everything_that_is_wrong_with_the_secrets_is_said_at_once() {
    let said = said_about(None, Some("  "));

    assert_eq!(said.len(), 2);
    assert!(
        said[0]
            .starts_with("session.keys: the environment variable KFWASM_SESSION_KEYS is not set")
    );
    assert!(said[1].starts_with(
        "providers[0].clientSecret: the environment variable CLIENT_SECRET is not set"
    ));
}

#[test]
fn without_session_keys_all_else_that_is_wrong_is_still_said() {
    let issuer = json!({
        "issuer": "https://kubernetes.default.svc",
        "audiences": ["kubeflow"],
        "claims": ["sub"],
        "prefix": "sa:",
        "jwks": "{}",
    });
    let settings = json!({
        "backstop": {"header": "x-kfwasm-gate", "secret": {"env": "GATE"}},
        "bearer": {"issuers": [issuer]},
    });

    let said = said_about_config(
        settings,
        &[("CLIENT_SECRET", CLIENT_SECRET), ("GATE", "short")],
    );

    let places = said.iter().map(|it| it.split_once(": ").unwrap().0);
    assert_eq!(
        places.collect::<Vec<_>>(),
        ["session.keys", "backstop.secret", "bearer.issuers[0].jwks"]
    );
}

#[test]
fn session_keys_that_cannot_be_used_are_refused() {
    let nine = [OLD_KEY; 9].join(",");
    for (keys, said) in [
        ("", "is not set, or empty"),
        (" , ,", "holds no key"),
        ("not base64!", "key 1 is not base64"),
        ("c2hvcnQ=", "key 1 is shorter than 32 bytes"),
        (
            &[OLD_KEY, ",c2hvcnQ"].concat(),
            "key 2 is shorter than 32 bytes",
        ),
        (&nine, "holds more than 8 keys"),
    ] {
        let found = said_about(Some(keys), Some(CLIENT_SECRET));
        assert_eq!(found.len(), 1, "{keys}");
        assert!(found[0].contains(said), "{keys}: {found:?}");
    }
}

#[test]
fn keys_may_be_written_in_all_the_usual_ways() {
    for keys in [
        OLD_KEY.to_owned(),
        OLD_KEY.trim_end_matches('=').to_owned(),
        format!("{OLD_KEY},{NEW_KEY}"),
        format!("\n  {OLD_KEY}\n  {NEW_KEY}\n"),
        "_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-".to_owned(),
        "/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+".to_owned(),
    ] {
        assert_eq!(
            said_about(Some(&keys), Some(CLIENT_SECRET)),
            [""; 0],
            "{keys}"
        );
    }
}

#[test]
fn no_problem_repeats_a_secret() {
    let weak = "d2Vhay1rZXk=";
    let secrets = [
        ("KFWASM_SESSION_KEYS", weak),
        ("PRIVATE_KEY", "-----BEGIN TOP SECRET-----"),
    ];
    let mut config = config(json!({}));
    let provider = &mut config["providers"][0];
    provider.as_object_mut().unwrap().remove("clientSecret");
    provider["privateKey"] = json!({"env": "PRIVATE_KEY"});

    let problems = relying_party(&config, &secrets).err().unwrap();

    assert_eq!(problems.len(), 2);
    for problem in &problems {
        let said = format!("{problem} {problem:?}");
        assert!(!said.contains(weak) && !said.contains("weak-key"));
        assert!(!said.contains("TOP SECRET"), "{said}");
    }
}

#[test]
fn a_backstops_secret_that_can_be_guessed_or_torn_apart_is_refused() {
    let backstop = json!({"backstop": {"header": "x-kfwasm-gate", "secret": {"env": "GATE"}}});
    let with_space = "b7e23ec29af22b0b 4e41da31e868d572";
    for value in ["short", with_space, &"x".repeat(257)] {
        let secrets = [
            ("KFWASM_SESSION_KEYS", OLD_KEY),
            ("CLIENT_SECRET", CLIENT_SECRET),
            ("GATE", value),
        ];
        let problems = relying_party(&config(backstop.clone()), &secrets)
            .err()
            .unwrap();
        let said = problems[0].to_string();
        assert!(
            said.starts_with("backstop.secret: the environment variable GATE holds"),
            "{said}"
        );
        assert!(!said.contains(value), "{said}");
    }
}
