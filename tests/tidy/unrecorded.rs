//! What the program may say without a recording of it. The list only shrinks.

/// Why, and which.
pub(crate) const UNRECORDED: &[(&str, &[&str])] = &[
    (
        "Stands in files and pages, which tests compare with kustomize's, or ask for.",
        &[
            "# content:",
            "For kustomize, Argo CD and Flux: `kubectl apply --server-side -k .` applies what `kfwasm apply` does, without its",
            "order, its waiting and its way back.",
            "configMapGenerator: - name: kfwasm-module namespace:",
            "files: -",
            "options: disableNameSuffixHash: true labels: app.kubernetes.io/part-of: kfwasm",
            "apiVersion: kustomize.config.k8s.io/v1beta1 kind: Kustomization resources:",
            "# # Made from kfwasm.yaml by `kfwasm build`, which does not overwrite it once it is edited.",
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"> <meta name=\"viewport\" content=\"width=device-width\"><title>",
            "content-type: text/html; charset=utf-8 content-length:",
            "cache-control: no-store content-security-policy: default-src 'none'; frame-ancestors 'none' referrer-policy: no-referrer x-content-type-options: nosniff connection: close",
            "To make a new kfwasm.yaml",
        ],
    ),
    (
        "The system of whoever runs it has to fail: no threads, no random numbers, no loopback, no home, no authorities, a file that can \
         be read and not be written.",
        &[
            "cannot start:",
            "no random numbers:",
            "ask the administrator of this machine",
            "cannot listen on this machine's loopback address:",
            "use --no-browser, which needs no port",
            "there is no home directory to keep a session in",
            "TLS cannot be used here:",
            "install the certificates of the usual authorities (ca-certificates), or name yours with --certificate-authority",
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
        "Unit tests beside it compare it: `probe/connection/tests.rs`, `install/difference.rs`, `install/listeners.rs`.",
        &[
            "no answer within",
            "did not answer in",
            "the answer broke off:",
            "it does not speak HTTP:",
            "(another secret)",
        ],
    ),
    (
        "`cluster/pruning` and `cluster/istio/backstop` look for the words that matter in it.",
        &[
            ": each pod is to take it",
            "waiting for the filter to take its new configuration in each pod",
            "others may use it too; `kfwasm uninstall` deletes it",
            "another installation has brought it; `kfwasm uninstall` takes both away",
            "everything is as it was before, and the pods of",
            "are not after",
        ],
    ),
    (
        "It takes a registry with TLS that sends its clients to a place without.",
        &["it wants the password sent in clear"],
    ),
];
