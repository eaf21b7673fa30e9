//! Sessions that end before their time, written into the plugin's configuration.

use k8s_openapi::jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::yaml;

/// Where it stands in kfwasm.yaml.
const PLACE: [&str; 3] = ["plugin", "session", "revocation"];

/// What is to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) everybody: bool,
    pub(crate) users: Vec<String>,
    pub(crate) sessions: Vec<String>,
}

impl Wish {
    /// The text of kfwasm.yaml with the wish in it, everything else as it was; nothing where it is written in a way that
    /// cannot be edited so.
    pub(crate) fn put_into(&self, text: &str, now: Timestamp) -> Option<String> {
        let before = yaml::document(text).ok()?;
        let place = format!("/{}", PLACE.join("/"));
        let mut revocation = before.pointer(&place).cloned().unwrap_or_default();
        if !revocation.is_object() {
            revocation = Value::Object(Map::new());
        }
        self.add_to(revocation.as_object_mut()?, now);
        yaml::put(text, &PLACE, &revocation)
    }

    fn add_to(&self, revocation: &mut Map<String, Value>, now: Timestamp) {
        let now = Value::from(instant(now));
        if self.everybody {
            revocation.insert("notBefore".to_owned(), now.clone());
        }
        if !self.users.is_empty() {
            let mut users = listed(revocation, "users");
            users.retain(|entry| !self.names(entry));
            let entry = |user: &String| json!({"user": user, "notBefore": now});
            users.extend(self.users.iter().map(entry));
            revocation.insert("users".to_owned(), Value::Array(users));
        }
        if !self.sessions.is_empty() {
            let mut sessions = listed(revocation, "sessions");
            let new = self.sessions.iter().map(|it| Value::from(it.as_str()));
            for session in new {
                if !sessions.contains(&session) {
                    sessions.push(session);
                }
            }
            revocation.insert("sessions".to_owned(), Value::Array(sessions));
        }
    }

    fn names(&self, entry: &Value) -> bool {
        let user = entry.get("user").and_then(Value::as_str);
        user.is_some_and(|user| self.users.iter().any(|it| it == user))
    }
}

/// The time to the second, as the configuration has it.
fn instant(now: Timestamp) -> String {
    Timestamp::from_second(now.as_second())
        .unwrap_or(now)
        .to_string()
}

fn listed(map: &Map<String, Value>, name: &str) -> Vec<Value> {
    let list = map.get(name).and_then(Value::as_array);
    list.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name: ml # mine\nplugin:\n  # who\n  publicHosts: [ml.example.com]\n  session:\n    idle: 2h\n    revocation:\n      \
        # of yesterday\n      notBefore: \"2026-01-01T00:00:00Z\"\n      users:\n        - user: alice@example.com\n          notBefore: \
        \"2026-01-02T00:00:00Z\"\n\n  # where\n  signOut: {}\n";

    fn put(wish: Wish, text: &str) -> Option<String> {
        wish.put_into(text, "2026-11-26T03:04:05.678Z".parse().unwrap())
    }

    fn of_users(users: &[&str]) -> Wish {
        Wish {
            users: users.iter().map(|&it| it.to_owned()).collect(),
            ..Wish::default()
        }
    }

    #[test]
    fn a_user_is_named_once_and_by_the_latest_time() {
        let edited = put(of_users(&["bob@example.com", "alice@example.com"]), TEXT).unwrap();
        let value = yaml::document(&edited).unwrap();
        let wanted = json!({
            "notBefore": "2026-01-01T00:00:00Z",
            "users": [
                {"user": "bob@example.com", "notBefore": "2026-11-26T03:04:05Z"},
                {"user": "alice@example.com", "notBefore": "2026-11-26T03:04:05Z"},
            ],
        });
        assert_eq!(value.pointer("/plugin/session/revocation"), Some(&wanted));
        for kept in [
            "name: ml # mine\n",
            "  # who\n",
            "    idle: 2h\n",
            "\n\n  # where\n  signOut: {}\n",
        ] {
            assert!(edited.contains(kept), "{edited}");
        }
    }

    #[test]
    fn a_session_that_is_over_already_changes_nothing() {
        let wish = || Wish {
            sessions: vec!["AAAAAAAAAAAAAAAAAAAAAA".to_owned()],
            ..Wish::default()
        };
        let once = put(wish(), "plugin:\n  publicHosts: []\n").unwrap();
        assert_eq!(put(wish(), &once).as_ref(), Some(&once));
    }

    #[test]
    fn everybody_is_a_time() {
        let wish = Wish {
            everybody: true,
            ..Wish::default()
        };
        let edited = put(wish, "plugin: # the filter\n  publicHosts: []\n").unwrap();
        let value = yaml::document(&edited).unwrap();
        let time = value.pointer("/plugin/session/revocation/notBefore");
        assert_eq!(time, Some(&json!("2026-11-26T03:04:05Z")));
    }
}
