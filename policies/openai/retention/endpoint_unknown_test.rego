package openai.retention.endpoint_unknown_test

import rego.v1

import data.openai.retention.endpoint_unknown as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_use(endpoint) := t.use({"endpoint": endpoint})

_hint(endpoint) := hint if {
	some f in _deny(_use(endpoint))
	hint := object.get(f, "hint", "none")
}

test_known if _verdict(_use("/v1/files")) == "pass"

test_only_a_service_row if _verdict(_use("/v1/vector_stores")) == "pass"

test_whatever_the_control if {
	doc := t.use({"endpoint": "/v1/files", "effective": {"data_retention": "modified_abuse_monitoring", "from": "project"}})
	_verdict(doc) == "pass"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/elif"}}})) == "violation"
}

test_another_edition if {
	row := {"training": false, "abuse_monitoring_days": 30, "application_state": "none", "zdr_eligible": "yes"}
	_verdict(_use("/v1/decisions")) == "violation"
	_verdict(object.union(_use("/v1/decisions"), {"edition": {"endpoints": {"/v1/decisions": row}}})) == "pass"
	_verdict(object.union(_use("/v1/decisions"), {"edition": {"services": {"by_path": {"/v1/decisions": []}}}})) == "pass"
}

test_name_of_the_edition if {
	some f in _deny(object.union(_use("/v1/quantum"), {"edition": {"name": "2031-07"}}))
	f.msg == `use "/v1/quantum" of project "eu-support": edition 2031-07 names no such endpoint`
}

test_finding if _deny(_use("/v1/chat/completion")) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/chat/completion" of project "eu-support": edition 2030-01 names no such endpoint`,
	"value": "/v1/chat/completion",
	"hint": "/v1/chat/completions",
}}

test_finding_without_a_hint if _deny(_use("/v1/quantum")) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/quantum" of project "eu-support": edition 2030-01 names no such endpoint`,
	"value": "/v1/quantum",
}}

test_hints if {
	every endpoint, hint in {
		"/v1/Realtime": "/v1/realtime",
		"/realtime": "/v1/realtime",
		"realtime": "/v1/realtime",
		"/v2/realtime": "/v1/realtime",
		"/v1/realtimes": "/v1/realtime",
		"/v1/raeltime": "/v1/realtime",
		"/v1/file": "/v1/files",
		"/v1/completions": "/v1/chat/completions",
		"/chat/completions": "/v1/chat/completions",
		"/v1/chat/completions/chatcmpl-1": "/v1/chat/completions",
		"/v1/fine-tuning/jobs": "/v1/fine_tuning/jobs",
		"/v1/fine_tuning": "/v1/fine_tuning/jobs",
		"/v1/vector-stores": "/v1/vector_stores",
		"/v1/assistant": "/v1/assistants",
	} {
		_hint(endpoint) == hint
	}
}

test_no_hint if {
	every endpoint in ["", "/", "/v1", "/v1/x", "/v1/quantum", "/v1/models", "/v1/ab"] {
		_hint(endpoint) == "none"
	}
}

test_all_that_are_equally_near if {
	endpoints := {"/v1/abcdx": {}, "/v1/abcdy": {}, "/v1/abcdxyz": {}}
	doc := object.union(_use("/v1/abcd"), {"edition": {"endpoints": endpoints}})
	some f in _deny(doc)
	f.hint == "/v1/abcdx, /v1/abcdy"
}

# Pairs shared and pairs that differ: as many of these as twice the others is too many.
test_how_near if {
	_near := {"edition": {"endpoints": {"/v1/abcdef": {}}}}
	some near in _deny(object.union(_use("/v1/abcd12"), _near))
	near.hint == "/v1/abcdef"
	some far in _deny(object.union(_use("/v1/abcd123"), {"edition": {"endpoints": {"/v1/abcdefg": {}}}}))
	not far.hint
}

test_long_paths_are_cut if {
	endpoint := concat("", ["/v1/chat/completions", concat("", [x | some _ in numbers.range(1, 500); x := "0"])])
	_hint(endpoint) == "/v1/chat/completions"
}

test_nothing_is_open if count(rule.undetermined) == 0 with input as _use("/v1/quantum")
