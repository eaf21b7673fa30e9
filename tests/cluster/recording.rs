//! What the program prints, word by word, as `docs/recordings/` shows it.

use std::path::Path;
use std::{env, fs};

/// Set, the recordings are written anew instead of compared.
const RECORD: &str = "KFWASM_RECORD";

/// A session at a terminal in the making.
pub(crate) struct Recording {
    text: String,
    /// What differs from run to run, and what stands for it.
    names: Vec<(String, &'static str)>,
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
        self.text += &format!("$ {command}\n{}\n", without_dates(&printed));
    }

    /// Compares it with the file, or writes it.
    pub(crate) fn stands_in(self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/recordings");
        let file = folder.join(name);
        if env::var_os(RECORD).is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, self.text).unwrap();
            return;
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(self.text, kept, "{RECORD}=1 writes {name} anew");
    }
}

/// Each date is 2027-01-01.
fn without_dates(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    words
        .map(|word| {
            if is_date(word.trim()) {
                word.replace(word.trim(), "2027-01-01")
            } else {
                word.to_owned()
            }
        })
        .collect()
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2]
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}
