//! What stands before `openssl ts`: an HTTP server for it.

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
};

use super::{
    authority::Authority,
    server::{Server, good},
};

/// Time stamps of an authority, which are made one at a time.
pub fn time_stamps(authority: &Arc<Authority>) -> Server {
    authority.issue("tsa", "stamps");
    let (authority, one_at_a_time) = (Arc::clone(authority), Mutex::new(()));
    Server::start(move |question, stream| {
        let _guard = one_at_a_time.lock().unwrap();
        assert_eq!(question.field("content-type"), Some("application/timestamp-query"));
        authority.file("ts.req", &question.body);
        authority.run("ts -reply -config openssl.cnf -queryfile ts.req -out ts.resp");
        stream.write_all(&good("application/timestamp-reply", &authority.read("ts.resp"))).unwrap();
    })
}
