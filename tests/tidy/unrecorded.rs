//! What the program may say without a recording of it. The list only shrinks.

/// Why, and which.
pub(crate) const UNRECORDED: &[(&str, &[&str])] = &[
    (
        "The system of whoever runs it has to fail: no threads, no random numbers, no loopback, no home, a file that can be read and \
         not be written.",
        &[
            "cannot start:",
            "no random numbers:",
            "ask the administrator of this machine",
            "cannot listen on this machine's loopback address:",
            "use --no-browser, which needs no port",
            "there is no home directory to keep a session in",
            "make it writable, and run the same command again",
        ],
    ),
    (
        "Nothing can bring it about: what is read before does not let it happen, and the code does not rest on that.",
        &[
            "came back from the cluster without a name",
            "kfwasm.yaml names no public host",
            "write plugin.publicHosts",
            "nobody has looked",
            "were for anybody: write bearer.issuers with their audiences",
        ],
    ),
    (
        "It takes a hundred thousand objects, minutes, or an answer at the moment between two requests.",
        &[
            "there are more than",
            "it did not answer in time: check the address, and the proxy (HTTPS_PROXY)",
            "see the gateway's pods and their log",
        ],
    ),
    (
        "It takes seconds without an answer; unit tests beside it compare it: `probe/connection/tests.rs`, `install/taken.rs`.",
        &["no answer within", "did not answer in"],
    ),
    (
        "It takes a day that is near on whichever day the test runs; unit tests beside it compare it: `doctor/secret_end/tests.rs`.",
        &["; days left:"],
    ),
    (
        "Whoever waits is told so, for as long as it takes: recordings leave that out, and `cluster/istio` and `api/unverified` look for the words.",
        &[
            "waiting for the gateway to answer:",
            ": each pod is to take it",
            "waiting for the filter to take its new configuration in each pod",
        ],
    ),
    (
        "It takes a registry with TLS that sends its clients to a place without.",
        &["it wants the password sent in clear"],
    ),
];
