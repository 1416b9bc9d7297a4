//! `gradcheck`: its table, its JSON and its exit status.

use super::support::Folder;

#[test]
fn gradcheck_prints_a_row_for_everything_and_a_total() {
    let folder = Folder::new();
    let text = folder.run(["gradcheck"]).expect(0).out();
    let lines: Vec<&str> = text.lines().collect();
    let (total, lines) = lines.split_last().unwrap();
    assert_eq!(lines[0], "compared  at kinks  worst error  verdict  what");
    assert_eq!(lines.len(), 1 + 66);
    let (mut n_compared, mut n_at_kinks) = (0, 0);
    for line in &lines[1..] {
        // Every column ends or begins where its heading does.
        let (numbers, what) = (&line[..31], &line[42..]);
        let mut numbers = numbers.split_whitespace();
        n_compared += numbers.next().unwrap().parse::<usize>().unwrap();
        n_at_kinks += numbers.next().unwrap().parse::<usize>().unwrap();
        assert!(numbers.next().unwrap().parse::<f64>().unwrap() < 1e-6, "{line}");
        assert_eq!(line[31..42].trim(), "ok", "{line}");
        assert!(!what.is_empty() && !what.starts_with(' '), "{line}");
    }
    let start = format!(
        "66 rows, 0 wrong: {n_compared} derivatives compared, {n_at_kinks} left out at kinks, worst"
    );
    assert!(total.starts_with(&start), "{total}");
    assert!(n_compared > 4000);
    assert_eq!(text, folder.run(["gradcheck", "--seed", "0"]).expect(0).out());
    assert_ne!(text, folder.run(["gradcheck", "--seed", "1"]).expect(0).out());
}

#[test]
fn gradcheck_prints_the_same_as_json() {
    let folder = Folder::new();
    let json = folder.run(["gradcheck", "--json", "--seed", "7"]).expect(0).json();
    let text = folder.run(["gradcheck", "--seed", "7"]).expect(0).out();
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 66);
    for (row, line) in rows.iter().zip(text.lines().skip(1)) {
        let (compared, what) = (row["n_compared"].as_u64().unwrap(), row["what"].as_str().unwrap());
        assert!(line.trim_start().starts_with(&compared.to_string()) && line.ends_with(what));
        assert!(row["worst"].as_f64().unwrap() < 1e-6);
        assert!(row["n_at_kinks"].is_u64() && row["place"].is_string());
        assert_eq!((&row["n_wrong"], &row["ok"]), (&0.into(), &true.into()));
    }
}

#[test]
fn gradcheck_takes_no_source() {
    let folder = Folder::new();
    folder.run(["gradcheck", "somewhere"]).expect(2);
}
