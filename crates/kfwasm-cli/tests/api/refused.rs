//! What an API server refuses, by the status that it answers with.

use crate::objects;
use crate::operator::Operator;
use crate::server::{DROPPED, World};

#[test]
fn a_cluster_that_does_not_let_one_in_or_is_not_ready_is_told_with_its_address() {
    let refused = [
        (401, "Unauthorized"),
        (
            403,
            "forbidden: User \"system:anonymous\" cannot get path \"/version\"",
        ),
        (503, "etcd is not there yet"),
    ];
    let operators = refused.map(|(code, message)| {
        let mut operator =
            Operator::at(World::default().refusing("GET", "/version", code, message));
        operator.run("kfwasm status");
        operator
    });
    Operator::is_recorded(operators, "not-let-in");
}

/// 0 done, 1 failed, 2 wrong use, 3 the cluster is not ready.
#[test]
fn the_exit_code_says_whose_turn_it_is() {
    let of_nothing = Operator::at(World::default());
    let of_none = Operator::at(World::default().refusing("GET", "/version", 503, "not yet"));
    let done: &[(&Operator, &[&str], i32)] = &[
        (&of_nothing, &["uninstall", "--yes"], 0),
        (&of_nothing, &["status"], 1),
        (&of_nothing, &["build", "Ml"], 2),
        (&of_none, &["status"], 3),
        (&of_none, &["uninstall", "--yes"], 3),
    ];
    for (operator, arguments, code) in done {
        let output = operator.output(arguments);
        assert_eq!(
            output.status.code(),
            Some(*code),
            "{arguments:?}: {output:?}"
        );
    }
}

/// Each status has its own advice, and 3 where the cluster lacks something.
#[test]
fn each_status_of_a_refusal_has_its_own_advice() {
    let refused = [
        (401, "Unauthorized"),
        (
            403,
            "wasmplugins.extensions.istio.io \"kfwasm\" is forbidden",
        ),
        (403, "forbidden: exceeded quota: tight"),
        (404, "namespaces \"istio-system\" not found"),
        (405, "the server does not allow this method"),
        (422, "spec.failStrategy: Unsupported value: \"FAIL_RELOAD\""),
        (500, "failed calling webhook \"gone.example.com\""),
    ];
    let operators = refused.map(|(code, message)| {
        let world = World::with([objects::deployment(), objects::service()]);
        let world = world.refusing("PATCH", "/wasmplugins/", code, message);
        let mut operator = Operator::at(world).with_directory("none");
        operator.run("kfwasm apply ml --yes");
        operator
    });
    Operator::is_recorded(operators, "by-status");
}

/// As when it restarts in the middle.
#[test]
fn a_server_that_breaks_off_is_told_with_what_goes_on_from_there() {
    let world = World::with([objects::deployment(), objects::service()]);
    let world = world.refusing("PATCH", "/wasmplugins/ !dryRun", DROPPED, "");
    let mut operator = Operator::at(world).with_directory("none");
    operator.run("kfwasm apply ml --yes");
    Operator::is_recorded([operator], "broken-off");
}

#[test]
fn a_server_that_does_not_say_what_one_may_do_is_told() {
    let world = World::with([objects::deployment(), objects::service()]);
    let world = world.refusing("POST", "selfsubjectaccessreviews", 403, "may not ask");
    let mut operator = Operator::at(world).with_directory("none");
    operator.run("kfwasm apply ml --yes");
    Operator::is_recorded([operator], "not-asked");
}
