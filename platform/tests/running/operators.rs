//! The operators of a platform that a test runs.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    administration::{Desk, Operator, Operators, Role},
    clock::Clock,
    registration::Registration,
    secret::fill,
    settings::Realm,
    store::Store,
};
use bitaqa_protocol::Origin;

#[derive(Clone)]
pub(crate) struct Staff {
    pub(crate) onboarder: PrivateJwk,
    pub(crate) authoriser: PrivateJwk,
    pub(crate) operators: Operators,
}

impl Staff {
    pub(crate) fn new() -> Self {
        let key = || PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
        let (onboarder, authoriser) = (key(), key());
        let operator = |name: &str, role, key: &PrivateJwk| Operator {
            name: name.to_owned(),
            role,
            key: key.public().clone(),
            until: None,
        };
        let operators = Operators::new(vec![
            operator("onboarder", Role::Onboarder, &onboarder),
            operator("authoriser", Role::Authoriser, &authoriser),
        ]);
        Self { onboarder, authoriser, operators: operators.unwrap() }
    }

    pub(crate) fn desk<'a>(
        &'a self,
        store: &'a dyn Store,
        platform: &'a Origin,
        clock: &'a Clock,
    ) -> Desk<'a> {
        Desk { store, operators: &self.operators, platform, realm: Realm::Sandbox, clock }
    }

    /// One proposes, the other approves.
    pub(crate) async fn register(&self, desk: &Desk<'_>, id: &str, registration: &Registration) {
        let proposal = desk.propose(&self.onboarder, id, registration).await.unwrap();
        desk.approve(&self.authoriser, id, &proposal).await.unwrap();
    }

    /// Writes their keys, and gives what the configuration says of them.
    pub(crate) fn write(&self, folder: &Path) -> String {
        let mut said = String::new();
        for (role, key) in [("onboarder", &self.onboarder), ("authoriser", &self.authoriser)] {
            let private = folder.join(format!("{role}.key"));
            fs::write(&private, key.to_json().as_bytes()).unwrap();
            fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
            fs::write(folder.join(format!("{role}.jwk")), serde_json::to_string(key.public()).unwrap())
                .unwrap();
            said.push_str(&format!(
                "[[operator]]\nname = \"{role}\"\nrole = \"{role}\"\nkey = \"{role}.jwk\"\n"
            ));
        }
        said
    }
}
