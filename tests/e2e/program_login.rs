//! `kfwasm login` itself, at the real gateway.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use kfwasm_rig::{Request, Rig, UserAgent};
use tempfile::TempDir;

use crate::stage::{SESSION, Shown, latest, stage, stage_with};

/// Where `cargo xtask test` says that the program is.
const PROGRAM: &str = "KFWASM";
/// Where it says that the Kubeflow Pipelines SDK is.
const SDK: &str = "KFWASM_TEST_KFP";

/// A sign-in in a terminal that waits for the browser.
struct Terminal {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
}

impl Terminal {
    fn begin(home: &TempDir, arguments: &[&str]) -> Self {
        let mut child = kfwasm(home).args(arguments).spawn().expect("kfwasm");
        let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
        let address = loop {
            let mut line = String::new();
            let read = stderr.read_line(&mut line).expect("its words");
            assert_ne!(read, 0, "it ended before it asked for a browser");
            if line.starts_with("error:") {
                panic!("{line}");
            }
            if line.starts_with("  http") {
                break line.trim().to_owned();
            }
        };
        Self {
            child,
            stderr,
            address,
        }
    }

    /// Its code and its two outputs.
    fn end(mut self) -> (Option<i32>, String, String) {
        drop(self.child.stdin.take());
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).expect("its words");
        let Output { status, stdout, .. } = self.child.wait_with_output().expect("its end");
        (
            status.code(),
            String::from_utf8_lossy(&stdout).into_owned(),
            stderr,
        )
    }
}

/// The program with a folder of its own, and a browser that does nothing: the test is the browser.
fn kfwasm(home: &TempDir) -> Command {
    let program = env::var_os(PROGRAM).expect("run by cargo xtask test, which builds the program");
    let mut command = Command::new(program);
    command
        .env("KFWASM_CONFIG", home.path())
        .env("BROWSER", "true");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Signs in to `rig` as Alice, in a browser that has been nowhere.
fn sign_in(rig: &Rig, home: &TempDir) -> Shown {
    let terminal = Terminal::begin(home, &["login", &rig.gateway.address()]);
    let mut browser = UserAgent::new();
    let question = browser.sign_in(&terminal.address, "alice")?;
    let answered = browser.submit(&question, &[("answer", "allow")])?;
    assert!(
        browser
            .land(answered)?
            .text()
            .contains("You can close this window")
    );
    let (code, _, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    Ok(())
}

#[test]
fn a_program_signs_in_by_the_browser_and_calls_as_the_person() -> Shown {
    let (rig, home) = (stage()?, home());
    let terminal = Terminal::begin(
        &home,
        &["login", &rig.gateway.address(), "--print", "cookie"],
    );
    let mut browser = UserAgent::new();
    let question = browser.sign_in(&terminal.address, "alice")?;
    assert!(
        question.text().contains("alice@example.com"),
        "{}",
        question.text()
    );
    let answered = browser.submit(&question, &[("answer", "allow")])?;
    let end = browser.land(answered)?;
    assert_eq!((end.status, end.address.path()), (200, "/callback"));

    let (code, printed, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("as alice@example.com, until "), "{said}");
    let cookie = printed.trim().to_owned();
    let own = browser.cookie(&rig.at("/"), SESSION).expect("a session");
    assert_ne!(
        cookie,
        format!("{SESSION}={own}"),
        "the program has a session of its own"
    );
    let call = Request::bare(&rig.at("/pipeline/apis/v2beta1/runs"))?.header("cookie", cookie);
    assert_eq!(UserAgent::new().send(&call)?.status, 200);
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);
    Ok(())
}

#[test]
fn a_program_that_the_person_does_not_want_gets_nothing() -> Shown {
    let (rig, home) = (stage()?, home());
    let terminal = Terminal::begin(&home, &["login", &rig.gateway.address()]);
    let mut browser = UserAgent::new();
    let question = browser.sign_in(&terminal.address, "alice")?;
    let answered = browser.submit(&question, &[("answer", "deny")])?;
    assert_eq!(browser.land(answered)?.status, 400);
    let (code, _, said) = terminal.end();
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("error: not signed in: it was cancelled in the browser\n"),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_code_is_copied_from_a_browser_on_another_machine() -> Shown {
    let (rig, home) = (stage()?, home());
    let mut terminal = Terminal::begin(&home, &["login", &rig.gateway.address(), "--no-browser"]);
    let mut browser = UserAgent::new();
    let question = browser.sign_in(&terminal.address, "bob")?;
    let shown = browser.submit(&question, &[("answer", "allow")])?.text();
    let code = shown
        .split("<code class=\"code\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    let mut stdin = terminal.child.stdin.take().expect("piped");
    writeln!(stdin, "{}", code.expect("a code on the page")).expect("typed");
    drop(stdin);
    let (code, _, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("as bob@example.com, until "), "{said}");
    Ok(())
}

#[test]
fn a_gateway_that_lets_no_programs_in_says_so_before_a_browser_opens() -> Shown {
    let rig = stage_with(serde_json::json!({ "programs": { "enabled": false } }))?;
    let output = kfwasm(&home())
        .args(["login", &rig.gateway.address()])
        .output()
        .expect("kfwasm");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("does not sign programs in"), "{said}");
    Ok(())
}

/// What `--print kfp` prints is run as it is.
#[test]
fn the_printed_lines_of_python_call_the_pipelines() -> Shown {
    let (rig, home) = (stage()?, home());
    sign_in(&rig, &home)?;
    let printed = kfwasm(&home)
        .args(["login", &rig.gateway.address(), "--print", "kfp"])
        .output();
    let lines = String::from_utf8(printed.expect("kfwasm").stdout).expect("text");
    assert_eq!(lines.lines().count(), 3, "{lines}");
    let calls = "print(client.list_experiments(namespace='team-a').experiments[0].display_name)";
    let output = Command::new("python3")
        .args(["-W", "ignore", "-c", &format!("{lines}{calls}")])
        .env(
            "PYTHONPATH",
            env::var_os(SDK).expect("run by cargo xtask test, which installs the SDK"),
        )
        .env("KFWASM_CONFIG", home.path())
        .env("HOME", home.path())
        .env("PATH", path_with_the_program())
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "of alice@example.com",
        "{said}"
    );
    Ok(())
}

fn path_with_the_program() -> OsString {
    let program = env::var_os(PROGRAM).expect("the program");
    let folder = Path::new(&program).parent().expect("a folder").to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths([folder].into_iter().chain(env::split_paths(&path))).expect("a path")
}
