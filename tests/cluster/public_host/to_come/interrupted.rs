//! Ctrl-C while the address is waited for, at a real terminal.

use kfwasm_rig::Terminal;
use serde_json::json;

use super::{INSTALL, QUESTION, WAITING, install, is_as_before, typed};
use crate::installing::{folder_with, kfwasm, said};
use crate::inventory::everything;
use crate::load_balancer::give;
use crate::recording::Recording;
use crate::running::Running;
use crate::stage::{ISTIO, Shown, cluster, gateway};

#[test]
fn what_ctrl_c_broke_off_before_there_was_an_address_is_shown_and_finished() -> Shown {
    let (cluster, folder) = (cluster(ISTIO)?, folder_with("secret"));
    gateway(&cluster)?;
    let before = everything(&cluster)?;
    let mut recording = Recording::with(Vec::new());
    let flags = ["--yes", "--certificate", "none"];
    let command = format!("{INSTALL} {}", flags.join(" "));

    let terminal = Terminal::run(&install(&cluster, folder.path(), &flags))?;
    terminal.wait_for(QUESTION)?;
    terminal.answer("")?;
    terminal.wait_for(WAITING.trim_end())?;
    terminal.interrupt()?;
    let (code, told) = terminal.end()?;
    assert_eq!(code, Some(1), "{told}");
    recording.add(&command, &told.replace("^C", ""));
    let status = kfwasm(&cluster, folder.path()).arg("status").output();
    recording.add_ended("kfwasm status", &status.unwrap());

    let running = Running::start(&mut typed(&cluster, folder.path(), &command));
    running.wait_for(WAITING)?;
    give(&cluster, &json!({ "ip": "203.0.113.7" }))?;
    let finished = running.end_while_pods_become_ready(&cluster)?;
    assert_eq!(finished.status.code(), Some(0), "{}", said(&finished));
    recording.add_ended(&command, &finished);
    let installed = everything(&cluster)?;
    let again = Running::start(&mut typed(&cluster, folder.path(), &command))
        .end_while_pods_become_ready(&cluster)?;
    recording.add_ended(&command, &again);
    assert_eq!(everything(&cluster)?, installed);
    recording.pins("to-come-interrupted");
    is_as_before(&cluster, folder.path(), &before)
}
