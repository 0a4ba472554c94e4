//! Adaptation rules: whether a file is right, and what they would ask of somebody.

use std::{
    io::{self, Write},
    net::IpAddr,
    path::Path,
};

use bitaqa_platform::{
    assurance,
    clock::{Clock, Seconds},
    factor,
    registration::Registration,
    requirement::Requirement,
    rules::{self, Adaptation, Circumstances, Device, Rule, adapt},
    service::Service,
    settings::Settings,
};
use bitaqa_trust::DateTime;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{CommandError, store};

/// Reads a file of rules, which checks them.
pub(crate) fn check(file: &Path) -> Result<(), CommandError> {
    let rules = rules::read(file)?;
    writeln!(io::stdout(), "{} rules", rules.len())?;
    Ok(())
}

/// Who asks for what, and in which circumstances.
#[derive(Debug, Args)]
pub(crate) struct Try {
    /// The relying party's client_id
    #[arg(long)]
    client: String,
    /// Scopes, with spaces between them
    #[arg(long, default_value = "openid")]
    scope: String,
    /// Address of a service's API (RFC 8707); may be there several times
    #[arg(long)]
    resource: Vec<String>,
    /// Whether the person signed in on this device before; not known if left out
    #[arg(long, value_enum)]
    device: Option<KnownOrNew>,
    /// The address that the request comes from; not known if left out
    #[arg(long, value_name = "ADDRESS")]
    network: Option<IpAddr>,
    /// When, in UTC (2026-06-01T22:30:00Z); now if left out
    #[arg(long)]
    time: Option<DateTime>,
    /// Answers in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KnownOrNew {
    Known,
    New,
}

/// Says which rules apply and what is asked then. Nothing is kept, and nobody is asked anything.
pub(crate) async fn try_out(settings: &Settings, asked: &Try) -> Result<(), CommandError> {
    let unknown = || CommandError::Unknown(asked.client.clone());
    let client = store(settings).await?.client(&asked.client).await?.ok_or_else(unknown)?;
    let registration: Registration = serde_json::from_str(&client.registration)?;
    let scopes: Vec<&str> = asked.scope.split(' ').collect();
    let resources: Vec<&str> = asked.resource.iter().map(String::as_str).collect();
    let services = registration.services_named(&scopes, &resources).ok_or(CommandError::Resource)?;
    let sensitive = registration.services_of(&services).any(|service| service.sensitive);
    let now = match asked.time {
        Some(time) => Seconds::try_from(time.unix_duration().as_secs()).unwrap_or(Seconds::MAX),
        None => Clock::system().now(),
    };
    let circumstances = Circumstances {
        device: asked.device.map(|device| match device {
            KnownOrNew::Known => Device::Known,
            KnownOrNew::New => Device::New,
        }),
        address: asked.network,
        now,
        sensitive,
        services,
    };
    let here = factor::configured(settings.identity.as_ref(), &settings.populations);
    let needed = registration.requirement(&circumstances.services).and(here);
    let both = settings.rules.iter().chain(&registration.rules);
    let adaptation = adapt(needed, both, &circumstances);
    let answer = Answer { settings, registration: &registration, circumstances: &circumstances, adaptation };
    let mut out = io::stdout();
    if asked.json {
        writeln!(out, "{}", answer.json())?;
    } else {
        write!(out, "{}", answer.text())?;
    }
    Ok(())
}

struct Answer<'a> {
    settings: &'a Settings,
    registration: &'a Registration,
    circumstances: &'a Circumstances,
    adaptation: Adaptation<'a>,
}

impl Answer<'_> {
    /// Every rule: whose it is, its name, and what becomes of it.
    fn rules(&self) -> impl Iterator<Item = (&'static str, &Rule, &'static str)> {
        let platform = self.settings.rules.iter().map(|rule| ("platform", rule));
        let party = self.registration.rules.iter().map(|rule| ("client", rule));
        platform.chain(party).map(|(of, rule)| {
            let applies = rule.when.may_hold(self.circumstances);
            (
                of,
                rule,
                match (applies, rule.dry_run) {
                    (false, _) => "does-not-apply",
                    (true, true) => "would-apply",
                    (true, false) => "applies",
                },
            )
        })
    }

    fn services(&self) -> impl Iterator<Item = &Service> {
        self.registration.services_of(&self.circumstances.services)
    }

    fn asked(&self) -> (&Requirement, Vec<&'static str>) {
        let requirement = &self.adaptation.requirement;
        let fitting = requirement.factors_reaching(requirement.level);
        (requirement, fitting.map(|factor| factor.name()).collect())
    }

    fn json(&self) -> Value {
        let (requirement, factors) = self.asked();
        let rules: Vec<Value> = self
            .rules()
            .map(|(of, rule, outcome)| json!({ "of": of, "id": rule.id, "outcome": outcome, "then": rule.then }))
            .collect();
        json!({
            "services": self.services().map(|service| &service.id).collect::<Vec<_>>(),
            "rules": rules,
            "asked": {
                "minimum_level": requirement.level,
                "acr": assurance::acr(requirement.level, self.settings.realm),
                "factors": factors,
                "max_age": requirement.max_age,
                "refused": requirement.refused,
                "can_be_met": requirement.can_be_met(),
            },
        })
    }

    fn text(&self) -> String {
        let (requirement, factors) = self.asked();
        let mut lines: Vec<String> =
            self.services().map(|service| format!("service\t{}", service.id)).collect();
        lines.extend(self.rules().map(|(of, rule, outcome)| format!("rule\t{of}\t{}\t{outcome}", rule.id)));
        lines.push(format!("asked\tlevel\t{}", assurance::acr(requirement.level, self.settings.realm)));
        lines.push(format!("asked\tfactors\t{}", factors.join(" ")));
        if let Some(max_age) = requirement.max_age {
            lines.push(format!("asked\tmax_age\t{max_age}"));
        }
        if requirement.refused {
            lines.push("refused".to_owned());
        } else if !requirement.can_be_met() {
            lines.push("cannot be met".to_owned());
        }
        lines.join("\n") + "\n"
    }
}
