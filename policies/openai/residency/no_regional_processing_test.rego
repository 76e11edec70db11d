package openai.residency.no_regional_processing_test

import rego.v1

import data.openai.residency.no_regional_processing as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_required(extra) := t.project(object.union({"requirements": {"regional_processing": true}}, extra))

test_processing if _verdict(_required({"region": "EU", "processing": true})) == "pass"

test_storage_only if _deny(_required({"region": "JP", "processing": false})) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support" requires regional processing, and is in JP with storage only`,
	"value": "JP",
}}

test_no_region if _verdict(_required({})) == "violation"

test_no_region_and_processing_unknown if _verdict(t.unknown(_required({}), "projects", "processing")) == "violation"

test_not_required if _verdict(t.project({"region": "JP", "processing": false})) == "not applicable"

test_not_listed if _verdict(_required({"region": "Narnia"})) == "not applicable"

test_not_listed_and_storage_only if _verdict(_required({"region": "Narnia", "processing": false})) == "not applicable"

test_not_listed_and_processing_unknown if {
	_verdict(t.unknown(_required({"region": "Narnia"}), "projects", "processing")) == "not applicable"
}

test_region_unknown if {
	_verdict(t.unknown(t.unknown(_required({}), "projects", "processing"), "projects", "region")) == "undetermined"
}

test_processing_unknown if _verdict(t.unknown(_required({"region": "EU"}), "projects", "processing")) == "undetermined"

test_edition_does_not_say if _verdict(_required({"region": "EU"})) == "undetermined"

test_not_required_and_unknown if _verdict(t.unknown(t.project({}), "projects", "region")) == "not applicable"

test_not_required_and_no_region if {
	_verdict(t.project({})) == "not applicable"
	_verdict(t.project({"requirements": {"regional_processing": false}})) == "not applicable"
}

test_not_required_and_processing_unknown if {
	_verdict(t.unknown(t.project({"region": "EU"}), "projects", "processing")) == "not applicable"
	_verdict(t.unknown(t.project({"region": "EU", "requirements": {"regional_processing": false}}), "projects", "processing")) == "not applicable"
}
