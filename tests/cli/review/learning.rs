//! What is learned beside the page, and what it asks for.

use serde_json::json;

use super::super::support::{Folder, fixtures, read_table};
use super::{Server, unlabelled};

fn ids(order: &serde_json::Value) -> Vec<usize> {
    order["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as usize).collect()
}

#[test]
fn a_few_answers_to_what_is_asked_tell_all_pictures() {
    let folder = Folder::new();
    let truth = unlabelled(&folder, 10);
    let server = Server::start(&folder, &["pictures"]);
    server.wait("ordered", |state| state["features"]["ordered"] == true && state["learned"] != 0);
    let mut likeness = ids(&server.json("/api/order?by=likeness"));
    likeness.sort_unstable();
    assert_eq!(likeness, (0..30).collect::<Vec<_>>());
    let mut n_asked = 0;
    while n_asked < 9 {
        let order = server.json("/api/order?by=mixed");
        let asked: Vec<usize> = ids(&order).into_iter().take(3).collect();
        assert_eq!(order["reasons"].as_array().unwrap().len(), ids(&order).len());
        if n_asked == 0 {
            assert!(
                order["reasons"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|r| r == "typical" || r == "random"),
                "{order}"
            );
        }
        for &id in &asked {
            server.label(&[id], truth[id].1.into());
        }
        n_asked += asked.len();
        server.learned(n_asked);
    }
    let order = server.json("/api/order?by=mixed");
    assert!(ids(&order).len() == 21, "{order}");
    let all: Vec<String> = (0..30).map(|id| id.to_string()).collect();
    let pictures = server.json(&format!("/api/pictures?ids={}", all.join(",")));
    let right = pictures.as_array().unwrap().iter().zip(&truth);
    let right = right.filter(|(picture, (_, class))| picture["predicted"] == *class).count();
    assert!(28 <= right, "{right} of 30: {pictures}");
    // Labelled pictures that look alike stand beside it, and a map shows where it comes from.
    let open = ids(&order)[0];
    let facts = server.json(&format!("/api/picture?id={open}"));
    assert_eq!(facts["nearest"].as_array().unwrap().len(), 6);
    assert_eq!(facts["probabilities"].as_array().unwrap().len(), 3);
    let (status, map) = server.get(&format!("/map?id={open}"));
    assert_eq!((status, &map[..2]), (200, &b"\xff\xd8"[..]));
    for by in ["uncertain", "unlike", "contradicted", "random"] {
        let order = server.json(&format!("/api/order?by={by}"));
        assert_eq!(ids(&order).len(), 21, "{by}");
    }
    // Put off, it is asked for no more.
    server.post("/api/skip", &json!({ "ids": [open] }));
    server.wait("skipped", |_| !ids(&server.json("/api/order?by=mixed")).contains(&open));
}

#[test]
fn labels_of_one_kind_predict_nothing_yet() {
    let folder = Folder::new();
    let truth = unlabelled(&folder, 4);
    let server = Server::start(&folder, &["pictures"]);
    let own: Vec<usize> = (0..12).filter(|&id| truth[id].1 == "dots").collect();
    server.label(&own, "dots".into());
    let state = server.learned(4);
    let learning = &state["learning"];
    assert_eq!(
        (&learning["accuracy"], &learning["verdict"]),
        (&serde_json::Value::Null, &"too_few".into())
    );
    assert!(
        learning["sentence"].as_str().is_some_and(|text| text.contains("two classes")),
        "{learning}"
    );
    let others: Vec<String> =
        (0..12).filter(|id| !own.contains(id)).map(|id| id.to_string()).collect();
    let pictures = server.json(&format!("/api/pictures?ids={}", others.join(",")));
    assert_eq!(
        pictures
            .as_array()
            .unwrap()
            .iter()
            .filter(|picture| picture["predicted"].is_null())
            .count(),
        8
    );
    // A class that lost its pictures can be taken off the list.
    server.label(&own, "spots".into());
    assert_eq!(server.state()["classes"].as_array().unwrap().len(), 2);
    server.post("/api/forget", &json!({ "class": "dots" }));
    server.post("/api/forget", &json!({ "class": "spots" }));
    assert_eq!(server.state()["classes"], json!([{ "name": "spots", "n": 4 }]));
}

#[test]
fn a_wrong_label_is_found_and_a_new_class_learned() {
    let folder = Folder::new();
    let truth = unlabelled(&folder, 10);
    let server = Server::start(&folder, &["pictures"]);
    let wrong = truth.iter().position(|(_, class)| *class == "dots").unwrap();
    for class in ["brick", "stripes", "dots"] {
        let own: Vec<usize> = (0..30).filter(|&id| truth[id].1 == class && id != wrong).collect();
        server.label(&own, class.into());
    }
    server.label(&[wrong], "brick".into());
    server.learned(30);
    assert_eq!(ids(&server.json("/api/order?by=suspects"))[0], wrong);
    let confusion = server.json("/api/confusion");
    let classes = confusion["classes"].as_array().unwrap();
    let at = |name: &str| classes.iter().position(|class| class == name).unwrap();
    assert_eq!(confusion["matrix"][at("brick")][at("dots")], 1);
    let cell = server.json("/api/order?by=cell&true=brick&predicted=dots");
    assert_eq!(ids(&cell), [wrong]);
    let facts = server.json(&format!("/api/picture?id={wrong}"));
    assert_eq!(facts["out_of_fold"][0], "dots");
    server.label(&[wrong], "odd ones".into());
    let state = server.wait("a new class", |state| state["learning"]["n_labels"] == 30);
    assert_eq!(state["classes"].as_array().unwrap().len(), 4);
    assert_eq!(ids(&server.json("/api/order?by=class&class=odd%20ones"))[0], wrong);
    assert_eq!(server.get("/api/order?by=nonsense").0, 400);
}

#[test]
fn a_model_is_trained_on_the_labels_and_begins_the_next_review() {
    let folder = Folder::new();
    let truth = unlabelled(&folder, 10);
    let server = Server::start(&folder, &["pictures"]);
    let command = server.json("/api/start")["train_command"].as_str().unwrap().to_owned();
    assert_eq!(command, "textura train labels.csv --model labels.model.json");
    for class in ["brick", "dots", "stripes"] {
        let own: Vec<usize> = (0..30).filter(|&id| truth[id].1 == class).collect();
        server.label(&own, class.into());
    }
    server.post("/api/train", &json!({}));
    let state = server.wait("trained", |state| state["training"]["state"] != "running");
    assert_eq!(state["training"]["state"], "done", "{state}");
    assert!(folder.path("labels.model.json").is_file());
    drop(server);
    let server = Server::start(
        &folder,
        &["pictures", "--model", "labels.model.json", "--labels", "second.csv"],
    );
    server.wait("predicted", |state| state["learned"] != 0 && state["features"]["done"] == 30);
    let pictures = server.wait("opinions", |_| {
        let pictures = server.json("/api/pictures?ids=0,1,2");
        pictures.as_array().unwrap().iter().all(|picture| picture["predicted"].is_string())
    });
    assert_eq!(pictures["labelled"], 0);
    let pictures = server.json("/api/pictures?ids=0,1,2");
    let right = pictures.as_array().unwrap().iter().zip(&truth);
    assert_eq!(right.filter(|(picture, (_, class))| picture["predicted"] == *class).count(), 3);
}

#[test]
fn by_a_model_of_good_pictures_the_oddest_come_first_and_labels_teach() {
    let folder = Folder::new();
    folder.copy_class("brick", 16, "good");
    folder.copy_class("brick", 20, "line");
    folder.copy_class("dots", 1, "line");
    folder.run(["train", "--normal", "good", "--model", "good.json", "--tile", "32"]).expect(0);
    let server = Server::start(&folder, &["line", "--model", "good.json"]);
    assert_eq!(server.json("/api/start")["kind"], "good");
    server.wait("judged", |state| state["features"]["done"] == 21 && state["learned"] != 0);
    let odd = server.names().iter().position(|name| name.contains("dots")).unwrap();
    server.wait("the oddest", |_| ids(&server.json("/api/order?by=oddest")).first() == Some(&odd));
    let facts = server.json(&format!("/api/picture?id={odd}"));
    assert!(facts["anomaly_score"].as_f64().is_some(), "{facts}");
    assert_eq!(&server.get(&format!("/map?id={odd}")).1[..2], b"\xff\xd8");
    let second = ids(&server.json("/api/order?by=oddest"))[1];
    server.label(&[odd], "defect".into());
    server.label(&[second], "good".into());
    server.learned(2);
    // What is said of a labelled picture by the others alone needs more labels; all labels together tell.
    for (id, class) in [(odd, "defect"), (second, "good")] {
        let facts = server.json(&format!("/api/picture?id={id}"));
        assert_eq!(facts["probabilities"][0][0], class, "{facts}");
    }
    let names: Vec<String> = server.state()["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class["name"].to_string())
        .collect();
    assert_eq!(names, ["\"good\"", "\"defect\""]);
}

#[test]
fn ask_names_the_pictures_to_label_next() {
    let folder = Folder::new();
    folder.small_model();
    let mut truth = unlabelled(&folder, 6);
    for k in 12..14 {
        let name = format!("pictures/q_{k}.png");
        folder.copy(fixtures("textures").join(format!("brick/brick_{k}.png")), &name);
        truth.push((name, "brick"));
    }
    let run = folder.run(["ask", "model.json", "pictures", "-n", "5"]).expect(0);
    let rows = run.table();
    assert_eq!(run.out().lines().next(), Some("path,reason,value"));
    assert_eq!(rows.len(), 5);
    let reasons = ["typical", "uncertain", "unlike", "contradicted", "random"];
    for row in &rows {
        assert!(reasons.contains(&&*row["reason"]), "{row:?}");
        let value: f64 = row["value"].parse().unwrap();
        assert!((0.0..=1.0).contains(&value), "{row:?}");
        assert!(folder.path(&row["path"]).is_file(), "{row:?}");
    }
    // The class that the model does not know is the most unlike.
    let run =
        folder.run(["ask", "model.json", "pictures", "-n", "4", "--order", "unlike"]).expect(0);
    let class = |path: &str| truth.iter().find(|(name, _)| name == path).unwrap().1;
    assert_eq!(class(&run.table()[0]["path"]), "stripes", "{}", run.out());
    // What has an answer is not asked for, nor what the model learned from; a broken picture costs nobody else.
    std::fs::write(folder.path("pictures/broken.png"), "no").unwrap();
    let mut list = "path,label\npictures/broken.png,\n".to_owned();
    for (name, class) in &truth {
        list += &format!("{name},{}\n", if *class == "stripes" { class } else { &"" });
    }
    std::fs::write(folder.path("list.csv"), list).unwrap();
    let run = folder.run(["ask", "model.json", "list.csv", "-o", "next.csv"]).expect(3);
    let rows = read_table(std::fs::File::open(folder.path("next.csv")).unwrap());
    assert!(
        !rows.is_empty() && rows.iter().all(|row| class(&row["path"]) != "stripes"),
        "{rows:?}"
    );
    assert!(run.err().contains("broken.png"), "{}", run.err());
    let known = folder.run(["ask", "model.json", "two"]).expect(0);
    assert!(known.table().is_empty(), "{}", known.out());
    assert!(known.err().contains("16 pictures are known"), "{}", known.err());
    // The same bytes each time.
    let again =
        |jobs: &str| folder.run(["ask", "model.json", "pictures", "-j", jobs]).expect(3).out();
    assert_eq!(again("1"), again("2"));
}
