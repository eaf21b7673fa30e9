use serde_json::json;

use crate::support::provider::{Answer, Endpoint};
use crate::support::stage::{ALICE, NEW_KEY, OLD_KEY, Stage, config};

/// What another plugin of the same Envoy can do to an entry.
type Mischief = fn(&Stage, &str) -> Option<Vec<u8>>;

fn mischiefs() -> Vec<(&'static str, Mischief)> {
    vec![
        ("deleted", |_, _| None),
        ("emptied", |_, _| Some(Vec::new())),
        ("filled with rubbish", |_, _| Some(vec![1; 100])),
        ("cut off", |stage, name| {
            let mut value = stage.gateway.shared().value(name);
            value.pop();
            Some(value)
        }),
        ("changed", |stage, name| {
            let mut value = stage.gateway.shared().value(name);
            value.iter_mut().for_each(|byte| *byte ^= 1);
            Some(value)
        }),
        ("unsealed", |stage, name| {
            let keys = stage.provider.published_keys();
            name.contains("key-set").then_some(keys)
        }),
        ("taken from another entry", |stage, name| {
            let names = stage.gateway.shared().names();
            let other = names.iter().find(|it| *it != name).unwrap();
            Some(stage.gateway.shared().value(other))
        }),
        ("sealed by another deployment", |_, name| {
            let other = Stage::cold(json!({}));
            other.gateway.restart(&config(json!({})), NEW_KEY);
            other.pass(0);
            Some(other.gateway.shared().value(name))
        }),
    ]
}

#[test]
fn what_other_plugins_do_to_the_shared_memory_changes_nothing() {
    for (done, mischief) in mischiefs() {
        let stage = Stage::new();
        let mut browser = stage.signed_in();
        let names = stage.gateway.shared().names();
        assert_eq!(names.len(), 7);
        for name in &names {
            let value = mischief(&stage, name);
            stage.gateway.shared().put(name, value);
        }

        assert_eq!(browser.open("/").user(), ALICE, "{done}");
        assert_eq!(stage.browser().sign_in("/").user(), ALICE, "{done}");
        // A worker that knows nothing yet reads it all.
        stage.gateway.add_worker(&config(json!({})));
        assert_eq!(stage.browser().sign_in("/").user(), ALICE, "{done}");
        stage.pass(60);
        assert_eq!(stage.browser().sign_in("/").user(), ALICE, "{done}");
    }
}

#[test]
fn keys_that_another_plugin_puts_there_are_not_believed() {
    let stage = Stage::new();
    let genuine = stage.provider.published_keys();
    stage.provider.replaces_keys();
    stage
        .provider
        .answers(Endpoint::KeySet, Answer::Body(genuine));

    let mut names = stage.gateway.shared().names();
    names.retain(|it| it.contains("key-set."));
    let planted = stage.provider.published_keys();
    stage.gateway.shared().put(&names[0], Some(planted));
    stage.gateway.add_worker(&config(json!({})));

    assert_eq!(stage.browser().sign_in("/").status, 502);
}

#[test]
fn everything_is_sealed_and_named_after_us() {
    let stage = Stage::new();
    stage.signed_in();

    let shared = stage.gateway.shared();
    for name in shared.names() {
        assert!(name.starts_with("kfwasm."), "{name}");
    }
    let legible = |value: &Vec<u8>| {
        value
            .windows(7)
            .any(|it| it == b"example" || it == b"\"keys\":")
    };
    assert!(!shared.written.iter().any(legible));
}

/// Entries of a gateway with other keys, as after a change of them: they are no use, and no harm.
#[test]
fn entries_of_another_key_are_replaced() {
    let stage = Stage::new();
    stage.gateway.add_worker_with(&config(json!({})), NEW_KEY);
    stage.pass(0);
    assert_eq!(stage.browser().sign_in("/").user(), ALICE);

    stage.gateway.add_worker_with(&config(json!({})), OLD_KEY);
    stage.pass(0);
    assert_eq!(stage.browser().sign_in("/").user(), ALICE);
}
