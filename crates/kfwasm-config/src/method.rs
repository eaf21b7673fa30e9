choice_type! {
    /// A request method (RFC 9110 §9, RFC 5789), in upper case.
    Method {
        /// `GET`, also the handshake of a WebSocket over HTTP/1.1.
        Get = "GET",
        /// `HEAD`.
        Head = "HEAD",
        /// `OPTIONS`, such as the preflight of CORS.
        Options = "OPTIONS",
        /// `POST`.
        Post = "POST",
        /// `PUT`.
        Put = "PUT",
        /// `PATCH`.
        Patch = "PATCH",
        /// `DELETE`.
        Delete = "DELETE",
    }
}
