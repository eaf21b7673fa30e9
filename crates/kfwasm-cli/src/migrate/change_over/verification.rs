use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::failure::Failure;
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
pub(super) struct Verification<'t> {
    target: &'t Target,
    expectation: Expectation,
}

impl<'t> Verification<'t> {
    pub(super) fn of(settings: &Settings, target: &'t Target) -> Result<Self, Failure> {
        let expectation = Expectation::of(&settings.installation.plugin);
        let expectation = expectation.ok_or_else(|| {
            Failure::usage(
                "kfwasm.yaml names no public host",
                "write plugin.publicHosts",
            )
        })?;
        Ok(Self {
            target,
            expectation,
        })
    }

    /// Whoever decides now: what cannot be asked cannot be verified.
    pub(super) async fn gateway_answers(&self) -> Result<(), Failure> {
        let asked = ask(self.target, Asked::Script, &self.expectation.identity).await;
        asked.map(|_| ()).map_err(|error| {
            Failure::not_ready(
                format!("the gateway does not answer, so that nothing could be verified: {error}"),
                "name an address at which this machine reaches it with --address; nothing was removed",
            )
        })
    }

    /// Asks again until everybody is answered as the filter does.
    pub(super) async fn until_it_works(&self, limit: Duration) -> Result<(), Unexpected> {
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
