//! What follows from the facts that readers bring: region codes, processing, controls in effect, merged requirements.
//! Done once, after all inputs are merged, so that no rule has to.

use std::collections::BTreeSet;

use super::{Effective, Fact, Facts, ORGANIZATION_DEFAULT, Requirements};
use crate::edition::EditionFacts;
use crate::secret::holds_key;

impl Facts {
    /// Fills in what follows from the merged inputs, and copies to uses and clients what rules ask of their project.
    pub fn complete(&mut self) {
        let edition = &self.edition;
        let codes = |requirements: &mut Requirements| {
            let Some(regions) = &mut requirements.allowed_regions else { return };
            for region in regions.iter_mut() {
                if let Some(code) = edition.region_code(region) {
                    *region = code.to_owned();
                }
            }
            // Each once: the list is copied to every project and use.
            let mut seen = BTreeSet::new();
            regions.retain(|region| seen.insert(region.clone()));
        };
        codes(&mut self.organization.requirements);
        self.projects.values_mut().for_each(|project| codes(&mut project.requirements));
        let organization = self.organization.data_retention.clone();
        let organization_before = self.organization_before();
        if let Some(before) = self.organization.change.as_mut().and_then(|change| change.before.as_mut()) {
            before.effective = effective(&Fact::Absent, &before.data_retention);
        }
        let demanded = self.organization.requirements.clone();
        for project in self.projects.values_mut() {
            (project.region, project.processing) = settle_region(&project.residency, &project.region, &self.edition);
            if let Some(before) = project.change.as_mut().and_then(|change| change.before.as_mut()) {
                (before.region, _) = settle_region(&before.residency, &before.region, &self.edition);
                before.effective = effective(&before.data_retention, &organization_before);
            }
            project.effective = effective(&project.data_retention, &organization);
            project.requirements = stricter(&demanded, &project.requirements);
        }
        let (region, processing, control) = self.of_any_project();
        let (required, is_required) = self.required_of_any_project(&demanded);
        for call in self.uses.values_mut() {
            match call.project.as_ref().and_then(|id| self.projects.get(id)) {
                Some(project) => {
                    call.project_name = project.name.known().cloned();
                    call.region = project.region.clone();
                    call.processing = project.processing.clone();
                    call.effective = project.effective.clone();
                    call.requirements = project.requirements.clone();
                }
                None => {
                    call.region = region.clone();
                    call.processing = processing.clone();
                    call.effective = control.clone();
                    call.requirements = required.clone();
                    if !is_required {
                        let reason = "the project of this use can't be told, and not all of them require the same";
                        call.unknown_parts.insert("requirements".to_owned(), reason.to_owned());
                    }
                }
            }
        }
        for client in self.clients.values_mut() {
            if let Some(project) = client.project.as_ref().and_then(|id| self.projects.get(id)) {
                client.project_name = project.name.known().cloned();
                client.region = project.region.clone();
                client.processing = project.processing.clone();
            }
        }
    }

    /// The strictest of what the projects require, and whether all of them require just that. Without a project, what the
    /// organization demands.
    fn required_of_any_project(&self, demanded: &Requirements) -> (Requirements, bool) {
        let mut all = self.projects.values().map(|project| &project.requirements);
        let Some(first) = all.next() else { return (demanded.clone(), true) };
        let strictest = all.clone().fold(first.clone(), |strictest, next| stricter(&strictest, next));
        let demanded = plain(&strictest);
        let alike = plain(first) == demanded && all.all(|requirements| plain(requirements) == demanded);
        (strictest, alike)
    }

    /// Region, processing and control in effect of a use whose project can't be told: what all projects have alike, else
    /// unknown. Without a project, what holds for one that declares nothing.
    fn of_any_project(&self) -> (Fact<String>, Fact<bool>, Fact<Effective>) {
        fn alike<'a, T: Clone + PartialEq + 'a>(
            mut facts: impl Iterator<Item = &'a Fact<T>>,
            is_same: impl Fn(&T, &T) -> bool,
        ) -> Option<Fact<T>> {
            let first = facts.next()?;
            let same = facts.all(|fact| match (fact, first) {
                (Fact::Known(one), Fact::Known(other)) => is_same(one, other),
                (one, other) => one == other,
            });
            let reason = "the project of this use can't be told";
            Some(if same { first.clone() } else { Fact::Unknown(reason.to_owned()) })
        }
        let projects = self.projects.values();
        // Wherever it comes from.
        let is_control = |one: &Effective, other: &Effective| one.data_retention == other.data_retention;
        let control = alike(projects.clone().map(|p| &p.effective), is_control);
        (
            alike(projects.clone().map(|p| &p.region), PartialEq::eq).unwrap_or_default(),
            alike(projects.map(|p| &p.processing), PartialEq::eq).unwrap_or_default(),
            control.unwrap_or_else(|| effective(&Fact::Absent, &self.organization.data_retention)),
        )
    }

    /// The organization's declared control before the change.
    fn organization_before(&self) -> Fact<String> {
        match &self.organization.change {
            Some(change) => change.before.as_ref().map_or(Fact::Absent, |before| before.data_retention.clone()),
            None => self.organization.data_retention.clone(),
        }
    }
}

/// Requirements without those that ask for nothing.
fn plain(requirements: &Requirements) -> Requirements {
    let asked = |flag: Option<bool>| flag.filter(|asked| *asked);
    Requirements {
        region_required: asked(requirements.region_required),
        regional_processing: asked(requirements.regional_processing),
        training_forbidden: asked(requirements.training_forbidden),
        ..requirements.clone()
    }
}

/// Region code and processing of a residency word, or else of a region's code or name.
fn settle_region(
    residency: &Fact<String>,
    region: &Fact<String>,
    edition: &EditionFacts,
) -> (Fact<String>, Fact<bool>) {
    let looks_like_a_key = |fact: &Fact<String>| fact.known().is_some_and(|text| holds_key(text));
    if looks_like_a_key(residency) || looks_like_a_key(region) {
        let reason = || "looks like a key, not kept".to_owned();
        return (Fact::Unknown(reason()), Fact::Unknown(reason()));
    }
    match residency {
        Fact::Known(word) => {
            let (code, processing) = match (word.strip_suffix("_STORAGE_PROCESSING"), word.strip_suffix("_STORAGE")) {
                (Some(code), _) => (code, true),
                (None, Some(code)) => (code, false),
                (None, None) if word == "GLOBAL" => return (Fact::Absent, Fact::Absent),
                (None, None) => return (Fact::Known(word.clone()), untold(word, edition)),
            };
            let listed = edition.regions.get(code).is_some_and(|r| r.processing);
            let processing = match (processing, listed) {
                (true, false) => Fact::Unknown(format!(
                    "setting and edition disagree: residency is {word}, but the edition lists no processing in {code}"
                )),
                (asked, _) => Fact::Known(asked),
            };
            (Fact::Known(code.to_owned()), processing)
        }
        Fact::Unknown(reason) => (Fact::Unknown(reason.clone()), Fact::Unknown(reason.clone())),
        Fact::Absent => match region {
            Fact::Known(text) if text == "GLOBAL" => (Fact::Absent, Fact::Absent),
            Fact::Known(text) => {
                let code = edition.region_code(text).unwrap_or(text).to_owned();
                let processing = match edition.regions.get(&code) {
                    Some(region) if region.processing && region.processing_optional => Fact::Unknown(format!(
                        "the edition has {code} with and without processing, which only a residency tells"
                    )),
                    listed => listed.map(|region| region.processing).into(),
                };
                (Fact::Known(code), processing)
            }
            Fact::Unknown(reason) => (Fact::Unknown(reason.clone()), Fact::Unknown(reason.clone())),
            Fact::Absent => (Fact::Absent, Fact::Absent),
        },
    }
}

/// Processing of a residency that is a region's bare code: what each region's words end with would tell it.
fn untold(code: &str, edition: &EditionFacts) -> Fact<bool> {
    match edition.regions.contains_key(code) {
        true => Fact::Unknown(format!(
            "residency is {code}, which does not tell whether inference runs there, as {code}_STORAGE and \
             {code}_STORAGE_PROCESSING do"
        )),
        false => Fact::Absent,
    }
}

/// The declared control; where there is none, or it is the organization's default, the organization's.
fn effective(declared: &Fact<String>, organization: &Fact<String>) -> Fact<Effective> {
    let of = |control: &String, from: &str| {
        Fact::Known(Effective { data_retention: Some(control.clone()), from: Some(from.to_owned()) })
    };
    match declared {
        Fact::Known(control) if control != ORGANIZATION_DEFAULT => of(control, "project"),
        Fact::Unknown(reason) => Fact::Unknown(reason.clone()),
        Fact::Known(_) | Fact::Absent => match organization {
            Fact::Known(control) => of(control, "organization"),
            Fact::Unknown(reason) => Fact::Unknown(format!("the organization's control: {reason}")),
            Fact::Absent => Fact::Known(Effective::default()),
        },
    }
}

/// The stricter of each requirement: true over false, the smaller number, the regions that both allow.
fn stricter(one: &Requirements, other: &Requirements) -> Requirements {
    fn both<T: Clone>(a: &Option<T>, b: &Option<T>, merge: impl Fn(&T, &T) -> T) -> Option<T> {
        match (a, b) {
            (Some(a), Some(b)) => Some(merge(a, b)),
            (a, b) => a.clone().or_else(|| b.clone()),
        }
    }
    Requirements {
        allowed_regions: both(&one.allowed_regions, &other.allowed_regions, |a, b| {
            let allowed: BTreeSet<&String> = b.iter().collect();
            a.iter().filter(|region| allowed.contains(region)).cloned().collect()
        }),
        region_required: both(&one.region_required, &other.region_required, |a, b| *a || *b),
        regional_processing: both(&one.regional_processing, &other.regional_processing, |a, b| *a || *b),
        training_forbidden: both(&one.training_forbidden, &other.training_forbidden, |a, b| *a || *b),
        max_abuse_log_days: both(&one.max_abuse_log_days, &other.max_abuse_log_days, |a, b| *a.min(b)),
        max_application_state_days: both(&one.max_application_state_days, &other.max_application_state_days, |a, b| {
            *a.min(b)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Project;

    fn edition() -> EditionFacts {
        EditionFacts::new(&crate::edition::choose(Some("2026-10")).unwrap().edition)
    }

    fn settled(residency: Fact<&str>, region: Fact<&str>) -> (Fact<String>, Fact<bool>) {
        let own = |fact: Fact<&str>| match fact {
            Fact::Known(text) => Fact::Known(text.to_owned()),
            Fact::Absent => Fact::Absent,
            Fact::Unknown(reason) => Fact::Unknown(reason),
        };
        settle_region(&own(residency), &own(region), &edition())
    }

    #[test]
    fn regions_are_codes_and_processing_follows_setting_and_edition() {
        let known = |code: &str| Fact::Known(code.to_owned());
        assert_eq!(settled(Fact::Absent, Fact::Known("Japan")), (known("JP"), Fact::Known(false)));
        assert_eq!(settled(Fact::Absent, Fact::Known("japan")), (known("japan"), Fact::Absent));
        assert_eq!(settled(Fact::Absent, Fact::Known("GLOBAL")), (Fact::Absent, Fact::Absent));
        assert_eq!(settled(Fact::Known("AE_STORAGE"), Fact::Absent), (known("AE"), Fact::Known(false)));
        assert_eq!(settled(Fact::Known("AE_STORAGE_PROCESSING"), Fact::Absent), (known("AE"), Fact::Known(true)));
        assert_eq!(settled(Fact::Known("GLOBAL"), Fact::Absent), (Fact::Absent, Fact::Absent));
        let (region, processing) = settled(Fact::Known("JP_STORAGE_PROCESSING"), Fact::Absent);
        assert_eq!(region, known("JP"));
        assert!(processing.reason().unwrap().contains("disagree"));
        let (region, processing) = settled(Fact::Known("EU"), Fact::Absent);
        assert_eq!(region, known("EU"));
        assert!(processing.reason().unwrap().starts_with("residency is EU, which does not tell"), "{processing:?}");
        assert_eq!(settled(Fact::Known("XX"), Fact::Absent), (known("XX"), Fact::Absent));
    }

    #[test]
    fn processing_of_a_region_alone_is_what_the_edition_says_of_it() {
        let mut edition = edition();
        let of = |residency: Fact<String>, region: Fact<String>, edition: &EditionFacts| {
            settle_region(&residency, &region, edition).1
        };
        let known = |text: &str| Fact::Known(text.to_owned());
        assert_eq!(of(Fact::Absent, known("AE"), &edition), Fact::Known(true));
        edition.regions.get_mut("AE").unwrap().processing_optional = true;
        let open = of(Fact::Absent, known("United Arab Emirates"), &edition);
        assert!(open.reason().unwrap().starts_with("the edition has AE with and without processing"), "{open:?}");
        assert_eq!(of(known("AE_STORAGE_PROCESSING"), Fact::Absent, &edition), Fact::Known(true));
        assert_eq!(of(known("AE_STORAGE"), Fact::Absent, &edition), Fact::Known(false));
        assert_eq!(of(Fact::Absent, known("EU"), &edition), Fact::Known(true));
    }

    #[test]
    fn where_a_control_comes_from_and_what_asks_for_nothing_makes_no_difference() {
        let mut facts = Facts::new(edition(), "2026-11-22".to_owned());
        facts.organization.data_retention = Fact::Known("zero_data_retention".to_owned());
        facts.organization.requirements.max_application_state_days = Some(0);
        let of_nothing = Requirements { region_required: Some(false), ..Requirements::default() };
        let own = Fact::Known("zero_data_retention".to_owned());
        facts
            .projects
            .insert("a".to_owned(), Project { data_retention: own, requirements: of_nothing, ..Project::default() });
        facts.projects.insert("b".to_owned(), Project::default());
        facts.uses.insert("u".to_owned(), crate::facts::Use::default());
        facts.complete();
        let call = &facts.uses["u"];
        let control = call.effective.known().and_then(|effective| effective.data_retention.clone());
        assert_eq!(control.as_deref(), Some("zero_data_retention"));
        assert!(!call.unknown_parts.contains_key("requirements"), "{:?}", call.unknown_parts);
    }

    #[test]
    fn a_use_of_no_known_project_has_what_all_projects_have_alike() {
        let of = |regions: &[Fact<&str>]| {
            let mut facts = Facts::new(edition(), "2026-11-22".to_owned());
            facts.organization.data_retention = Fact::Known("zero_data_retention".to_owned());
            for (index, region) in regions.iter().enumerate() {
                let region = match region {
                    Fact::Known(code) => Fact::Known((*code).to_owned()),
                    Fact::Absent => Fact::Absent,
                    Fact::Unknown(reason) => Fact::Unknown(reason.clone()),
                };
                facts.projects.insert(index.to_string(), Project { region, ..Project::default() });
            }
            facts.uses.insert("u".to_owned(), crate::facts::Use::default());
            facts.complete();
            let call = facts.uses.remove("u").unwrap();
            (call.region, call.effective.known().and_then(|e| e.data_retention.clone()))
        };
        let zdr = Some("zero_data_retention".to_owned());
        assert_eq!(of(&[]), (Fact::Absent, zdr.clone()));
        assert_eq!(of(&[Fact::Absent, Fact::Absent]), (Fact::Absent, zdr.clone()));
        assert_eq!(of(&[Fact::Known("EU"), Fact::Known("EU")]), (Fact::Known("EU".to_owned()), zdr.clone()));
        for regions in [[Fact::Known("EU"), Fact::Absent], [Fact::Known("EU"), Fact::Unknown("x".into())]] {
            let (region, control) = of(&regions);
            assert!(region.reason().is_some_and(|r| r.contains("can't be told")), "{region:?}");
            assert_eq!(control, zdr);
        }
    }

    #[test]
    fn a_use_of_no_known_project_has_the_strictest_requirement_and_says_where_not_all_have_it() {
        let of = |limits: &[Option<u64>]| {
            let mut facts = Facts::new(edition(), "2026-11-22".to_owned());
            facts.organization.requirements.max_abuse_log_days = Some(30);
            for (index, limit) in limits.iter().enumerate() {
                let requirements = Requirements { max_abuse_log_days: *limit, ..Requirements::default() };
                facts.projects.insert(index.to_string(), Project { requirements, ..Project::default() });
            }
            facts.uses.insert("u".to_owned(), crate::facts::Use::default());
            facts.complete();
            let call = facts.uses.remove("u").unwrap();
            (call.requirements.max_abuse_log_days, call.unknown_parts.contains_key("requirements"))
        };
        assert_eq!(of(&[]), (Some(30), false));
        assert_eq!(of(&[Some(0)]), (Some(0), false));
        assert_eq!(of(&[Some(0), Some(0)]), (Some(0), false));
        assert_eq!(of(&[Some(0), None]), (Some(0), true));
        assert_eq!(of(&[None, Some(60)]), (Some(30), false));
    }

    #[test]
    fn allowed_regions_are_codes_each_once_that_organization_and_project_allow() {
        let allowed = |regions: &[&str]| {
            let allowed_regions = Some(regions.iter().map(|region| (*region).to_owned()).collect());
            Requirements { allowed_regions, ..Requirements::default() }
        };
        let mut facts = Facts::new(edition(), "2026-11-22".to_owned());
        facts.organization.requirements = allowed(&["Japan", "EU", "EU", "GLOBAL", "JP", "Narnia", "Narnia"]);
        facts.projects.insert("a".to_owned(), Project::default());
        let requirements = allowed(&["GLOBAL", "Japan", "US", "JP"]);
        facts.projects.insert("b".to_owned(), Project { requirements, ..Project::default() });
        facts.complete();
        let codes = |id: &str| facts.projects[id].requirements.allowed_regions.clone().unwrap();
        assert_eq!(codes("a"), ["JP", "EU", "GLOBAL", "Narnia"]);
        assert_eq!(codes("b"), ["JP", "GLOBAL"]);
    }

    #[test]
    fn many_allowed_regions_take_their_number_not_its_square() {
        let many = |first: usize| Some((first..first + 200_000).map(|n| n.to_string()).collect());
        let [one, other] = [0, 100_000].map(|n| Requirements { allowed_regions: many(n), ..Default::default() });
        let began = std::time::Instant::now();
        assert_eq!(stricter(&one, &other).allowed_regions.unwrap().len(), 100_000);
        assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
    }

    #[test]
    fn a_project_inherits_unless_it_says_otherwise() {
        let known = |control: &str| Fact::Known(control.to_owned());
        let control = |fact: Fact<Effective>| fact.known().map(|e| (e.data_retention.clone(), e.from.clone()));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            control(effective(&known("organization_default"), &known("zero_data_retention"))),
            Some((some("zero_data_retention"), some("organization")))
        );
        assert_eq!(
            control(effective(&known("none"), &known("zero_data_retention"))),
            Some((some("none"), some("project")))
        );
        assert_eq!(control(effective(&Fact::Absent, &Fact::Absent)), Some((None, None)));
        assert!(effective(&Fact::Absent, &Fact::Unknown("x".into())).reason().is_some());
        assert!(effective(&Fact::Unknown("x".into()), &known("none")).reason().is_some());
    }

    #[test]
    fn the_stricter_requirement_holds() {
        let list = |codes: &[&str]| Some(codes.iter().map(|c| (*c).to_owned()).collect());
        let one = Requirements {
            allowed_regions: list(&["EU", "US"]),
            region_required: Some(true),
            max_abuse_log_days: Some(30),
            ..Requirements::default()
        };
        let other = Requirements {
            allowed_regions: list(&["US", "JP"]),
            region_required: Some(false),
            max_abuse_log_days: Some(0),
            ..Requirements::default()
        };
        let merged = stricter(&one, &other);
        assert_eq!(merged, stricter(&other, &one));
        assert_eq!(merged.allowed_regions, list(&["US"]));
        assert_eq!((merged.region_required, merged.max_abuse_log_days), (Some(true), Some(0)));
    }
}
