use std::fmt;

use super::Setting;

/// What became of each setting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    fate: Fate,
    setting: String,
    /// Where it stands now, or why it does not.
    what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    TakenOver,
    Changed,
    NotNeeded,
    Left,
}

impl Ledger {
    pub(super) fn enter(&mut self, fate: Fate, setting: &Setting, what: impl Into<String>) {
        let (setting, what) = (setting.name.clone(), what.into());
        self.0.push(Row {
            fate,
            setting,
            what,
        });
    }

    /// Whether something stays behind that somebody may miss.
    pub(crate) fn leaves_something(&self) -> bool {
        self.0.iter().any(|row| row.fate == Fate::Left)
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.0.iter().map(|row| row.setting.len());
        let width = widths.max().unwrap_or(0);
        for fate in Fate::ALL {
            let mut rows = self.0.iter().filter(|row| row.fate == fate).peekable();
            if rows.peek().is_some() {
                writeln!(f, "{}", fate.title())?;
            }
            for Row { setting, what, .. } in rows {
                writeln!(f, "  {setting:width$}  {what}")?;
            }
        }
        Ok(())
    }
}

impl Fate {
    const ALL: [Self; 4] = [Self::TakenOver, Self::Changed, Self::NotNeeded, Self::Left];

    fn title(self) -> &'static str {
        match self {
            Self::TakenOver => "Taken over",
            Self::Changed => "Changed",
            Self::NotNeeded => "Not needed any more",
            Self::Left => "Could not be taken over",
        }
    }
}
