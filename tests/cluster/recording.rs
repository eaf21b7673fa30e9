//! What the program prints, word by word: `docs/recordings/` shows some of it to people, `recorded/` pins the rest.

use std::path::Path;
use std::process::Output;

use snapbox::{Assert, Data};

use crate::redaction::redacted;

/// As in the program's own tests: `TRYCMD=overwrite` writes what is recorded anew instead of comparing it.
const ACTION: &str = "TRYCMD";

/// A session at a terminal in the making.
pub(crate) struct Recording {
    text: String,
    /// What differs from run to run, and what stands for it.
    names: Vec<(String, &'static str)>,
}

/// Pins what a single command printed and how it ended.
pub(crate) fn is_recorded(name: &str, command: &str, output: &Output) {
    let mut recording = Recording::with(Vec::new());
    recording.add_ended(command, output);
    recording.pins(name);
}

impl Recording {
    pub(crate) fn with(names: Vec<(String, &'static str)>) -> Self {
        let text = String::new();
        Self { text, names }
    }

    /// A command, and what it printed. How long something was waited for is left out.
    pub(crate) fn add(&mut self, command: &str, printed: &str) {
        let lines = printed.lines().filter(|line| !line.starts_with("waiting "));
        let mut printed: String = lines.map(|line| format!("{line}\n")).collect();
        for (name, stand_in) in &self.names {
            printed = printed.replace(name, stand_in);
        }
        self.text += &format!("$ {command}\n{}\n", redacted(&printed));
    }

    /// A command, how it ended, and what it printed.
    pub(crate) fn add_ended(&mut self, command: &str, output: &Output) {
        let code = output.status.code().unwrap_or(-1);
        let printed = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        self.add(command, &format!("? {code}\n{}", printed.concat()));
    }

    /// Compares it with a file for people.
    pub(crate) fn stands_in(self, name: &str) {
        self.compare(&format!("../docs/recordings/{name}"));
    }

    /// Compares it with a file that pins it.
    pub(crate) fn pins(self, name: &str) {
        self.compare(&format!("cluster/recorded/{name}.txt"));
    }

    fn compare(self, file: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let kept = Data::read_from(&file, None).raw();
        Assert::new().action_env(ACTION).eq(self.text, kept);
    }
}
