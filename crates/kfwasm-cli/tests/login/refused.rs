use std::fs;

use crate::attempt::{Ended, Machine, Waiting};
use crate::gateway::{Gateway, Way};
use crate::signed_in::browse;

/// A sign-in at a gateway with one fault; nothing may be kept of it.
fn sign_in(way: Way) -> (Ended, String) {
    let (gateway, machine) = (Gateway::start(way), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin, "--print", "cookie"]);
    let page = browse(&waiting);
    let ended = waiting.end();
    assert!(!machine.sessions().exists(), "{way:?}");
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(1), ""),
        "{way:?}"
    );
    (ended, page)
}

#[test]
fn each_fault_of_a_gateway_is_told_and_signs_nobody_in() {
    let again = "run the same command to try again";
    let version = "the gateway may run another version of kfwasm: compare `kfwasm --version` with `kfwasm status`";
    let another = "a code serves once and for a short time: run the same command to get another";
    let no_session = "the gateway's answer is not a session";
    for (way, message, advice) in [
        (
            Way::Cancelled,
            "not signed in: it was cancelled in the browser",
            again,
        ),
        (
            Way::Failed,
            "not signed in: the gateway answered server_error",
            again,
        ),
        (Way::Silent, "not signed in: the answer has no code", again),
        (
            Way::Speechless,
            "the gateway gave no session: it answered 400 Bad Request",
            another,
        ),
        (
            Way::OtherIssuer,
            "not signed in: the answer is not from that gateway",
            again,
        ),
        (
            Way::NoIssuer,
            "not signed in: the answer is not from that gateway",
            again,
        ),
        (
            Way::OtherCode,
            "the gateway gave no session: The code is not valid.",
            another,
        ),
        (Way::Bearer, no_session, version),
        (Way::Header, no_session, version),
        (Way::Endless, no_session, version),
    ] {
        let (ended, page) = sign_in(way);
        assert_eq!(
            ended.stderr,
            format!("error: {message}\n    {advice}\n"),
            "{way:?}"
        );
        let end = "<title>Not signed in</title><h1>Not signed in</h1><p>The terminal says why. You can close this window.</p></html>\n";
        assert!(
            page.starts_with("HTTP/1.1 400 Bad Request\r\n") && page.ends_with(end),
            "{way:?}: {page}"
        );
    }
}

#[test]
fn a_gateway_that_signs_no_programs_in_is_told_before_a_browser_opens() {
    let (gateway, machine) = (Gateway::start(Way::Without), Machine::new());
    let ended = machine.run(&["login", &gateway.origin]);
    let wanted = format!(
        "error: {} does not sign programs in (it answered 302 Found)\n    check the address; the gateway needs kfwasm \
         with `programs` enabled in its configuration\n",
        gateway.origin
    );
    assert_eq!((ended.code, ended.stderr), (Some(1), wanted));
}

#[test]
fn a_sign_in_that_nobody_finishes_ends() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let ended = machine
        .begin(&["login", &gateway.origin, "--timeout", "1ns"])
        .end();
    assert_eq!(
        ended.stderr,
        "error: nobody signed in within 0 seconds\n    run the same command again; where no browser can reach this \
         machine, use --no-browser\n"
    );
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_sign_in() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin]);
    waiting.interrupt();
    let ended = waiting.end();
    let wanted = "error: interrupted\n    run the same command to sign in\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), wanted));
}

#[test]
fn a_code_that_is_not_pasted_is_missed() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let ended = machine
        .begin(&["login", &gateway.origin, "--no-browser"])
        .end();
    assert_eq!(
        ended.stderr,
        "Code that the page shows: \nerror: no code was pasted\n    run the same command to get another one\n"
    );
}

#[test]
fn a_file_that_kfwasm_did_not_write_is_not_overwritten() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    for content in ["", "[]", "{\"a\": 1}", "{\"a\": {\"cookie\": \"b\"}}"] {
        fs::create_dir_all(machine.sessions().parent().unwrap()).unwrap();
        fs::write(machine.sessions(), content).unwrap();
        let ended = machine.run(&["login", &gateway.origin]);
        let wanted = format!(
            "error: {} is not what kfwasm wrote\n    delete it, and sign in again\n",
            machine.sessions().display()
        );
        assert_eq!((ended.code, ended.stderr), (Some(1), wanted));
        assert_eq!(fs::read_to_string(machine.sessions()).unwrap(), content);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_session_that_cannot_be_kept_is_told() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let mut nowhere = machine.kfwasm(&["login", &gateway.origin]);
    let waiting = Waiting::of(nowhere.env("KFWASM_CONFIG", "/proc/kfwasm"));
    browse(&waiting);
    let wanted = "error: cannot write /proc/kfwasm/sessions.json: No such file or directory (os error 2)\n    set KFWASM_CONFIG to a \
                  folder that you may write to\n";
    assert_eq!(waiting.end().stderr, wanted);
}
