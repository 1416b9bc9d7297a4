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
mod tests {
    use std::net::SocketAddr;

    use oxhttp::model::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::{Guard, Refusal, new_token};

    const HOST: &str = "127.0.0.1:8000";

    fn answer(
        method: &Method,
        headers: &[(&'static str, &'static str)],
        token: Option<&str>,
    ) -> u16 {
        let guard = Guard::new("secret", SocketAddr::from(([127, 0, 0, 1], 8000)));
        let pair =
            |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let map: HeaderMap = headers.iter().map(pair).collect();
        match guard.check(method, &map, HOST, token) {
            Ok(()) => 200,
            Err(Refusal(status, _)) => status.as_u16(),
        }
    }

    #[test]
    fn only_requests_of_the_page_itself_are_answered() {
        let get = |headers: &[(&'static str, &'static str)]| {
            answer(&Method::GET, headers, Some("secret"))
        };
        assert_eq!(get(&[("host", HOST)]), 200);
        assert_eq!(get(&[("host", "localhost:8000")]), 200);
        let refused = [
            vec![],
            vec![("host", "127.0.0.1")],
            vec![("host", "127.0.0.1:8001")],
            vec![("host", "evil.example:8000")],
            vec![("host", "127.0.0.1.evil.example:8000")],
            vec![("host", "[::1]:8000")],
            vec![("host", HOST), ("origin", "http://evil.example")],
            vec![("host", HOST), ("origin", "null")],
            vec![("host", HOST), ("origin", "http://localhost:8000")],
            vec![("host", HOST), ("origin", "https://127.0.0.1:8000")],
            vec![("host", HOST), ("sec-fetch-site", "cross-site")],
            vec![("host", HOST), ("sec-fetch-site", "same-site")],
        ];
        assert_eq!(refused.iter().filter(|headers| get(headers) == 200).count(), 0);
        assert_eq!(get(&[("host", HOST), ("origin", "http://127.0.0.1:8000")]), 200);
        for token in [None, Some(""), Some("secre"), Some("secret2")] {
            assert_eq!(answer(&Method::GET, &[("host", HOST)], token), 403);
        }
    }

    #[test]
    fn bodies_are_json_of_a_known_and_small_length() {
        let json = ("content-type", "application/json; charset=utf-8");
        let post = |headers: &[(&'static str, &'static str)]| {
            let headers = [&[("host", HOST)], headers].concat();
            answer(&Method::POST, &headers, Some("secret"))
        };
        assert_eq!(post(&[json, ("content-length", "12")]), 200);
        assert_eq!(post(&[json, ("content-length", "1048577")]), 413);
        assert_eq!(post(&[json, ("content-length", "-1")]), 411);
        assert_eq!(post(&[json]), 411);
        assert_eq!(post(&[("content-length", "12")]), 415);
        assert_eq!(post(&[("content-type", "text/plain"), ("content-length", "12")]), 415);
        assert_eq!(answer(&Method::PUT, &[("host", HOST)], Some("secret")), 405);
    }

    #[test]
    fn tokens_differ() {
        let (a, b) = (new_token().unwrap(), new_token().unwrap());
        assert!(a.len() == 32 && b.len() == 32 && a != b, "{a} {b}");
    }
}
