//! Nobody tells the upstream who the user is but the filter.

use kfwasm_rig::{Received, Request, Rig, RigError, UserAgent};

use crate::stage::{Shown, alice_at, latest, stage};

/// What a client may try; header names are not case-sensitive, and some servers take `_` for `-`.
const FORGERIES: [&[(&str, &str)]; 6] = [
    &[("kubeflow-userid", "mallory@example.com")],
    &[("Kubeflow-UserID", "mallory@example.com")],
    &[
        ("kubeflow-userid", "mallory@example.com"),
        ("KUBEFLOW-USERID", "eve@example.com"),
        ("kubeflow-userid", ""),
    ],
    &[("kubeflow_userid", "mallory@example.com")],
    &[
        ("kubeflow-groups", "admins"),
        ("Kubeflow_Groups", "admins"),
        ("kubeflow-groups", "root"),
    ],
    &[
        ("kubeflow_userid", "mallory@example.com"),
        ("kubeflow-userid", "mallory@example.com"),
        ("Kubeflow_UserId", "mallory@example.com"),
    ],
];

#[test]
fn a_signed_in_request_carries_one_identity_and_it_is_hers() -> Shown {
    let rig = stage()?;
    let mut browser = alice_at(&rig)?;
    for forgery in FORGERIES {
        send(&mut browser, &rig, "/echo", forgery)?;
        let seen = identity(&latest(&rig));
        assert_eq!(
            seen,
            ["alice@example.com", "data-science,admins"],
            "{forgery:?}"
        );
    }
    Ok(())
}

#[test]
fn a_user_without_groups_cannot_bring_some() -> Shown {
    let rig = stage()?;
    let mut browser = UserAgent::new();
    browser.sign_in(&rig.at("/"), "bob")?;
    for forgery in FORGERIES {
        send(&mut browser, &rig, "/echo", forgery)?;
        assert_eq!(identity(&latest(&rig)), ["bob@example.com"], "{forgery:?}");
    }
    Ok(())
}

#[test]
fn a_skipped_request_carries_no_identity() -> Shown {
    let rig = stage()?;
    for mut browser in [UserAgent::new(), alice_at(&rig)?] {
        for forgery in FORGERIES {
            send(&mut browser, &rig, "/public/echo", forgery)?;
            assert_eq!(identity(&latest(&rig)), Vec::<String>::new(), "{forgery:?}");
        }
    }
    Ok(())
}

#[test]
fn a_forged_identity_without_session_reaches_nothing() -> Shown {
    let rig = stage()?;
    for forgery in FORGERIES {
        for path in ["/", "/authservice/oidc/callback?state=x&code=y", "/logout"] {
            let request = forged(Request::fetch(&rig.at(path))?, forgery);
            UserAgent::new().send(&request)?;
        }
    }
    assert!(rig.upstream.received().is_empty());
    Ok(())
}

fn send(
    browser: &mut UserAgent,
    rig: &Rig,
    path: &str,
    forgery: &[(&str, &str)],
) -> Result<(), RigError> {
    let answer = browser.send(&forged(Request::fetch(&rig.at(path))?, forgery))?;
    assert_eq!(answer.status, 200);
    Ok(())
}

fn forged(request: Request, forgery: &[(&str, &str)]) -> Request {
    forgery.iter().fold(request, |request, (name, value)| {
        request.header(name, *value)
    })
}

/// The values of all headers that an upstream could take for the user or the groups.
fn identity(request: &Received) -> Vec<String> {
    let mut names = ["kubeflow-userid", "kubeflow-groups"].to_vec();
    names.extend(["kubeflow_userid", "kubeflow_groups"]);
    names
        .into_iter()
        .flat_map(|name| request.all(name))
        .collect()
}
