use super::super::{Draft, Setting};

/// A length of time as Go writes it.
pub(crate) fn lifetime(draft: &mut Draft, setting: &Setting) {
    match seconds(&setting.text()) {
        Some(seconds) if seconds > 0 => last(draft, setting, seconds),
        _ => draft.leave(setting, "it is no length of time; session.absolute is 168h"),
    }
}

/// A number of seconds.
pub(crate) fn lifetime_in_seconds(draft: &mut Draft, setting: &Setting) {
    match setting.text().parse() {
        Ok(seconds) if seconds > 0 => last(draft, setting, seconds),
        _ => draft.leave(setting, "it is no number; session.absolute is 168h"),
    }
}

/// Sessions ended by their age alone, so that the idle limit is the same.
fn last(draft: &mut Draft, setting: &Setting, seconds: u64) {
    let written = written(seconds);
    draft.put("session.idle", written.clone().into());
    draft.take(setting, "session.absolute", written);
}

pub(crate) fn same_site(draft: &mut Draft, setting: &Setting) {
    match setting.text().to_lowercase().as_str() {
        "lax" => draft.drop(setting, "cookies are always SameSite=Lax"),
        other => draft.leave(
            setting,
            format!("cookies are always SameSite=Lax, not {other}"),
        ),
    }
}

/// `168h0m0s` in seconds; less than a second is nothing.
fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(digits)?;
        let unit = after.chars().next()?;
        let number: u64 = number.parse().ok()?;
        let factor = match unit {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = after.get(1..)?;
    }
    Some(total)
}

/// As kfwasm writes it, in one unit.
fn written(seconds: u64) -> String {
    match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_as_go_writes_them_are_read() {
        for (text, wanted) in [
            ("24h", Some("24h")),
            ("168h0m0s", Some("168h")),
            ("1h30m", Some("90m")),
            ("90s", Some("90s")),
            ("1.5h", None),
            ("24", None),
            ("24ms", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(seconds(text).map(written).as_deref(), wanted, "{text}");
        }
    }
}
