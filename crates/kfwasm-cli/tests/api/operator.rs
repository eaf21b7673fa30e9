//! Who runs the program, and what is kept of what it says.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use snapbox::{Assert, Data};
use tempfile::TempDir;

use crate::server::{World, serve};
use crate::wire;

/// What stands for the API server's address, in what it serves too.
pub(crate) const HERE: &str = "http://api.example.com";

/// Somebody with a folder, and the kubeconfig of one cluster.
pub(crate) struct Operator {
    folder: TempDir,
    address: String,
    told: String,
    secret: Option<&'static str>,
}

impl Operator {
    pub(crate) fn at(world: World) -> Self {
        let (folder, address) = (TempDir::new().unwrap(), serve(world));
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "contexts": [{ "name": "here", "context": { "cluster": "here", "user": "somebody" } }],
            "clusters": [{ "name": "here", "cluster": { "server": address } }],
            "users": [{ "name": "somebody", "user": {} }],
        });
        fs::write(folder.path().join("kubeconfig"), config.to_string()).unwrap();
        Self {
            folder,
            address,
            told: String::new(),
            secret: Some("a secret of the test"),
        }
    }

    /// With the directory `ml`, which was built for the provider `https://id.example.com`.
    pub(crate) fn with_directory(self, certificate: &str) -> Self {
        let made = [
            "build",
            "ml",
            "--host",
            "ml.example.com",
            "--issuer",
            "https://id.example.com",
        ];
        let url = "oci://registry.example.com/kfwasm:1";
        let more = [
            "--client-id",
            "kubeflow",
            "--certificate",
            certificate,
            "--module-url",
            url,
        ];
        let email = ["--acme-email", "platform@example.com"];
        let email = match certificate {
            "acme" => &email[..],
            _ => &[],
        };
        let arguments = [&made[..], &more, email].concat();
        let built = self.output(&arguments);
        assert!(built.status.success(), "{built:?}");
        self
    }

    /// Who has no client secret in the environment.
    pub(crate) fn without_secret(mut self) -> Self {
        self.secret = None;
        self
    }

    /// Who has this one in the environment.
    pub(crate) fn with_secret(mut self, secret: &'static str) -> Self {
        self.secret = Some(secret);
        self
    }

    /// Host and port of the API server.
    pub(crate) fn address(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What both streams show together, in the order in which it was said, as at a terminal.
    pub(crate) fn shown(&self, arguments: &[&str]) -> String {
        let file = self.folder.path().join("shown");
        let streams = File::create(&file).unwrap();
        let mut command = self.command(arguments);
        command.stdout(streams.try_clone().unwrap()).stderr(streams);
        command.status().unwrap();
        fs::read_to_string(file).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kfwasm"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("KUBECONFIG", self.folder.path().join("kubeconfig"));
        match self.secret {
            Some(secret) => command.env("KFWASM_CLIENT_SECRET", secret),
            None => command.env_remove("KFWASM_CLIENT_SECRET"),
        };
        command
            .env_remove("KF_NAME")
            // A pipe at whose other end nobody is.
            .stdin(Stdio::piped());
        command
    }

    /// What the API server has at that path.
    pub(crate) fn seen(&self, path: &str) -> String {
        let answer = wire::get(&format!("{}{path}", self.address));
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Runs it, and keeps what it says and how it ends.
    pub(crate) fn run(&mut self, command: &str) -> Output {
        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        let output = self.output(&arguments);
        let printed = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        let code = output.status.code().unwrap_or(-1);
        let lines = printed.iter().flat_map(|it| it.lines());
        let lines = lines.filter(|line| !line.starts_with("waiting "));
        let said: String = lines.map(|line| format!("{line}\n")).collect();
        let said = without_answers_of_the_dns(&said.replace(&self.address, HERE));
        let command = command.replace(self.address(), "api.example.com");
        self.told += &format!("$ {command}\n? {code}\n{said}\n");
        output
    }

    /// Runs the doctor, and keeps what it says by these rules.
    pub(crate) fn ask_the_doctor(&mut self, options: &[&str], rules: &[&str]) {
        let output = self.output(&[&["doctor", "--json"], options].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let wanted = findings.filter(|it| rules.contains(&it["rule"].as_str().unwrap()));
        let said: String = wanted.map(in_words).collect();
        let said = said
            .replace(&self.address, HERE)
            .replace(self.address(), "api.example.com");
        let said = without_answers_of_the_dns(&said);
        self.told += &format!("$ kfwasm doctor --json\n{said}\n");
    }

    /// Compares what was kept, here and by others, with a file. `TRYCMD=overwrite` writes it anew.
    pub(crate) fn is_recorded(operators: impl IntoIterator<Item = Self>, name: &str) {
        let told: String = operators.into_iter().map(|it| it.told).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/recorded");
        let kept = Data::read_from(&folder.join(format!("{name}.txt")), None).raw();
        Assert::new().action_env("TRYCMD").eq(told, kept);
    }
}

fn in_words(finding: &Value) -> String {
    let text = |field: &str| finding[field].as_str().unwrap();
    let (mark, rule, what) = (text("mark"), text("rule"), text("what"));
    match text("advice") {
        "" => format!("{mark}: {rule}: {what}\n"),
        advice => format!("{mark}: {rule}: {what}\n    {advice}\n"),
    }
}

/// Each system says in words of its own that there is no such name.
fn without_answers_of_the_dns(text: &str) -> String {
    const MARK: &str = "address information: ";
    let line = |line: &str| match line.split_once(MARK) {
        Some((before, _)) => format!("{before}{MARK}…\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
