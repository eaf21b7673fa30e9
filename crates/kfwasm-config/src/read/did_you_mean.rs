use std::borrow::Cow;

use crate::refusal::Refusal;

/// Names longer than this are no misspelling of ours, and comparing them costs time.
const LONGEST: usize = 64;

/// The accepted word that `written` most likely was meant to be, if one is near.
pub(crate) fn nearest<'a>(written: &str, accepted: &[&'a str]) -> Option<&'a str> {
    if written.len() > LONGEST {
        return None;
    }
    let allowed = written.len().div_ceil(4);
    let written = written.to_ascii_lowercase();
    accepted
        .iter()
        .map(|word| {
            (
                strsim::osa_distance(&written, &word.to_ascii_lowercase()),
                *word,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// `did you mean "clientId"?`, or the list of all accepted words.
pub(crate) fn advice(written: &str, accepted: &[&str]) -> String {
    match nearest(written, accepted) {
        Some(word) => ["did you mean \"", word, "\"?"].concat(),
        None => ["accepted here: ", &accepted.join(", ")].concat(),
    }
}

/// The refusal of a word that is none of those accepted.
pub(crate) fn refusal(written: &str, accepted: &[&str]) -> Refusal {
    Refusal {
        advice: Cow::Owned(advice(written, accepted)),
        ..Refusal::quoting(written, "is not accepted here", "")
    }
}
