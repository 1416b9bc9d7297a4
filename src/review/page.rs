//! The page: plain HTML, style and script, in the program itself.

const PAGE: &str = include_str!("page/review.html");
const STYLE: &str = include_str!("page/review.css");
const SCRIPT: &str = concat!(
    include_str!("page/base.js"),
    include_str!("page/api.js"),
    include_str!("page/thumbs.js"),
    include_str!("page/orders.js"),
    include_str!("page/grid.js"),
    include_str!("page/select.js"),
    include_str!("page/acts.js"),
    include_str!("page/classes.js"),
    include_str!("page/keys.js"),
    include_str!("page/progress.js"),
    include_str!("page/look.js"),
    include_str!("page/matrix.js"),
    include_str!("page/begin.js"),
);

/// The page, whose style and script carry the number by which its policy knows them.
pub fn html(nonce: &str) -> String {
    PAGE.replace("<!--style-->", &format!("<style nonce=\"{nonce}\">\n{STYLE}</style>"))
        .replace("<!--script-->", &format!("<script nonce=\"{nonce}\">\n{SCRIPT}</script>"))
}
