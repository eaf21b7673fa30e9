use serde_json::{Map, Value};

use super::ledger::{Fate, Ledger};
use super::setting::SecretPlace;
use super::translate::bearer::TokenIssuer;
use super::{Predecessor, Setting};
use crate::answer;
use crate::failure::Failure;
use crate::starter::StarterArgs;
use crate::yaml;

/// A kfwasm.yaml in the making, and what became of each setting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) ledger: Ledger,
    /// Where the client secret is.
    pub(crate) secret: Option<SecretPlace>,
    /// The host that browsers name.
    pub(super) host: Option<String>,
    /// Issuers of programs' tokens that the cluster knows.
    pub(super) token_issuers: Vec<TokenIssuer>,
    provider: Map<String, Value>,
    plugin: Map<String, Value>,
}

/// What the starter's own lines say.
const IN_THE_STARTER: [&str; 2] = ["issuer", "clientId"];
const PROVIDER: &str = "providers[0]";

impl Draft {
    /// For that host, where somebody has said so.
    pub(crate) fn of_host(host: Option<String>) -> Self {
        Self {
            host,
            ..Self::default()
        }
    }

    /// The value goes on as it was.
    pub(super) fn take(&mut self, setting: &Setting, place: &str, value: impl Into<Value>) {
        self.put(place, value.into());
        self.tell_taken(setting, place);
    }

    /// It goes on, at a place that has been written already.
    pub(super) fn tell_taken(&mut self, setting: &Setting, place: &str) {
        self.ledger.enter(Fate::TakenOver, setting, place);
    }

    /// Something else than what was there stands now there.
    pub(super) fn change(
        &mut self,
        setting: &Setting,
        place: &str,
        value: impl Into<Value>,
        why: &str,
    ) {
        self.put(place, value.into());
        self.tell_change(setting, format!("{place}: {why}"));
    }

    /// It is different now, and nothing is to be written for it.
    pub(super) fn tell_change(&mut self, setting: &Setting, what: impl Into<String>) {
        self.ledger.enter(Fate::Changed, setting, what);
    }

    /// It is done without a setting.
    pub(super) fn drop(&mut self, setting: &Setting, why: &str) {
        self.ledger.enter(Fate::NotNeeded, setting, why);
    }

    /// It stays behind.
    pub(super) fn leave(&mut self, setting: &Setting, why: impl Into<String>) {
        self.ledger.enter(Fate::Left, setting, why);
    }

    /// Adds to the list at that place.
    pub(super) fn add(&mut self, place: &str, value: Value) {
        let mut list = match self.get(place) {
            Some(Value::Array(list)) => list.clone(),
            _ => Vec::new(),
        };
        if !list.contains(&value) {
            list.push(value);
        }
        self.put(place, Value::from(list));
    }

    pub(super) fn get(&self, place: &str) -> Option<&Value> {
        let (root, way) = self.root(place);
        let mut way = way.split('.');
        let first = root.get(way.next()?)?;
        way.try_fold(first, |value, name| value.get(name))
    }

    /// The text at that place; empty when there is none.
    pub(super) fn text(&self, place: &str) -> &str {
        self.get(place).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn put(&mut self, place: &str, value: Value) {
        let (root, way) = match place.strip_prefix(PROVIDER) {
            Some(way) => (&mut self.provider, way.trim_start_matches('.')),
            None => (&mut self.plugin, place),
        };
        match way.split_once('.') {
            None => {
                root.insert(way.to_owned(), value);
            }
            Some((section, field)) => {
                let section = root.entry(section).or_insert_with(|| Map::new().into());
                if let Value::Object(fields) = section {
                    fields.insert(field.to_owned(), value);
                }
            }
        }
    }

    fn root<'p>(&self, place: &'p str) -> (&Map<String, Value>, &'p str) {
        match place.strip_prefix(PROVIDER) {
            Some(way) => (&self.provider, way.trim_start_matches('.')),
            None => (&self.plugin, place),
        }
    }

    /// The text of kfwasm.yaml. What somebody has said on the command line counts more than what was found.
    pub(crate) fn file(
        &self,
        predecessor: Predecessor,
        said: &StarterArgs,
        name: &str,
    ) -> Result<String, Failure> {
        let found = |place| Some(self.text(place).to_owned()).filter(|text| !text.is_empty());
        let issuer = found("providers[0].issuer").filter(|_| said.tenant.is_none());
        let starter = StarterArgs {
            host: said.host.clone().or_else(|| self.host.clone()),
            issuer: said.issuer.clone().or(issuer),
            client_id: said
                .client_id
                .clone()
                .or_else(|| found("providers[0].clientId")),
            ..said.clone()
        };
        nothing_is_missing(predecessor, &starter)?;
        let mut provider = self.provider.clone();
        provider.retain(|field, _| !IN_THE_STARTER.contains(&field.as_str()));
        Ok(format!(
            "# Made by `kfwasm migrate` from the settings of {}.\n{}{}{}",
            predecessor.name(),
            starter.text(name)?,
            indented(&provider, "      "),
            indented(&self.plugin, "  "),
        ))
    }
}

/// What the predecessor's settings leave open is asked for, or must be given.
fn nothing_is_missing(predecessor: Predecessor, starter: &StarterArgs) -> Result<(), Failure> {
    let flags = [
        ("--host", starter.host.is_some()),
        (
            "--tenant or --issuer",
            starter.issuer.is_some() || starter.tenant.is_some(),
        ),
        ("--client-id", starter.client_id.is_some()),
    ];
    let missing = flags.into_iter().filter(|(_, is_given)| !is_given);
    let missing: Vec<_> = missing.map(|(flag, _)| flag).collect();
    if missing.is_empty() || answer::is_somebody_there() {
        return Ok(());
    }
    let (name, flags) = (predecessor.name(), missing.join(" and "));
    Err(Failure::usage(
        format!("the settings of {name} leave open what {flags} would say"),
        format!("give {flags}, or run it at a terminal to be asked"),
    ))
}

fn indented(fields: &Map<String, Value>, by: &str) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let text = yaml::write(&Value::Object(fields.clone()));
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_in_a_section_is_read_back() {
        let mut draft = Draft::default();
        draft.put("identity.claims", json!(["email"]));
        draft.add("skip", json!({ "prefix": "/dex" }));
        draft.add("skip", json!({ "prefix": "/dex" }));
        draft.put("providers[0].issuer", json!("https://id.example.com"));
        assert_eq!(draft.get("identity.claims"), Some(&json!(["email"])));
        assert_eq!(draft.get("skip"), Some(&json!([{ "prefix": "/dex" }])));
        assert_eq!(draft.text("providers[0].issuer"), "https://id.example.com");
    }
}
