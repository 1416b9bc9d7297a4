//! What is asked for at each address. A picture is asked for by its number, so that no path can be.

use std::io::Read as _;

use oxhttp::model::{Body, Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::guard::{MAX_BODY, new_token};
use super::query::Query;
use super::{facts, orders, reply};
use crate::error::{Error, Problem, Result};
use crate::io::Label;
use crate::review::labels::from_json;
use crate::review::session::Session;
use crate::review::{maps, page, thumbnails};

/// The most pictures whose facts one answer has.
const MAX_PICTURES: usize = 500;

pub fn answer(
    session: &Session,
    path: &str,
    query: &Query,
    request: &mut Request<Body>,
) -> Response<Body> {
    let is_get = request.method() == Method::GET;
    let outcome = match (is_get, path) {
        (true, "/") => return the_page(),
        (true, "/api/start") => Ok(reply::json(&facts::start(session))),
        (true, "/api/state") => {
            let from = |name| query.number(name).unwrap_or(0);
            Ok(reply::json(&facts::state(session, from("changes"))))
        }
        (true, "/api/order") => orders::order(session, query).map(|order| reply::json(&order)),
        (true, "/api/pictures") => pictures(session, query),
        (true, "/api/picture") => {
            number(query).and_then(|id| facts::whole(session, id)).map(|facts| reply::json(&facts))
        }
        (true, "/api/confusion") => Ok(reply::json(&facts::confusion(session))),
        (true, "/thumb") => picture(session, query, |session, id| {
            let limits = session.limits();
            Ok((
                "image/jpeg",
                thumbnails::small(session.entry(id)?, limits, session.cache.as_ref())?,
            ))
        }),
        (true, "/picture") => picture(session, query, |session, id| {
            Ok(("image/jpeg", thumbnails::large(session.entry(id)?, session.limits())?))
        }),
        (true, "/map") => {
            picture(session, query, |session, id| Ok(("image/jpeg", maps::map(session, id)?)))
        }
        (false, _) if path.starts_with("/api/") => match body(request) {
            Ok(body) => post(session, path, body),
            Err(refused) => return *refused,
        },
        _ => return reply::failed(StatusCode::NOT_FOUND, "there is nothing at this address"),
    };
    outcome.unwrap_or_else(|error| {
        let status = match error {
            Error::Setting { .. } => StatusCode::BAD_REQUEST,
            Error::Picture { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        reply::failed(status, &error.to_string())
    })
}

fn the_page() -> Response<Body> {
    match new_token() {
        Ok(nonce) => reply::page(page::html(&nonce), &nonce),
        Err(error) => reply::failed(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn number(query: &Query) -> Result<usize> {
    query.number("id").and_then(|id| usize::try_from(id).ok()).ok_or_else(|| {
        let found = query.get("id").unwrap_or("none").to_owned();
        Error::setting("id", Problem::new("the number of a picture", found, "load the page again"))
    })
}

fn picture(
    session: &Session,
    query: &Query,
    make: impl FnOnce(&Session, usize) -> Result<(&'static str, Vec<u8>)>,
) -> Result<Response<Body>> {
    let (kind, bytes) = make(session, number(query)?)?;
    Ok(reply::picture(kind, bytes))
}

fn pictures(session: &Session, query: &Query) -> Result<Response<Body>> {
    let text = query.get("ids").unwrap_or_default();
    let ids: Option<Vec<usize>> =
        text.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().ok()).collect();
    let ids = ids.filter(|ids| ids.len() <= MAX_PICTURES).ok_or_else(|| {
        let expected = format!("at most {MAX_PICTURES} numbers with commas between them");
        Error::setting("ids", Problem::new(expected, "something else", "load the page again"))
    })?;
    for &id in &ids {
        session.entry(id)?;
    }
    Ok(reply::json(&facts::pictures(session, &ids)))
}

/// The body of a request as JSON.
fn body(request: &mut Request<Body>) -> std::result::Result<Value, Box<Response<Body>>> {
    let mut bytes = Vec::new();
    let read = request.body_mut().take(MAX_BODY).read_to_end(&mut bytes);
    if let Err(error) = read {
        return Err(Box::new(reply::failed(StatusCode::REQUEST_TIMEOUT, &error.to_string())));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        Box::new(reply::failed(StatusCode::BAD_REQUEST, &format!("the body is no JSON: {error}")))
    })
}

#[derive(Deserialize)]
struct Pictures {
    ids: Vec<usize>,
    #[serde(default)]
    class: Value,
}

#[derive(Deserialize)]
struct Named {
    class: String,
}

#[derive(Deserialize)]
struct Names {
    from: String,
    to: String,
}

fn post(session: &Session, path: &str, body: Value) -> Result<Response<Body>> {
    let changed = || Ok(reply::json(&json!({ "changes": session.labels().last_change() })));
    match path {
        "/api/label" => {
            let Pictures { ids, class } = of_body(body)?;
            let label = from_json(&class).ok_or_else(|| unfit("class: a name, false or null"))?;
            // Blanks around a name that was typed are nobody's wish.
            let label = label.map(|label| match label {
                Label::Class(name) => Label::Class(name.trim().to_owned()),
                none => none,
            });
            session.change(|labels| labels.set(&ids, label.as_ref()))?;
            changed()
        }
        "/api/undo" | "/api/redo" => {
            let ids = session.change(|labels| labels.undo_or_redo(path == "/api/undo"))?;
            Ok(reply::json(&json!({ "changes": session.labels().last_change(), "ids": ids })))
        }
        "/api/rename" => {
            let Names { from, to } = of_body(body)?;
            session.change(|labels| labels.rename(&from, to.trim()))?;
            changed()
        }
        "/api/forget" => {
            let Named { class } = of_body(body)?;
            session.change(|labels| {
                labels.forget(&class);
                Ok(())
            })?;
            changed()
        }
        "/api/skip" => {
            let Pictures { ids, .. } = of_body(body)?;
            session.skip(&ids);
            Ok(reply::json(&json!({})))
        }
        "/api/adopt" => {
            let known = session.pictures.entries.iter().enumerate();
            let known = known.filter_map(|(number, entry)| Some((number, entry.label.as_deref()?)));
            session.change(|labels| labels.adopt(known))?;
            changed()
        }
        "/api/train" => {
            session.train()?;
            Ok(reply::json(&json!({})))
        }
        _ => Ok(reply::failed(StatusCode::NOT_FOUND, "there is nothing at this address")),
    }
}

fn of_body<T: serde::de::DeserializeOwned>(body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(|error| unfit(&error.to_string()))
}

fn unfit(found: &str) -> Error {
    Error::setting("body", Problem::new("what the page sends", found, "load the page again"))
}
