use rcgen::{CertificateParams, KeyPair};
use serde_json::json;

use super::*;
use crate::doctor::Mark;
use crate::probe::Answer;

/// A gateway with a certificate for these names, valid for so many days from yesterday on.
fn survey(names: &[&str], days: i64) -> Survey {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).unwrap();
    let day = |days: i64| {
        let time = Timestamp::now().as_second() + days * 24 * 3600;
        let date = Timestamp::from_second(time)
            .unwrap()
            .to_zoned(jiff::tz::TimeZone::UTC);
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        rcgen::date_time_ymd(date.year().into(), month, day)
    };
    parameters.not_before = day(-1);
    parameters.not_after = day(days);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let mut survey = Survey::of_nothing();
    survey.certificate = Ok(Some(json!({ "data": {
        "tls.crt": BASE64_STANDARD.encode(certificate.pem()),
        "tls.key": BASE64_STANDARD.encode(key.serialize_pem()),
    } })));
    survey.plugin = Ok(Some(json!({ "spec": { "pluginConfig": {
        "publicHosts": ["ml.example.com", "203.0.113.10"],
        "providers": [{ "issuer": "https://id.example.com", "clientId": "kubeflow",
            "clientSecret": { "env": "SECRET" } }],
    } } })));
    survey
}

const BOTH: [&str; 2] = ["ml.example.com", "203.0.113.10"];

#[test]
fn a_certificate_for_every_host_is_as_it_should_be() {
    let survey = survey(&BOTH, 90);
    for rule in [present, lifetime, names] {
        let finding = rule(&survey);
        assert_eq!(finding.mark, Mark::Good, "{finding:?}");
    }
}

#[test]
fn one_that_ends_is_told_before_and_after() {
    assert_eq!(lifetime(&survey(&BOTH, -1)).mark, Mark::Wrong);
    assert_eq!(lifetime(&survey(&BOTH, 7)).mark, Mark::Doubtful);
}

#[test]
fn a_host_that_it_is_not_for_is_named() {
    for (names_in_it, missing) in [
        (&["ml.example.com"][..], "203.0.113.10"),
        (&["203.0.113.10", "example.com"], "ml.example.com"),
        (&["203.0.113.10", "*.com"], "ml.example.com"),
    ] {
        let finding = names(&survey(names_in_it, 90));
        assert_eq!(finding.mark, Mark::Wrong);
        assert!(finding.what.contains(missing), "{finding:?}");
    }
    assert_eq!(
        names(&survey(&["203.0.113.10", "*.example.com"], 90)).mark,
        Mark::Good
    );
}

#[test]
fn what_is_no_certificate_is_told() {
    let mut survey = survey(&BOTH, 90);
    let data = json!({ "data": { "tls.crt": "bm9uZQ==", "tls.key": "bm9uZQ==" } });
    survey.certificate = Ok(Some(data));
    assert_eq!(present(&survey).mark, Mark::Wrong);
    assert_eq!(lifetime(&survey).mark, Mark::Unchecked);
}

#[test]
fn another_certificate_than_the_secrets_is_told() {
    let mut survey = survey(&BOTH, 90);
    let ours = der(&survey).unwrap();
    for (shown, mark) in [(ours, Mark::Good), (b"another".to_vec(), Mark::Wrong)] {
        let answer = Answer {
            certificate: Some(shown),
            ..Answer::default()
        };
        survey.answers = vec![(Asked::Script, Ok(answer))];
        assert_eq!(served(&survey).mark, mark);
    }
}
