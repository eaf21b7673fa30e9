//! What differs from run to run in what the program prints, and what stands for it.

/// The context of a test's cluster, and the server's address without its port.
const CLUSTER: &str = "kfwasm-rig (https://127.0.0.1:PORT)";

/// The text with stand-ins for dates, pods, the cluster, ports of this machine and the module's digest.
pub(crate) fn redacted(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    let text: String = words.map(redacted_word).collect();
    // Each system has its own words for a name that it does not find.
    let text = without_what_follows(
        &text,
        "address information: ",
        |it| it != ';' && it != '\n',
        "…",
    );
    let digits = |it: char| it.is_ascii_digit();
    let text = without_what_follows(&text, "127.0.0.1:", digits, "PORT");
    let text = text.replace(CLUSTER, "kubeflow (https://k8s.example.com:6443)");
    let text = without_what_follows(&text, "localhost:", digits, "PORT");
    let text = without_what_follows(&text, "//ml.example.com:", digits, "PORT");
    let text = without_what_follows(&text, "of gateway and provider are ", digits, "SOME");
    without_what_follows(&text, "(sha256 ", |it| it.is_ascii_hexdigit(), "DIGEST")
}

fn redacted_word(word: &str) -> String {
    let core = word.trim().trim_end_matches([',', ':']);
    let stand_in = match core {
        date if is_date(date) => "2027-01-01",
        pod if is_pod(pod) => "istio-ingressgateway-7c9f8b6d5-x2k4q",
        _ => return word.to_owned(),
    };
    word.replace(core, stand_in)
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    lengths == [4, 2, 2] && parts.iter().all(is_number)
}

/// A Deployment's name, the hash of a ReplicaSet, five letters.
fn is_pod(word: &str) -> bool {
    let rest = word.strip_prefix("istio-ingressgateway-");
    let parts = rest.and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(hash, letters)| hash.len() >= 8 && letters.len() == 5)
}

fn without_what_follows(
    text: &str,
    mark: &str,
    is_part: fn(char) -> bool,
    stand_in: &str,
) -> String {
    let mut parts = text.split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.trim_start_matches(is_part);
        format!("{text}{mark}{stand_in}{rest}")
    })
}
