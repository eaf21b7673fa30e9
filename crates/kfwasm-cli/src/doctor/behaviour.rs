use super::{Finding, Survey};
use crate::probe::{Asked, Expectation};

/// A page leads to the provider.
pub(super) fn navigation(survey: &Survey) -> Finding {
    judge(
        survey,
        "page",
        Asked::Navigation,
        "leads to the provider's sign-in",
    )
}

/// A script gets an error that it can read, and no page.
pub(super) fn script(survey: &Survey) -> Finding {
    judge(survey, "script", Asked::Script, "gets 401")
}

/// Who says to be somebody is nobody.
pub(super) fn forger(survey: &Survey) -> Finding {
    judge(survey, "forged header", Asked::Forger, "is of no use: 401")
}

/// A WebSocket is not opened for nobody.
pub(super) fn web_socket(survey: &Survey) -> Finding {
    judge(survey, "WebSocket", Asked::WebSocket, "gets 401")
}

fn judge(survey: &Survey, rule: &'static str, asked: Asked, good: &str) -> Finding {
    let advice = "name an address at which this machine reaches the gateway with --address";
    let config = survey.config().and_then(Result::ok);
    let expectation = config.as_ref().and_then(Expectation::of);
    let (Some(expectation), Some(answer)) = (expectation, survey.answer(asked)) else {
        return Finding::unchecked(rule, "the plugin's configuration is not known", "");
    };
    match answer {
        Err(why) => Finding::unchecked(rule, why, advice),
        Ok(answer) => match expectation.judge(asked, answer) {
            Ok(()) => Finding::good(rule, good),
            Err(unexpected) => Finding::wrong(rule, unexpected.what, unexpected.advice),
        },
    }
}
