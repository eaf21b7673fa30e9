//! When the client secret ends, by what kfwasm.yaml says.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kfwasm_config::Provider;
use kfwasm_config::installation::Installation;

use super::client_secret::RULE;
use super::{Finding, Survey};

/// Time enough to ask whoever may make another one.
const SOON_DAYS: i64 = 30;

/// It has ended, or will before long.
pub(super) fn near(survey: &Survey) -> Option<Finding> {
    let settings = survey.settings.as_ref()?;
    let end = end(survey)?;
    let advice = advice(&settings.installation);
    match days_left(survey, end) {
        ..0 => Some(Finding::wrong(
            RULE,
            format!("kfwasm.yaml says that it ended on {end}"),
            &advice,
        )),
        days @ 0..=SOON_DAYS => Some(Finding::doubtful(
            RULE,
            format!("it ends on {end}; days left: {days}"),
            &advice,
        )),
        _ => None,
    }
}

/// It is taken, and will be for some time.
pub(super) fn far(survey: &Survey) -> Finding {
    match end(survey) {
        Some(end) => Finding::good(RULE, format!("the provider takes it; it ends on {end}")),
        None => Finding::good(RULE, "the provider takes it"),
    }
}

fn end(survey: &Survey) -> Option<Date> {
    let installation = &survey.settings.as_ref()?.installation;
    Some(installation.client_secret_expires?.date())
}

/// Below zero when the day is over.
fn days_left(survey: &Survey, end: Date) -> i64 {
    let today = survey.now.to_zoned(TimeZone::UTC).date();
    end.duration_since(today).as_hours() / 24
}

/// As in `docs/guides/operating.md`.
fn advice(installation: &Installation) -> String {
    let mut providers = installation.plugin.providers.iter();
    let secret_of = |it: &Provider| Some((new_one(it), it.client_secret.clone()?));
    let Some((new_one, secret)) = providers.find_map(secret_of) else {
        return String::new();
    };
    let (name, secret) = (installation.name.as_str(), secret.as_str());
    let apply = format!("`kfwasm apply {name} --secret {secret}=client-secret`");
    format!("{new_one}, then {apply}, and write its last day into clientSecretExpires")
}

/// At Entra, whose command takes the others away without `--append`, by that.
fn new_one(provider: &Provider) -> String {
    let id = provider.client_id.as_str();
    match provider.issuer.is_entra() {
        true => format!(
            "make a new one by `az ad app credential reset --id {id} --append --end-date DATE \
             --display-name kfwasm --query password --output tsv > client-secret`"
        ),
        false => "make a new one at the provider".to_owned(),
    }
}

#[cfg(test)]
mod tests;
