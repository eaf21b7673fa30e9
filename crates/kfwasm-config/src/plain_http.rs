choice_type! {
    /// What becomes of a request that reached the gateway over plain http.
    PlainHttp {
        /// It is sent to https.
        Redirect = "redirect",
        /// It is served: something in front of the gateway ends TLS.
        Accept = "accept",
    }
}
