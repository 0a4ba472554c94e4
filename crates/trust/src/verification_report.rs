//! The report of a verification: every step, in order, with its outcome.

use serde::Serialize;

/// A step of the verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The token's fields, and its certificate as such.
    Format,
    /// The algorithm fits the certificate's key.
    Algorithm,
    /// The key signed origin and challenge.
    Signature,
    /// The certificate is one for signing in.
    Purpose,
    /// A path leads from it to an anchor.
    Path,
    /// Everybody on the path was valid at the time.
    Validity,
    /// The issuer's profile is met; it says the level.
    Issuer,
    /// Nobody on the path was revoked.
    Revocation,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 8] = [
        Self::Format,
        Self::Algorithm,
        Self::Signature,
        Self::Purpose,
        Self::Path,
        Self::Validity,
        Self::Issuer,
        Self::Revocation,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Algorithm => "algorithm",
            Self::Signature => "signature",
            Self::Purpose => "purpose",
            Self::Path => "path",
            Self::Validity => "validity",
            Self::Issuer => "issuer",
            Self::Revocation => "revocation",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, and with it the token.
    Failed,
    /// Nobody looked, or nobody could tell: there is no issuer profile, or no evidence about revocation.
    NotChecked,
    /// There was nothing to compare with: the caller did not say what was asked. Only identity answers have this.
    NotCompared,
    /// A step before it failed.
    NotReached,
}

impl Outcome {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
            Self::NotCompared => "not-compared",
            Self::NotReached => "not-reached",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
pub struct Check {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
}

/// The report as it grows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checks(pub(crate) Vec<Check>);

impl Checks {
    pub(crate) fn passed(&mut self, step: Step) {
        self.0.push(Check { step, outcome: Outcome::Passed });
    }

    pub(crate) fn not_checked(&mut self, step: Step) {
        self.0.push(Check { step, outcome: Outcome::NotChecked });
    }

    /// Fills the report up: the step under way failed, the others were not reached.
    pub(crate) fn failed(mut self) -> Vec<Check> {
        for (index, step) in Step::ALL.into_iter().skip(self.0.len()).enumerate() {
            let outcome = if index == 0 { Outcome::Failed } else { Outcome::NotReached };
            self.0.push(Check { step, outcome });
        }
        self.0
    }
}
