use std::process::{Command, Stdio};
use std::sync::OnceLock;

const AS_ROOT: [&str; 2] = ["--user", "--map-root-user"];

/// `unshare`, in a user namespace of its own where the system gives one, so that no rights are needed. Where it does not,
/// only root can mount anything.
pub(crate) fn unshare() -> Command {
    static HAS_USERS: OnceLock<bool> = OnceLock::new();
    let mut command = Command::new("unshare");
    if *HAS_USERS.get_or_init(has_users) {
        command.args(AS_ROOT);
    }
    command
}

fn has_users() -> bool {
    let mut command = Command::new("unshare");
    let quiet = command
        .args(AS_ROOT)
        .args(["--mount", "true"])
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
