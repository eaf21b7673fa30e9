use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::probe::{Asked, Expectation, Target, Unexpected, ask};
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_millis(200);
/// Who must be answered as the filter does.
const ASKED: [Asked; 4] = [
    Asked::Navigation,
    Asked::Script,
    Asked::Forger,
    Asked::WebSocket,
];

/// Requests that show who decides.
pub(crate) struct Verification<'t> {
    target: &'t Target,
    expectation: Expectation,
}

impl<'t> Verification<'t> {
    pub(crate) fn of(settings: &Settings, target: &'t Target) -> Result<Self, String> {
        let expectation = Expectation::of(&settings.installation.plugin);
        Ok(Self {
            target,
            expectation: expectation.ok_or("kfwasm.yaml names no public host")?,
        })
    }

    /// By which name the gateway is asked.
    pub(crate) fn authority(&self) -> &str {
        &self.target.authority
    }

    /// Whoever decides now: what cannot be asked cannot be verified.
    ///
    /// # Errors
    /// In words, when nothing comes back.
    pub(crate) async fn gateway_answers(&self) -> Result<(), String> {
        let asked = ask(self.target, Asked::Script, &self.expectation.identity).await;
        asked.map(|_| ())
    }

    /// The same; asks again until something comes back.
    pub(crate) async fn until_gateway_answers(&self, limit: Duration) -> Result<(), String> {
        let deadline = Instant::now() + limit;
        loop {
            match self.gateway_answers().await {
                Err(why) if Instant::now() > deadline => return Err(why),
                Err(_) => sleep(PAUSE).await,
                Ok(()) => return Ok(()),
            }
        }
    }

    /// Asks again until everybody is answered as the filter does.
    pub(crate) async fn until_it_works(&self, limit: Duration) -> Result<(), Unexpected> {
        let deadline = Instant::now() + limit;
        loop {
            match self.once().await {
                Err(unexpected) if Instant::now() > deadline => return Err(unexpected),
                Err(_) => sleep(PAUSE).await,
                Ok(()) => return Ok(()),
            }
        }
    }

    async fn once(&self) -> Result<(), Unexpected> {
        for asked in ASKED {
            let answer = ask(self.target, asked, &self.expectation.identity).await;
            let answer = answer.map_err(|what| Unexpected {
                what,
                advice: "see the gateway's pods and their log",
            })?;
            self.expectation.judge(asked, &answer)?;
        }
        Ok(())
    }
}
