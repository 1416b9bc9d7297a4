//! Who may ask: requests of the page itself, and no others.
//!
//! Other users of a machine reach its loopback address, and so does every page that its user opens. So each request needs the
//! token that only the printed address has; its `Host` must be the address and no name, which somebody else's name server
//! could lead here (DNS rebinding); and a request that says which page it is from must be from this one.

use std::net::{IpAddr, SocketAddr};

use oxhttp::model::{HeaderMap, Method, StatusCode};

/// The most bytes of a request's body.
pub const MAX_BODY: u64 = 1 << 20;

/// Why a request is not answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(pub StatusCode, pub &'static str);

/// What every request is held to.
#[derive(Debug)]
pub struct Guard {
    token: blake3::Hash,
    address: SocketAddr,
}

impl Guard {
    pub fn new(token: &str, address: SocketAddr) -> Self {
        Self { token: blake3::hash(token.as_bytes()), address }
    }

    /// # Errors
    /// A [`Refusal`].
    pub fn check(
        &self,
        method: &Method,
        headers: &HeaderMap,
        authority: &str,
        token: Option<&str>,
    ) -> Result<(), Refusal> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let host = text("host").unwrap_or_default();
        if !self.is_own(host) || !self.is_own(authority) {
            return Err(Refusal(
                StatusCode::MISDIRECTED_REQUEST,
                "this server answers to its own address only",
            ));
        }
        let is_other = |origin: &str| origin.strip_prefix("http://") != Some(host);
        let site = text("sec-fetch-site").unwrap_or("none");
        if text("origin").is_some_and(is_other) || !["none", "same-origin"].contains(&site) {
            return Err(Refusal(StatusCode::FORBIDDEN, "requests from other pages are refused"));
        }
        // Hashes are compared in the same time whatever they are.
        if token.map(|token| blake3::hash(token.as_bytes())) != Some(self.token) {
            let text = "the address needs its token: open the line that `textura review` printed, as a whole";
            return Err(Refusal(StatusCode::FORBIDDEN, text));
        }
        if *method == Method::GET {
            return Ok(());
        }
        if *method != Method::POST {
            return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are answered"));
        }
        // Another page can send a form without being asked, but no JSON.
        let kind = text("content-type").unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Refusal(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "a body must be application/json",
            ));
        }
        let length = text("content-length").map(|length| length.trim().parse::<u64>());
        match length {
            Some(Ok(length)) if length <= MAX_BODY => Ok(()),
            Some(Ok(_)) => {
                Err(Refusal(StatusCode::PAYLOAD_TOO_LARGE, "a body may have 1 MB at most"))
            }
            Some(Err(_)) | None => {
                Err(Refusal(StatusCode::LENGTH_REQUIRED, "a body must say its length"))
            }
        }
    }

    /// Whether a `Host` is the address that the server listens on, or any written in numbers where it listens on all.
    fn is_own(&self, host: &str) -> bool {
        let port = self.address.port();
        let is_local = self.address.ip().is_loopback();
        if is_local && host.eq_ignore_ascii_case(&format!("localhost:{port}")) {
            return true;
        }
        let Ok(named) = host.parse::<SocketAddr>() else {
            // The usual port is left out.
            let bare = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            return port == 80 && bare.is_ok_and(|ip| self.is_reached_by(ip));
        };
        named.port() == port && self.is_reached_by(named.ip())
    }

    fn is_reached_by(&self, ip: IpAddr) -> bool {
        let own = self.address.ip();
        own == ip || own.is_unspecified()
    }
}

/// 32 letters and digits that nobody can guess.
///
/// # Errors
/// What the system says, where it has no random numbers.
pub fn new_token() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
