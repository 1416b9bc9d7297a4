use super::*;

#[test]
fn frames_lie_outside_their_rectangles_and_inside_the_picture() {
    let bounds =
        [Area { x: 2, y: 1, width: 2, height: 2 }, Area { x: 0, y: 0, width: 1, height: 1 }];
    let frames = Frames::around(bounds, 1, (6, 5));
    let rows: Vec<String> = (0..5)
        .map(|y| {
            let mut row = [[0; 3]; 6];
            frames.draw(y, &mut row);
            row.iter().map(|pixel| if *pixel == FRAME { '#' } else { '.' }).collect()
        })
        .collect();
    // The one at the corner has its own edge as a frame.
    assert_eq!(rows, ["#####.", "##..#.", ".#..#.", ".####.", "......"]);
}

#[test]
fn a_small_defect_is_still_seen_in_a_small_picture() {
    let gray = Gray::new(400, 200, Samples::Eight(vec![90; 80_000])).unwrap();
    let picture = Planes::from_gray(gray);
    let mut values = vec![0.0; 80_000];
    values[100 * 400 + 303] = 8.0;
    let places = OddPlaces { values: &values, limit: 4.0, regions: &[] };
    let part = Area { x: 200, y: 0, width: 200, height: 200 };
    let framed = Area { x: 280, y: 80, width: 40, height: 40 };
    let small = small_odd_places(&picture, &places, part, framed, 50).unwrap();
    let [red, green, blue] = small.rgb();
    assert_eq!((red.width(), red.height()), (50, 50));
    let pixel = |x, y| [red, green, blue].map(|plane| plane.value(x, y) as u8);
    let colored: Vec<(usize, usize)> = (0..2500)
        .map(|at| (at % 50, at / 50))
        .filter(|&(x, y)| ![FRAME, [90; 3]].contains(&pixel(x, y)))
        .collect();
    assert_eq!(colored, [(25, 25)]);
    // The highest number has the colours' end, as on a large map.
    assert_eq!(pixel(25, 25), mixed([90; 3], of_number(1.0), COVER));
    assert_eq!((pixel(19, 25), pixel(30, 25), pixel(20, 25)), (FRAME, FRAME, [90; 3]));
    let wrong = OddPlaces { values: &values[1..], ..places };
    assert!(small_odd_places(&picture, &wrong, part, framed, 50).is_err());
}

#[test]
fn a_picture_that_is_odd_all_over_is_coloured_all_over() {
    let colors = |values: &[f32], limit| {
        let colors = Colors::of(&OddPlaces { values, limit, regions: &[] });
        values.iter().filter(|&&value| colors.over(90, value) != [90; 3]).count()
    };
    assert_eq!(colors(&[8.0, 9.0, 9.0, 7.0], 1.0), 4);
    // At most at the limit, or without one and flat, nothing is odd.
    assert_eq!(colors(&[1.0; 4], 1.0), 0);
    assert_eq!(colors(&[1.0; 4], f64::INFINITY), 0);
}
