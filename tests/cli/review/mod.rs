//! `review`: the page's server, as a browser and as a stranger meet it.

mod labels;
mod learning;
mod page;
mod strangers;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Folder, fixtures};

/// A review that runs.
pub struct Server {
    child: Child,
    pub host: String,
    pub token: String,
}

/// Longer than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    pub fn start(folder: &Folder, args: &[&str]) -> Self {
        let words = ["review", "--no-open"].iter().chain(args);
        let mut child = folder
            .command(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let rest = line.trim_end().strip_prefix("http://").unwrap_or_else(|| panic!("{line:?}"));
        let (host, token) = rest.split_once("/?token=").unwrap();
        Self { child, host: host.into(), token: token.into() }
    }

    /// What the server answers to bytes: status and the rest.
    pub fn raw(&self, bytes: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // A server that has refused already reads no further.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let at = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        (status, answer[at..].to_vec())
    }

    /// A request with the right host and further head lines.
    pub fn request(&self, method: &str, target: &str, head: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let host = &self.host;
        let mut bytes = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\n{head}Connection: close\r\n\r\n"
        )
        .into_bytes();
        bytes.extend(body);
        self.raw(&bytes)
    }

    pub fn with_token(&self, path: &str) -> String {
        let and = if path.contains('?') { '&' } else { '?' };
        format!("{path}{and}token={}", self.token)
    }

    pub fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.request("GET", &self.with_token(path), "", b"")
    }

    pub fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    pub fn post_text(&self, path: &str, body: &str) -> (u16, Value) {
        let head = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let (status, body) = self.request("POST", &self.with_token(path), &head, body.as_bytes());
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post_text(path, &body.to_string());
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub fn label(&self, ids: &[usize], class: Value) -> u64 {
        let answer = self.post("/api/label", &json!({ "ids": ids, "class": class }));
        answer["changes"].as_u64().unwrap()
    }

    pub fn state(&self) -> Value {
        self.json("/api/state")
    }

    /// Waits until the state is as wanted.
    pub fn wait(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let state = self.state();
            if is(&state) {
                return state;
            }
            assert!(start.elapsed() < PATIENCE, "{what}: {state}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until all labels are learned from.
    pub fn learned(&self, n_labels: usize) -> Value {
        self.wait("learned", |state| {
            state["features"]["done"] == state["features"]["of"]
                && state["learning"]["n_labels"] == n_labels
                && state["learning"]["busy"] == false
        })
    }

    /// The names of the pictures, by number.
    pub fn names(&self) -> Vec<String> {
        let n = self.json("/api/start")["n"].as_u64().unwrap() as usize;
        let ids: Vec<String> = (0..n).map(|id| id.to_string()).collect();
        let pictures = self.json(&format!("/api/pictures?ids={}", ids.join(",")));
        let path = |picture: &Value| picture["path"].as_str().unwrap().to_owned();
        pictures.as_array().unwrap().iter().map(path).collect()
    }

    /// Ends it as Ctrl+C does; gives the exit status.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    /// As hard as a machine that loses its power.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A flat folder with pictures of three fixture classes, whose names tell nothing; gives the class of each name.
pub fn unlabelled(folder: &Folder, n: usize) -> Vec<(String, &'static str)> {
    let mut truth = Vec::new();
    for at in 0..3 * n {
        let class = ["brick", "dots", "stripes"][at % 3];
        let from = fixtures("textures").join(class).join(format!("{class}_{:02}.png", at / 3));
        let name = format!("p_{:02}.png", at * 7 % (3 * n));
        folder.copy(from, Path::new("pictures").join(&name));
        truth.push((format!("pictures/{name}"), class));
    }
    truth.sort();
    truth
}
