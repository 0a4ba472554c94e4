//! Long lists, a page at a time.

use super::shell::Asked;

/// Rows of a page.
pub(super) const ROWS: usize = 25;

/// Which part of a list is shown, and where the others are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paging {
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// The rows of the page that `?page=` names, from 1; one that is not there is the last one.
pub(super) fn page_of<T>(all: Vec<T>, asked: &Asked) -> (Vec<T>, Paging) {
    let pages = all.len().div_ceil(ROWS).max(1);
    let page = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages);
    let rows = all.into_iter().skip((page - 1) * ROWS).take(ROWS).collect();
    let link = |page: usize| asked.with("page", &page.to_string());
    let paging = Paging {
        page,
        pages,
        before: (page > 1).then(|| link(page - 1)),
        after: (page < pages).then(|| link(page + 1)),
    };
    (rows, paging)
}
