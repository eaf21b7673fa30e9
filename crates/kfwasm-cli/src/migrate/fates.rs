use super::{Draft, Setting};

/// Writes down what a setting is in kfwasm.
pub(super) type Rule = fn(&mut Draft, &Setting);

/// What becomes of each setting of a predecessor, by its name.
pub(super) struct Fates {
    /// What it is in kfwasm. Whence others follow comes first.
    pub(super) taken: &'static [(&'static str, Rule)],
    /// What is done without a setting, and why. A name may end with `*`.
    pub(super) not_needed: &'static [(&'static str, &'static str)],
    /// What has no place, and what to do about it.
    pub(super) left: &'static [(&'static str, &'static str)],
}

impl Fates {
    pub(super) fn translate(&self, settings: &[Setting], draft: &mut Draft) {
        let settings = || settings.iter().filter(|setting| !setting.is_empty());
        for (name, rule) in self.taken {
            for setting in settings().filter(|setting| setting.name == *name) {
                rule(draft, setting);
            }
        }
        let is_taken = |setting: &&Setting| self.taken.iter().any(|(it, _)| *it == setting.name);
        for setting in settings().filter(|setting| !is_taken(setting)) {
            self.tell(setting, draft);
        }
    }

    fn tell(&self, setting: &Setting, draft: &mut Draft) {
        match (of(self.not_needed, setting), of(self.left, setting)) {
            (Some(why), _) => draft.drop(setting, why),
            (None, Some(_)) if setting.text() == "false" => draft.drop(setting, "it was off"),
            (None, Some(why)) => draft.leave(setting, why),
            (None, None) => draft.leave(setting, "kfwasm does not know what it is for"),
        }
    }
}

fn of(list: &[(&str, &'static str)], setting: &Setting) -> Option<&'static str> {
    let is_meant = |name: &str| match name.strip_suffix('*') {
        Some(beginning) => setting.name.starts_with(beginning),
        None => setting.name == name,
    };
    let found = list.iter().find(|(name, _)| is_meant(name));
    found.map(|(_, why)| *why)
}
