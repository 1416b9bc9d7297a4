//! Answers.

use oxhttp::model::{Body, HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::guard::Refusal;

/// What every answer says: nothing of it is to be taken for anything else, shown inside another page, sent elsewhere or kept.
const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
];

/// An answer of some type.
pub fn reply(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(kind));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

pub fn json(value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => reply(StatusCode::OK, "application/json", bytes),
        Err(error) => failed(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// A picture, which a browser may keep while its page is open.
pub fn picture(kind: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = reply(StatusCode::OK, kind, bytes);
    response
        .headers_mut()
        .insert("cache-control", HeaderValue::from_static("private, max-age=3600"));
    response
}

/// The page, whose one style and script are known by a number that each answer draws anew.
pub fn page(html: String, nonce: &str) -> Response<Body> {
    let mut response = reply(StatusCode::OK, "text/html; charset=utf-8", html);
    let policy = format!(
        "default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert("content-security-policy", policy);
    }
    response
}

pub fn failed(status: StatusCode, error: &str) -> Response<Body> {
    let text = serde_json::json!({ "error": error }).to_string();
    reply(status, "application/json", text)
}

pub fn refused(refusal: &Refusal) -> Response<Body> {
    failed(refusal.0, refusal.1)
}
