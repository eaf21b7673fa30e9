use serde_json::json;

use super::*;
use crate::doctor::Mark;
use crate::doctor::client_secret::taken;
use crate::doctor::survey::{Tried, Verdict};
use crate::settings::Settings;

const NEW_ONE: &str = "make a new one by `az ad app credential reset --id 6731de76 --append --end-date DATE \
                       --display-name kfwasm --query password --output tsv > client-secret`, \
                       then `kfwasm apply ml --secret SECRET=client-secret`, \
                       and write its last day into clientSecretExpires";

/// In the last second of 2027-05-01 in UTC, with this line in kfwasm.yaml.
fn survey(line: &str, said: Result<Verdict, String>) -> Survey {
    let issuer = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
    let provider =
        json!({ "issuer": issuer, "clientId": "6731de76", "clientSecret": { "env": "SECRET" } });
    let config = json!({ "publicHosts": ["ml.example.com"], "providers": [provider] });
    let settings = Settings::parse(&format!("name: ml\n{line}\nplugin: {config}")).unwrap();
    Survey {
        now: "2027-05-01T23:59:59Z".parse().unwrap(),
        plugin: Ok(Some(json!({ "spec": { "pluginConfig": settings.plugin } }))),
        settings: Some(settings),
        client_secrets: vec![Tried {
            issuer: issuer.to_owned(),
            said,
        }],
        ..Survey::of_nothing()
    }
}

fn found(line: &str) -> Finding {
    taken(&survey(line, Ok(Verdict::Taken)))
}

#[test]
fn one_whose_last_day_is_over_is_wrong() {
    let found = found("clientSecretExpires: 2027-04-30");
    let wanted = Finding::wrong(
        RULE,
        "kfwasm.yaml says that it ended on 2027-04-30",
        NEW_ONE,
    );
    assert_eq!(found, wanted);
}

#[test]
fn thirty_days_before_its_last_day_it_is_to_be_looked_at() {
    for (end, days) in [("2027-05-01", 0), ("2027-05-02", 1), ("2027-05-31", 30)] {
        let what = format!("it ends on {end}; days left: {days}");
        let wanted = Finding::doubtful(RULE, what, NEW_ONE);
        assert_eq!(found(&format!("clientSecretExpires: {end}")), wanted);
    }
}

#[test]
fn before_that_it_is_good_and_the_day_is_told() {
    let found = found("clientSecretExpires: 2027-06-01");
    let wanted = Finding::good(RULE, "the provider takes it; it ends on 2027-06-01");
    assert_eq!(found, wanted);
}

#[test]
fn nobody_has_to_write_the_day_down() {
    assert_eq!(found(""), Finding::good(RULE, "the provider takes it"));
}

#[test]
fn what_the_provider_says_counts_more_than_the_day() {
    let line = "clientSecretExpires: 2027-05-02";
    let marked = |said| taken(&survey(line, said)).mark;
    assert_eq!(marked(Ok(Verdict::Refused("no".to_owned()))), Mark::Wrong);
    assert_eq!(marked(Err("no answer".to_owned())), Mark::Doubtful);
}

#[test]
fn the_day_is_not_in_the_configuration_of_the_filter() {
    let survey = survey("clientSecretExpires: 2027-05-02", Ok(Verdict::Taken));
    let written = survey.settings.unwrap().plugin.to_string();
    assert!(!written.contains("2027"), "{written}");
}
