//! The page and its answers, over HTTP on one's own machine.

mod facts;
mod guard;
mod orders;
mod query;
mod reply;
mod routes;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use oxhttp::Server;
use oxhttp::model::{Body, Request, Response, StatusCode};

use super::session::Session;
use crate::error::{Error, Problem, Result};
use guard::{Guard, new_token};
use query::Query;

/// Whoever sends or takes nothing for so long is cut off.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Connections at once: far more than some pages need, so that slow strangers do not keep the page out.
const MAX_CONNECTIONS: usize = 1024;

/// How often another free port is looked for.
const MAX_TRIES: usize = 20;

/// Begins to serve a session; gives the address to open. Port 0 is any that is free.
///
/// # Errors
/// [`Error::Setting`] where the address or the port cannot be had.
pub fn serve(session: &Arc<Session>, address: SocketAddr) -> Result<String> {
    let refused = |e: std::io::Error| {
        let advice = "leave --port out, so that a free one is taken, or give another";
        Error::setting(
            "port",
            Problem::new("an address to listen on", format!("{address} ({e})"), advice),
        )
    };
    let token = new_token().map_err(refused)?;
    let mut last = None;
    for _ in 0..MAX_TRIES {
        // The server opens the port itself, so a free one is found first; another program may take it in between.
        let found = TcpListener::bind(address)
            .and_then(|listener| listener.local_addr())
            .map_err(refused)?;
        match listen(session, found, &token) {
            Ok(()) => {
                let shown = if found.ip().is_unspecified() {
                    SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, found.port()))
                } else {
                    found
                };
                return Ok(format!("http://{shown}/?token={token}"));
            }
            Err(error) => last = Some(error),
        }
    }
    Err(refused(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into())))
}

fn listen(session: &Arc<Session>, address: SocketAddr, token: &str) -> std::io::Result<()> {
    let (session, guard) = (Arc::clone(session), Guard::new(token, address));
    let server = Server::new(move |request| answer(&session, &guard, request))
        .bind(address)
        .with_global_timeout(TIMEOUT)
        .with_max_concurrent_connections(MAX_CONNECTIONS);
    // It runs until the process ends.
    server.spawn().map(drop)
}

fn answer(session: &Session, guard: &Guard, request: &mut Request<Body>) -> Response<Body> {
    let uri = request.uri().clone();
    // Browsers ask for it by themselves, without the token.
    if uri.path() == "/favicon.ico" {
        return reply::reply(StatusCode::NO_CONTENT, "image/x-icon", Vec::new());
    }
    let query = Query::of(uri.query().unwrap_or_default());
    let header = request.headers().get("x-textura-token").and_then(|value| value.to_str().ok());
    let token = query.get("token").or(header);
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if let Err(refusal) = guard.check(request.method(), request.headers(), authority, token) {
        return reply::refused(&refusal);
    }
    routes::answer(session, uri.path(), &query, request)
}
