//! `kfwasm doctor` on a real API server and at a real gateway: everything as it should be, then one thing broken at a time.

mod fault;
mod faults;
mod patient;

use std::env;
use std::process::Command;

use kfwasm_rig::{Gateway, GatewaySettings, Module, Parts, ProviderHost, RigError, free_port};
use serde_json::json;

use crate::recording::is_recorded;
use crate::stage::{ISTIO, Shown, cluster};
pub(crate) use patient::{DEPLOYMENT, told};
use patient::{Patient, complaints, in_words};

/// The marks of what is not as it should be.
const COMPLAINTS: [&str; 2] = ["wrong", "doubtful"];

#[test]
fn the_doctor_finds_what_is_broken_and_nothing_else() -> Shown {
    let patient = Patient::healthy()?;
    assert_eq!(
        patient.told()?,
        [("served".to_owned(), "unchecked".to_owned())]
    );
    recorded(&patient)?;
    let mut findings = patient.recording()?;
    for fault in faults::all(&patient)? {
        fault.plant(&patient)?;
        let found = patient.look(&[])?;
        assert_eq!(complaints(told(&found)), [fault.told()], "{fault:?}");
        findings.add("kfwasm doctor --json", &in_words(&found, &COMPLAINTS));
        fault.mend(&patient)?;
        assert_eq!(patient.complaints()?, [], "after {fault:?}");
    }
    findings.pins("findings");
    Ok(())
}

/// What `docs/recordings/doctor.txt` shows: everything as it should be, then three things broken.
fn recorded(patient: &Patient) -> Shown {
    const COMMAND: &str = "kfwasm doctor";
    let mut recording = patient.recording()?;
    recording.add(COMMAND, &patient.report()?);
    let shown = ["replicas", "external authorization", "lifetime"];
    let mut faults = faults::all(patient)?;
    faults.retain(|fault| shown.contains(&fault.rule) && fault.mark == "wrong");
    faults.iter().try_for_each(|fault| fault.plant(patient))?;
    recording.add(COMMAND, &patient.report()?);
    faults.iter().try_for_each(|fault| fault.mend(patient))?;
    recording.stands_in("doctor.txt");
    Ok(())
}

/// By what the gateway answers, whatever the objects say.
#[test]
fn the_doctor_sees_what_the_gateway_really_does() -> Shown {
    let patient = Patient::healthy()?;
    let upstream = patient.rig.upstream.address();
    let wrong = |rules: &[&str]| -> Vec<(String, String)> {
        let wrong = |rule: &&str| ((*rule).to_owned(), "wrong".to_owned());
        rules.iter().map(wrong).collect()
    };
    let mut findings = patient.recording()?;
    let mut complaints_at = |address: &str| -> Result<_, RigError> {
        let found = patient.look(&["--address", address])?;
        findings.add("kfwasm doctor --json", &in_words(&found, &COMPLAINTS));
        Ok(complaints(told(&found)))
    };
    let open = complaints_at(&upstream.to_string())?;
    assert_eq!(
        open,
        wrong(&["page", "script", "forged header", "WebSocket"])
    );

    let mut settings = GatewaySettings::new(free_port()?, upstream, json!({}));
    settings.module = Module::Removed;
    let closed = Gateway::start(&Parts::from_environment()?, settings)?;
    let closed = complaints_at(&format!("127.0.0.1:{}", closed.port()))?;
    assert_eq!(
        closed,
        wrong(&["page", "script", "forged header", "WebSocket"])
    );

    let mut plugin = patient.plugin();
    let nowhere = format!("http://127.0.0.1:{}", free_port()?);
    plugin["providers"][0]["issuer"] = nowhere.as_str().into();
    let mut settings = GatewaySettings::new(free_port()?, upstream, plugin);
    settings.environment = patient.environment()?;
    settings.provider_hosts = vec![ProviderHost::of(&nowhere)?];
    let alone = Gateway::start(&Parts::from_environment()?, settings)?;
    let alone = complaints_at(&format!("127.0.0.1:{}", alone.port()))?;
    assert_eq!(alone, wrong(&["provider", "page"]));
    findings.pins("behaviour");
    Ok(())
}

/// What cannot be seen is not as it should be, and no failure either.
#[test]
fn what_cannot_be_seen_is_not_checked() -> Shown {
    let patient = Patient::healthy()?;
    let found = patient.look(&["--address", "127.0.0.1:1"])?;
    let unchecked = [
        "served",
        "provider",
        "clock",
        "page",
        "script",
        "forged header",
        "WebSocket",
    ];
    let wanted = unchecked.map(|rule| (rule.to_owned(), "unchecked".to_owned()));
    assert_eq!(told(&found), wanted);
    let mut findings = patient.recording()?;
    findings.add("kfwasm doctor --json", &in_words(&found, &["unchecked"]));
    findings.pins("unseen");
    Ok(())
}

#[test]
fn where_nothing_is_installed_the_doctor_says_so() -> Shown {
    let cluster = cluster(ISTIO)?;
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    let command = command.arg("doctor");
    let output = command
        .env("KUBECONFIG", cluster.kubeconfig())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    is_recorded("nothing-installed", "kfwasm doctor", &output);
    Ok(())
}

#[test]
fn without_a_cluster_the_doctor_says_so_and_ends_with_3() {
    let mut command = Command::new(env::var_os("KFWASM").unwrap());
    let output = command
        .arg("doctor")
        .env("KUBECONFIG", "no-such-file")
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{complaint}");
    assert!(complaint.contains("error: no cluster: "), "{complaint}");
}
