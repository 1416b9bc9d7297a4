//! Whoever has not the address, or asks for what is none of the page's.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::super::support::Folder;
use super::{Server, unlabelled};

/// What must never be sent.
const SECRET: &str = "a secret beside the pictures";

fn server(folder: &Folder) -> Server {
    unlabelled(folder, 2);
    std::fs::write(folder.path("secret.txt"), SECRET).unwrap();
    std::fs::write(folder.path("pictures/secret.txt"), SECRET).unwrap();
    Server::start(folder, &["pictures"])
}

#[test]
fn without_the_token_nothing_is_answered() {
    let folder = Folder::new();
    let server = server(&folder);
    let paths = [
        "/",
        "/api/start",
        "/api/state",
        "/api/order?by=path",
        "/api/pictures?ids=0",
        "/thumb?id=0",
    ];
    let mut n = 0;
    for path in paths.iter().chain(&["/picture?id=0", "/map?id=0", "/api/confusion", "/nothing"]) {
        let and = if path.contains('?') { '&' } else { '?' };
        let mut wrong = server.token.clone();
        wrong.replace_range(0..1, if wrong.starts_with('0') { "1" } else { "0" });
        for target in
            [(*path).to_owned(), format!("{path}{and}token="), format!("{path}{and}token={wrong}")]
        {
            assert_eq!(server.request("GET", &target, "", b"").0, 403, "{target}");
            n += 1;
        }
    }
    assert_eq!(n, 30);
    let json = "Content-Type: application/json\r\nContent-Length: 2\r\n";
    assert_eq!(server.request("POST", "/api/undo", json, b"{}").0, 403);
    // The head of a request carries it as well.
    let head = format!("X-Textura-Token: {}\r\n", server.token);
    assert_eq!(server.request("GET", "/api/start", &head, b"").0, 200);
    assert_eq!(server.get("/").0, 200);
}

#[test]
fn other_hosts_and_other_pages_are_refused() {
    let folder = Folder::new();
    let server = server(&folder);
    let (host, target) = (&server.host, server.with_token("/api/start"));
    let port = host.rsplit(':').next().unwrap();
    let hosts = [
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        "127.0.0.1:1".into(),
        "127.0.0.1".into(),
        format!("{host}, {host}"),
        format!("0.0.0.0:{port}"),
        String::new(),
    ];
    for other in &hosts {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: {other}\r\nConnection: close\r\n\r\n");
        let (status, body) = server.raw(request.as_bytes());
        assert!(
            [400, 421].contains(&status),
            "{other}: {status} {}",
            String::from_utf8_lossy(&body)
        );
    }
    let none = format!("GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(server.raw(none.as_bytes()).0, 400);
    // A whole address in the request's line does not replace the host.
    let whole = format!(
        "GET http://{host}{target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(server.raw(whole.as_bytes()).0, 421);
    let local =
        format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(server.raw(local.as_bytes()).0, 200);
    for head in
        ["Origin: http://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"]
    {
        assert_eq!(server.request("GET", &target, head, b"").0, 403, "{head}");
    }
    assert_eq!(server.request("GET", &target, &format!("Origin: http://{host}\r\n"), b"").0, 200);
}

#[test]
fn no_path_leads_out_of_the_source() {
    let folder = Folder::new();
    let server = server(&folder);
    let targets = [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "//etc/passwd",
        "/pictures/secret.txt",
        "/secret.txt",
        "/thumb?id=../secret.txt",
        "/thumb?id=0/../../secret.txt",
        "/thumb?id=0%2f..%2f..%2fsecret.txt",
        "/thumb?id=0%00",
        "/thumb?id=-1",
        "/thumb?id=6",
        "/thumb?id=18446744073709551616",
        "/thumb?id=0.5",
        "/thumb?path=secret.txt",
        "/picture?id=secret.txt",
        "/map?id=secret.txt",
        "/api/picture?id=secret.txt",
        "/api/pictures?ids=0,secret.txt",
        "/api/order?by=../secret",
        "/thumb/0?id=0",
        "/api/",
        "/api/label",
    ];
    for target in targets {
        let (status, body) = server.get(target);
        let text = String::from_utf8_lossy(&body);
        assert!([400, 404].contains(&status), "{target}: {status} {text}");
        assert!(!text.contains(SECRET) && !text.contains("root:"), "{target}: {text}");
    }
    assert_eq!(targets.len(), 25);
    for method in ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "NONSENSE"] {
        assert_eq!(
            server.request(method, &server.with_token("/api/start"), "", b"").0,
            405,
            "{method}"
        );
    }
    assert_eq!(server.get("/thumb?id=0").0, 200);
}

#[test]
fn bodies_that_are_huge_or_no_json_change_nothing() {
    let folder = Folder::new();
    let server = server(&folder);
    let post = |head: &str, body: &[u8]| {
        let head = format!("{head}Content-Type: application/json\r\n");
        server.request("POST", &server.with_token("/api/label"), &head, body).0
    };
    let huge = vec![b' '; 2 << 20];
    assert_eq!(post(&format!("Content-Length: {}\r\n", huge.len()), &huge), 413);
    // Said to be small, and in pieces of unknown length.
    assert_eq!(post("Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"), 411);
    assert_eq!(post("", b""), 411);
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n";
    assert_eq!(server.request("POST", &server.with_token("/api/label"), form, b"{}").0, 415);
    let mut n = 0;
    for body in [
        "",
        "{",
        "[]",
        "{\"ids\":[0]}x",
        "{\"ids\":\"0\",\"class\":\"a\"}",
        "{\"ids\":[-1],\"class\":\"a\"}",
        "{\"ids\":[6],\"class\":\"a\"}",
        "{\"ids\":[0],\"class\":true}",
        "{\"ids\":[0],\"class\":7}",
        "{\"ids\":[0],\"class\":\"\"}",
        "{\"ids\":[0],\"class\":\"a\\nb\"}",
        "{\"ids\":[0],\"class\":\"a\\u0000\"}",
    ] {
        let (status, answer) = server.post_text("/api/label", body);
        assert_eq!(status, 400, "{body}: {answer}");
        assert!(answer["error"].as_str().is_some_and(|text| !text.is_empty()), "{body}: {answer}");
        n += 1;
    }
    assert_eq!(n, 12);
    let long = format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(40_000), server.host);
    assert!([0, 400, 431].contains(&server.raw(long.as_bytes()).0));
    let state = server.state();
    assert_eq!((&state["changes"], &state["labelled"]), (&0.into(), &0.into()));
    assert!(!folder.path("labels.csv").exists());
}

#[test]
fn slow_strangers_do_not_keep_the_page_out() {
    let folder = Folder::new();
    let server = server(&folder);
    let mut slow: Vec<TcpStream> =
        (0..200).map(|_| TcpStream::connect(&server.host).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    }
    let start = Instant::now();
    for _ in 0..5 {
        assert_eq!(server.get("/api/start").0, 200);
        assert_eq!(server.get("/thumb?id=1").0, 200);
    }
    // A second each would be far too much, and is far more than it takes.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!(slow.len(), 200);
}
