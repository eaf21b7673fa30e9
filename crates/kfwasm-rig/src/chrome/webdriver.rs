use serde_json::{Value, json};

use crate::{RigError, exchange};

/// A WebDriver session at a driver on loopback.
#[derive(Debug)]
pub(super) struct Session {
    authority: String,
    path: String,
}

impl Session {
    /// WebDriver §8.1: a new session with these capabilities.
    pub(super) fn open(authority: String, capabilities: &Value) -> Result<Self, RigError> {
        let opening = Self {
            authority,
            path: "/session".to_owned(),
        };
        let value = opening.command(
            "POST",
            "",
            &json!({ "capabilities": { "alwaysMatch": capabilities } }),
        )?;
        let id = value
            .get("sessionId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(Self {
            path: format!("/session/{id}"),
            ..opening
        })
    }

    pub(super) fn get(&self, path: &str) -> Result<Value, RigError> {
        self.command("GET", path, &Value::Null)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, RigError> {
        self.command("POST", path, body)
    }

    /// WebDriver §8.2. An error means that it is closed already.
    pub(super) fn close(&self) {
        let _ = self.command("DELETE", "", &Value::Null);
    }

    /// WebDriver §6: the `value` of the answer, or the error that it says.
    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, RigError> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (authority, base, length) = (&self.authority, &self.path, body.len());
        let request = format!(
            "{method} {base}{path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let response = exchange(authority, request.as_bytes())?;
        let value = response.json().get("value").cloned().unwrap_or_default();
        if response.status == 200 {
            return Ok(value);
        }
        let message = value
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or("no reason");
        Err(RigError::unexpected(
            format!("chromedriver to {method} {path}"),
            message,
        ))
    }
}
