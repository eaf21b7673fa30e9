use std::fs;

use crate::attempt::{Machine, Waiting};
use crate::gateway::{Gateway, Way};
use crate::wire::{ask, get, parameter};

/// Does what a browser does: it asks the gateway, and follows it to the loopback address.
pub(crate) fn browse(waiting: &Waiting) -> String {
    get(&redirect(&get(&waiting.address)))
}

fn redirect(page: &str) -> String {
    let line = page
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    line.unwrap().to_owned()
}

#[test]
fn a_session_is_kept_for_its_owner_alone() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin]);
    assert_eq!(waiting.asked, "Opening in your browser:\n");
    let page = browse(&waiting);
    let ended = waiting.end();

    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    let length = body.len();
    let wanted = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {length}\r\ncache-control: no-store\r\n\
         content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nreferrer-policy: no-referrer\r\n\
         x-content-type-options: nosniff\r\nconnection: close"
    );
    assert_eq!(head, wanted);
    let wanted = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Signed in</title><h1>Signed in</h1>\
        <p>You can close this window and go back to the terminal.</p></html>\n";
    assert_eq!(body, wanted);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let said = format!(
        "Signed in to {} as alice@example.com, until ",
        gateway.origin
    );
    assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(!ended.stderr.contains("the-session"), "{}", ended.stderr);
    assert_eq!(machine.session(&gateway.origin)["cookie"], "the-session");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(machine.sessions()), 0o600);
        assert_eq!(mode(machine.sessions().parent().unwrap().to_owned()), 0o700);
    }
}

#[test]
fn a_session_that_is_kept_is_printed_without_another_sign_in() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin, "--print", "cookie"]);
    browse(&waiting);
    assert_eq!(waiting.end().stdout, "authservice_session=the-session\n");

    for (form, printed) in [
        ("cookie", "authservice_session=the-session\n"),
        ("header", "Cookie: authservice_session=the-session\n"),
    ] {
        let ended = machine.run(&["login", &gateway.origin, "--print", form]);
        assert_eq!(
            (ended.stdout.as_str(), ended.stderr.as_str()),
            (printed, "")
        );
    }
    assert_eq!(gateway.given(), 1);
}

#[test]
fn the_lines_for_python_hold_no_secret() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin]);
    browse(&waiting);
    waiting.end();
    let lines = machine
        .run(&["login", &gateway.origin, "--print", "kfp"])
        .stdout;
    let origin = &gateway.origin;
    let wanted = format!(
        "import subprocess, kfp\n\
         cookies = subprocess.check_output([\"kfwasm\", \"login\", \"{origin}\", \"--print\", \"cookie\"], text=True).strip()\n\
         client = kfp.Client(host=\"{origin}/pipeline\", cookies=cookies)\n"
    );
    assert_eq!(lines, wanted);
    let authority = [
        "login",
        origin,
        "--print",
        "kfp",
        "--certificate-authority",
        "ca.pem",
    ];
    let trusting = machine.run(&authority).stdout;
    let wanted = format!(
        "import subprocess, kfp\n\
         cookies = subprocess.check_output([\"kfwasm\", \"login\", \"{origin}\", \"--print\", \"cookie\", \
         \"--certificate-authority\", \"ca.pem\"], text=True).strip()\n\
         client = kfp.Client(host=\"{origin}/pipeline\", cookies=cookies, ssl_ca_cert=\"ca.pem\")\n"
    );
    assert_eq!(trusting, wanted);
}

#[test]
fn without_a_browser_the_code_is_pasted() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let mut waiting = machine.begin(&["login", &gateway.origin, "--no-browser"]);
    assert_eq!(
        waiting.asked,
        "Open this address in a browser, on any machine:\n"
    );
    let shown = redirect(&get(&waiting.address));
    let (_, query) = shown.split_once('?').unwrap();
    waiting.paste(&format!(" {} ", parameter(query, "code").unwrap()));
    let ended = waiting.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(
        machine.session(&gateway.origin)["user"],
        "alice@example.com"
    );
}

/// An icon, a connection that says nothing, an answer to another sign-in, a page that has got hold of the port.
#[test]
fn what_is_no_answer_does_not_end_the_sign_in() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let waiting = machine.begin(&["login", &gateway.origin]);
    let here = waiting.loopback();
    let _silent = std::net::TcpStream::connect(&here).unwrap();
    let answer = redirect(&get(&waiting.address));
    let (_, query) = answer.split_once('?').unwrap();
    for foreign in [
        format!("GET /favicon.ico HTTP/1.1\r\nhost: {here}\r\n\r\n"),
        format!(
            "GET /callback?code=x&state=other&iss={} HTTP/1.1\r\nhost: {here}\r\n\r\n",
            gateway.origin
        ),
        format!("GET /callback?{query} HTTP/1.1\r\nhost: rebound.example.com\r\n\r\n"),
        format!("POST /callback?{query} HTTP/1.1\r\nhost: {here}\r\ncontent-length: 0\r\n\r\n"),
    ] {
        let page = ask(&here, &foreign);
        let end = "<title>Nothing here</title><h1>Nothing here</h1><p>This address waits for the end of a sign-in that kfwasm \
                   began in a terminal.</p></html>\n";
        assert!(
            page.starts_with("HTTP/1.1 404 Not Found\r\n") && page.ends_with(end),
            "{foreign}\n{page}"
        );
    }
    get(&answer);
    assert_eq!(waiting.end().code, Some(0));
}

#[test]
fn where_no_browser_opens_the_address_can_be_opened_by_hand() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    let mut without_browser = machine.kfwasm(&["login", &gateway.origin]);
    let mut waiting = Waiting::of(without_browser.env_remove("BROWSER").env("PATH", ""));
    let wanted =
        "No browser could be opened here: open the address yourself, or use --no-browser.\n";
    assert_eq!(waiting.line(), wanted);
    browse(&waiting);
    assert_eq!(waiting.end().code, Some(0));
}

#[test]
fn a_private_authority_is_trusted_where_it_is_named() {
    let (gateway, machine) = (Gateway::with_tls(), Machine::new());
    fs::write(machine.folder().join("ca.pem"), &gateway.authority).unwrap();
    let refused = machine.run(&["login", &gateway.origin]);
    assert_eq!(refused.code, Some(1));
    let advice = "\n    if an authority of your own signed its certificate, name that one's with --certificate-authority FILE\n";
    assert!(refused.stderr.ends_with(advice), "{}", refused.stderr);

    let mut waiting = machine.begin(&[
        "login",
        &gateway.origin,
        "--no-browser",
        "--certificate-authority",
        "ca.pem",
    ]);
    // The browser is not the matter here: a code that nobody gave is refused by the gateway, over TLS.
    waiting.paste("made-up");
    let ended = waiting.end();
    assert!(
        ended
            .stderr
            .contains("the gateway gave no session: The code is not valid."),
        "{}",
        ended.stderr
    );
}

#[test]
fn sessions_are_listed_and_forgotten() {
    let (gateway, machine) = (Gateway::start(Way::Proper), Machine::new());
    assert_eq!(
        machine.run(&["login", "--list"]).stderr,
        "You are signed in nowhere.\n"
    );
    let waiting = machine.begin(&["login", &gateway.origin]);
    browse(&waiting);
    waiting.end();
    let list = machine.run(&["login", "--list"]).stdout;
    assert!(
        list.starts_with(&format!("{}  alice@example.com  until ", gateway.origin)),
        "{list}"
    );

    let forgotten = machine.run(&["logout", &gateway.origin]);
    assert_eq!(
        forgotten.stderr,
        format!("Forgot the session at {}.\n", gateway.origin)
    );
    let again = machine.run(&["logout", &gateway.origin]);
    assert_eq!(
        again.stderr,
        format!(
            "There is no session at {}: nothing was changed.\n",
            gateway.origin
        )
    );
    assert_eq!(again.code, Some(0));
}
