/// How many characters of a written value a message repeats.
const SHOWN: usize = 60;

/// The text in double quotes, fit for a log line: shortened, and everything but printable ASCII
/// escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            out.push_str("...");
            break;
        }
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ => out.extend(character.escape_unicode()),
        }
    }
    out.push('"');
    out
}
