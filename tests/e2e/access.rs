//! Who may go where.

use kfwasm_rig::{Request, UserAgent};
use serde_json::json;

use crate::stage::{Shown, latest, stage_with};

#[test]
fn bob_is_kept_out_of_what_is_alices() -> Shown {
    let rig = stage_with(json!({ "access": [
        { "domains": ["example.com"] },
        { "prefix": "/pipeline", "groups": ["data-science"] },
    ]}))?;
    let mut alice = UserAgent::new();
    let page = alice.sign_in(&rig.at("/pipeline/runs"), "alice")?;
    assert_eq!(page.status, 200);
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);

    let mut bob = UserAgent::new();
    let page = bob.sign_in(&rig.at("/"), "bob")?;
    assert_eq!(page.status, 200);
    let seen = latest(&rig).target;
    for path in [
        "/pipeline",
        "/pipeline/runs",
        "/%70ipeline/runs",
        "/pipeline.RunService/Get",
        "/x%2f..%2fpipeline",
    ] {
        let page = bob.visit(&rig.at(path))?;
        assert_eq!(page.status, 403, "{path}");
        assert!(
            page.text()
                .contains("You are signed in as bob@example.com."),
            "{path}"
        );
    }
    assert_eq!(
        latest(&rig).target,
        seen,
        "nothing of it reached the upstream"
    );
    Ok(())
}

#[test]
fn a_program_of_bobs_is_told_in_json() -> Shown {
    let rig = stage_with(json!({ "access": [{ "users": ["alice@example.com"] }] }))?;
    let mut bob = UserAgent::new();
    bob.sign_in(&rig.at("/"), "bob")?;
    let answer = bob.send(&Request::bare(&rig.at("/pipeline/apis/v2beta1/runs"))?)?;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json".to_owned())
    );
    Ok(())
}
