use std::net::SocketAddr;

use oxhttp::model::{HeaderMap, HeaderName, HeaderValue, Method};

use super::{Guard, Refusal, new_token};

const HOST: &str = "127.0.0.1:8000";

fn answer(method: &Method, headers: &[(&'static str, &'static str)], token: Option<&str>) -> u16 {
    let guard = Guard::new("secret", SocketAddr::from(([127, 0, 0, 1], 8000)));
    let pair = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    let map: HeaderMap = headers.iter().map(pair).collect();
    match guard.check(method, &map, HOST, token) {
        Ok(()) => 200,
        Err(Refusal(status, _)) => status.as_u16(),
    }
}

#[test]
fn only_requests_of_the_page_itself_are_answered() {
    let get =
        |headers: &[(&'static str, &'static str)]| answer(&Method::GET, headers, Some("secret"));
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
