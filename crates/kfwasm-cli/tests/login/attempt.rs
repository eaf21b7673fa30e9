//! The program, run by somebody who does in a browser what it asks for.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A person's machine: the folder where sessions are kept.
pub(crate) struct Machine(TempDir);

/// A sign-in that waits for the browser.
pub(crate) struct Waiting {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    /// What was said before the address.
    pub(crate) asked: String,
    /// What the browser is to open.
    pub(crate) address: String,
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn sessions(&self) -> PathBuf {
        self.folder().join("config/sessions.json")
    }

    pub(crate) fn session(&self, origin: &str) -> Value {
        let text = fs::read(self.sessions()).unwrap();
        serde_json::from_slice::<Value>(&text).unwrap()[origin].clone()
    }

    /// The program with these arguments. Its browser is a program that does nothing.
    pub(crate) fn kfwasm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kfwasm"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("KFWASM_CONFIG", self.folder().join("config"))
            .env("BROWSER", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.kfwasm(arguments).output().unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it until it asks for a browser.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Waiting {
        Waiting::of(&mut self.kfwasm(arguments))
    }
}

impl Waiting {
    /// The program that runs until it asks for a browser.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut asked = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it has ended");
            if let Some(address) = line.strip_prefix("  http") {
                break format!("http{}", address.trim_end());
            }
            asked += &line;
        };
        Self {
            child,
            stderr,
            asked,
            address,
        }
    }

    /// What it says next.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// Where the program waits for the answer, as `HOST:PORT`.
    pub(crate) fn loopback(&self) -> String {
        let (_, query) = self.address.split_once('?').unwrap();
        let redirect_uri = crate::wire::parameter(query, "redirect_uri").unwrap();
        let rest = redirect_uri.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Types a line.
    pub(crate) fn paste(&mut self, text: &str) {
        let mut stdin = self.child.stdin.take().unwrap();
        writeln!(stdin, "{text}").unwrap();
    }

    /// As Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn end(mut self) -> Ended {
        drop(self.child.stdin.take());
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        let code = self.child.wait().unwrap().code();
        Ended {
            code,
            stdout,
            stderr,
        }
    }
}
