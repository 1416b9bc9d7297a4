//! What the page is made of. Browsers try it in `scripts/test-browser`.

use super::super::support::Folder;
use super::{Server, unlabelled};

#[test]
fn the_page_runs_only_its_own_script_and_asks_nobody_else() {
    let folder = Folder::new();
    unlabelled(&folder, 2);
    let server = Server::start(&folder, &["pictures"]);
    let target = server.with_token("/");
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.host);
    let mut stream = std::net::TcpStream::connect(&server.host).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    let (head, page) = text.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    for line in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-resource-policy: same-origin",
        "cache-control: no-store",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let nonce = head.split("script-src 'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert_eq!(page.matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    assert_eq!((page.matches("<script").count(), page.matches("<style").count()), (1, 1));
    assert!(!page.contains("<!--s"), "a part was left out");
    for word in ["https://", "//cdn", "innerHTML", "insertAdjacentHTML", "document.write", "eval("]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert_ne!(server.get("/").1, server.get("/").1, "each answer draws its own number");
}

#[test]
fn pictures_of_every_kind_are_shown_and_broken_ones_say_why() {
    let folder = Folder::new();
    unlabelled(&folder, 1);
    std::fs::write(folder.path("pictures/<img src=x onerror=alert(1)>.png"), "no picture").unwrap();
    folder.copy(super::fixtures("edge").join("twelve_bits_in_16.png"), "pictures/deep.png");
    let server = Server::start(&folder, &["pictures"]);
    server.wait("measured", |state| state["features"]["done"] == state["features"]["of"]);
    let names = server.names();
    let broken = names.iter().position(|name| name.contains("onerror")).unwrap();
    assert_eq!(server.get(&format!("/thumb?id={broken}")).0, 404);
    let facts = server.json(&format!("/api/picture?id={broken}"));
    assert!(facts["error"].as_str().is_some_and(|text| !text.is_empty()), "{facts}");
    assert_eq!(server.state()["failed"], 1);
    assert_eq!(server.json("/api/order?by=failed")["ids"], serde_json::json!([broken]));
    let mut n_shown = 0;
    for id in (0..names.len()).filter(|&id| id != broken) {
        for path in ["thumb", "picture"] {
            let (status, bytes) = server.get(&format!("/{path}?id={id}"));
            assert_eq!((status, &bytes[..2]), (200, &b"\xff\xd8"[..]), "{path} {}", names[id]);
            n_shown += 1;
        }
    }
    assert_eq!(n_shown, 8);
}
