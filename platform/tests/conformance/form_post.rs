//! "OIDC Form Post Basic OP": the basic plan, with answers in a form.

use crate::{
    basic::{self, claims, code_flow_modules, pages, requests, tokens},
    conversation::Mode,
    plan::Plan,
};

pub(crate) const PLAN: Plan = Plan { name: "OIDC Form Post Basic OP", tests: TESTS, ..basic::PLAN };

code_flow_modules!(Mode::FormPost);
