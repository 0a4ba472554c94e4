//! Files of attackers: what was signed is shown otherwise, or not at all. None may pass.
