use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::programs::Programs;
use super::webdriver::Session;
use crate::process::Process;
use crate::{RigError, wait_until};

const PATIENCE: Duration = Duration::from_secs(20);
const ADVICE: &str = "install the system's package chromium-driver";
/// WebDriver §11: the key under which an element's reference stands.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Headless, in a container, and talking to nobody but the gateway and the provider.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A real browser with one tab and a profile of its own. It ends when this value is dropped.
#[derive(Debug)]
pub struct Chrome {
    session: Session,
    _driver: Process,
    _profile: TempDir,
}

impl Chrome {
    /// Whether the programs are there.
    ///
    /// # Errors
    /// [`RigError::ProgramMissing`] naming the first that is not.
    pub fn is_installed() -> Result<(), RigError> {
        Programs::find().map(|_| ())
    }

    /// Starts the browser with an empty profile.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub fn start() -> Result<Self, RigError> {
        let programs = Programs::find()?;
        let profile = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let mut command = Command::new(&programs.chromedriver);
        command.arg("--port=0");
        let mut driver = Process::start(command, profile.path().join("chromedriver.log"), ADVICE)?;
        let authority = wait_for_driver(&mut driver)?;
        let session = Session::open(authority, &capabilities(&programs.chromium, profile.path()))?;
        Ok(Self {
            session,
            _driver: driver,
            _profile: profile,
        })
    }

    /// Opens an address and waits until its page is loaded.
    ///
    /// # Errors
    /// The browser cannot open it.
    pub fn visit(&self, address: &str) -> Result<(), RigError> {
        self.session
            .post("/url", &json!({ "url": address }))
            .map(|_| ())
    }

    /// The address of the page that is shown.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn address(&self) -> Result<String, RigError> {
        self.session.get("/url").map(text)
    }

    /// The visible text of the first element that a CSS selector finds.
    ///
    /// # Errors
    /// There is no such element.
    pub fn text(&self, selector: &str) -> Result<String, RigError> {
        self.session
            .get(&format!("{}/text", self.element(selector)?))
            .map(text)
    }

    /// Clicks on the first element that a CSS selector finds.
    ///
    /// # Errors
    /// There is no such element, or it cannot be clicked.
    pub fn click(&self, selector: &str) -> Result<(), RigError> {
        self.session
            .post(&format!("{}/click", self.element(selector)?), &json!({}))
            .map(|_| ())
    }

    /// Types into the first element that a CSS selector finds.
    ///
    /// # Errors
    /// There is no such element, or one cannot type into it.
    pub fn type_into(&self, selector: &str, keys: &str) -> Result<(), RigError> {
        self.session
            .post(
                &format!("{}/value", self.element(selector)?),
                &json!({ "text": keys }),
            )
            .map(|_| ())
    }

    /// Runs JavaScript in the page. Its `return` is the answer.
    ///
    /// # Errors
    /// The script throws.
    pub fn run(&self, script: &str) -> Result<Value, RigError> {
        self.session
            .post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until the first element that a CSS selector finds has a text for which `holds`, and gives that text.
    ///
    /// # Errors
    /// [`RigError::TimedOut`] after 20 s.
    pub fn wait_for(
        &self,
        selector: &str,
        holds: impl Fn(&str) -> bool,
    ) -> Result<String, RigError> {
        wait_until(&format!("the browser to show {selector}"), PATIENCE, || {
            self.text(selector).ok().filter(|text| holds(text))
        })
    }

    /// Waits until something holds of the page. While the page changes, an error only means: not yet.
    ///
    /// # Errors
    /// [`RigError::TimedOut`] after 20 s, naming `what`.
    pub fn wait_until(
        &self,
        what: &str,
        holds: impl Fn(&Self) -> Result<bool, RigError>,
    ) -> Result<(), RigError> {
        wait_until(what, PATIENCE, || {
            holds(self).unwrap_or(false).then_some(())
        })
    }

    /// The cookies of the page that is shown, with `name`, `value`, `path`, `httpOnly`, `sameSite` and `expiry`.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn cookies(&self) -> Result<Vec<Value>, RigError> {
        let cookies = self.session.get("/cookie")?;
        Ok(cookies.as_array().cloned().unwrap_or_default())
    }

    /// Sets the size of the window, in CSS pixels.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), RigError> {
        self.session
            .post("/window/rect", &json!({ "width": width, "height": height }))
            .map(|_| ())
    }

    /// Lets pages see that the user prefers dark colours, or light ones.
    ///
    /// # Errors
    /// The browser does not answer.
    pub fn prefer_dark(&self, dark: bool) -> Result<(), RigError> {
        let value = if dark { "dark" } else { "light" };
        let preference = json!([{ "name": "prefers-color-scheme", "value": value }]);
        let command = json!({
            "cmd": "Emulation.setEmulatedMedia",
            "params": { "features": preference },
        });
        self.session.post("/goog/cdp/execute", &command).map(|_| ())
    }

    /// Saves what the window shows as a PNG file.
    ///
    /// # Errors
    /// The browser does not answer or the file cannot be written.
    pub fn save_picture(&self, file: &Path) -> Result<(), RigError> {
        let picture = self.session.get("/screenshot").map(text)?;
        let bytes = STANDARD
            .decode(picture)
            .map_err(|error| RigError::unexpected("chromedriver", error.to_string()))?;
        fs::write(file, bytes).map_err(RigError::io(format!("write {}", file.display())))
    }

    /// The path of an element's commands.
    fn element(&self, selector: &str) -> Result<String, RigError> {
        let found = self.session.post(
            "/element",
            &json!({ "using": "css selector", "value": selector }),
        )?;
        let reference = found
            .get(ELEMENT)
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(format!("/element/{reference}"))
    }
}

impl Drop for Chrome {
    /// The browser is the driver's child: it must be closed before the driver is.
    fn drop(&mut self) {
        self.session.close();
    }
}

fn wait_for_driver(driver: &mut Process) -> Result<String, RigError> {
    wait_until("chromedriver to listen", PATIENCE, || {
        let port = driver.log().lines().iter().find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        if let Some(port) = port {
            return Some(Ok(format!("127.0.0.1:{port}")));
        }
        driver.ended().map(|_| {
            Err(RigError::DidNotStart {
                part: "browser",
                reason: driver.log().tail(5),
            })
        })
    })?
}

fn capabilities(chromium: &Path, profile: &Path) -> Value {
    let profile = format!("--user-data-dir={}", profile.join("profile").display());
    let arguments = ARGUMENTS
        .iter()
        .copied()
        .chain([profile.as_str()])
        .collect::<Vec<_>>();
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": chromium, "args": arguments },
        "timeouts": { "pageLoad": 20_000, "script": 20_000 },
    })
}

fn text(value: Value) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}
