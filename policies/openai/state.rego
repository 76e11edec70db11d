# How long the page says that content is kept: in abuse monitoring logs, and as application state. Rules judge uses by it, and
# a table of the endpoints of a project can be made of it.
#
# An answer has `least` and `most`: days, or `until_deleted` where nothing ends it; `most` is null where the page does not say.
# `text` is the same in words, `why` the reason in words that follow an "as", and `by` the attribute of a use that makes it
# so. Where something is not known, an answer reaches from the least to the most of all cases and has the words of the most,
# and `surely` those of the least; `open` is the attribute that it hangs on, null where it hangs on none. An endpoint that the
# edition does not know has no answer.
package openai.state

import rego.v1

import data.openai.lib

# --- abuse monitoring logs --------------------------------------------------------------------------------------

# Of an endpoint with a control in effect, null for one that is not declared or not known. Without an endpoint (null): the
# longest that the page's table counts for any.
logs(endpoint, control) := _counted(days, control) if {
	days := _log_days[endpoint]
} else := _not_rated if {
	endpoint in unrated
} else := _answer([_ever, _ever, "until deleted"], "no control shortens it", "endpoint") if {
	input.edition.endpoints[endpoint]
}

_log_days[endpoint] := row.abuse_monitoring_days if {
	some endpoint, row in input.edition.endpoints
	is_number(row.abuse_monitoring_days)
}

_log_days[null] := max({0} | {row.abuse_monitoring_days | some row in input.edition.endpoints; is_number(row.abuse_monitoring_days)})

_counted(days, control) := _answer(_nothing, "the page states none for the endpoint", "endpoint") if {
	days == 0
} else := _answer(_nothing, sprintf("%s keeps content out of them", [control]), "data_retention") if {
	control in _quiet
} else := _answer([days, days, _up_to(days)], "no control is in effect", "data_retention") if {
	control == "none"
} else := _answer([days, days, _up_to(days)], sprintf("%s does not keep content out of them", [control]), "data_retention") if {
	is_string(control)
} else := object.union(
	_answer([0, days, _up_to(days)], "only modified abuse monitoring and zero data retention keep content out of them", "data_retention"),
	{"open": "data_retention"},
)

# The controls that keep content out of the logs.
_quiet := lib.modified_abuse_monitoring

_up_to(days) := sprintf("up to %s", [count_of(days, "day")])

# --- application state ------------------------------------------------------------------------------------------

# Of a use of an endpoint with a control in effect (null for one that is not declared or not known) and the request's `store`,
# `background` and `outputs`, each as it is declared, null where it is not, or "unknown". Without an endpoint (null), nothing can
# be said.
kept(endpoint, control, store, background, outputs) := answer if {
	answer := _fixed[endpoint]
} else := _all(cases) if {
	input.edition.endpoints[endpoint]
	cases := {[store_is, regime, background_is, audio_is]: _case(endpoint, regime, store_is, background_is, audio_is) |
		some store_is in _possible(store, [true, false, null])
		some regime in regimes(endpoint, control)
		some background_is in _possible(background, [true, false])
		some audio_is in audio_cases(endpoint, outputs)
	}
}

# The endpoints for which neither the control nor the request matters.
_fixed[null] := object.union(_not_rated, {"why": "it declares no uses", "by": "uses"})

_fixed[endpoint] := _not_rated if some endpoint in unrated

_fixed[endpoint] := _answer([_ever, _ever, "until deleted"], "no control ends it", "endpoint") if {
	some endpoint, row in input.edition.endpoints
	row.application_state == _ever
}

_fixed[endpoint] := _answer(_nothing, _keeps_none(endpoint), "endpoint") if {
	some endpoint, row in input.edition.endpoints
	row.application_state != _ever
	not endpoint in (object.keys(_when_stored) | object.keys(object.union(_background, _audio)))
}

# From the least to the most of some cases.
_all(cases) := answer if {
	count(cases) == 1
	some answer in cases
} else := object.union(_longest(answers), {"least": least, "open": _open(cases), "surely": shortest}) if {
	answers := [one | some one in cases]
	least := min([one.least | some one in answers])
	shortest := [one | some one in answers; one.least == least][0]
}

# Whether there is audio among the outputs of a use, in each case: what is not declared is text, but for the endpoints of audio.
audio_cases(endpoint, outputs) := [true, false] if {
	outputs == "unknown"
} else := ["audio" in declared] if {
	declared := object.get({null: array.slice(split(endpoint, "/"), 2, 3)}, outputs, outputs)
}

_possible(value, all) := all if {
	value == "unknown"
} else := [value]

# What decides whether something is stored: "forced" where zero data retention sets `store` to false, "monitored" where it does
# not and under modified abuse monitoring, which it includes, else "plain". Several where it is not known.
regimes(endpoint, control) := object.get(_under_zdr, endpoint, {"plain"}) if {
	control in _zdr
} else := {"monitored"} if {
	control in _quiet
} else := {"plain"} if {
	is_string(control)
} else := {"monitored", "plain"} | object.get(_under_zdr, endpoint, set())

# Endpoint → whether zero data retention in effect sets `store` to false there. Where the page says so of the organization's
# control, that must be zero data retention, too.
_under_zdr[endpoint] := object.get({"organization": _in_zdr_organization}, note.scope, {"forced"}) if {
	some endpoint in noted("zdr_forces_store_false")
	note := input.edition.notes[endpoint].zdr_forces_store_false
}

_in_zdr_organization := {"forced"} if {
	input.organization.data_retention in _zdr
} else := {"monitored"} if {
	is_string(input.organization.data_retention)
} else := {"forced", "monitored"}

# All that a use keeps where everything is known: the words are those of the longest.
_case(endpoint, regime, store, background, audio) := object.union(_longest(all), {"least": max([one.least | some one in all])}) if {
	briefly := [_background[endpoint] | background == true]
	for_turns := [_audio[endpoint] | audio == true]
	all := array.concat([_stored(endpoint, regime, store, background)], array.concat(briefly, for_turns))
}

_longest(answers) := answer if {
	endless := [one | some one in answers; one.most == null]
	most := max([one.most | some one in answers])
	answer := array.concat(endless, [one | some one in answers; one.most == most])[0]
}

# The first attribute by whose value the answers differ.
_open(cases) := first if {
	all := {[one.least, one.most] | some one in cases}
	attributes := [attribute |
		some i, attribute in ["store", "data_retention", "background", "outputs"]
		some value in {case[i] | some case, _ in cases}
		{[one.least, one.most] | some case, one in cases; case[i] == value} != all
	]
	first := attributes[0]
} else := null

_stored(endpoint, regime, store, background) := _answer(_nothing, _keeps_none(endpoint), "endpoint") if {
	not _when_stored[endpoint]
} else := _answer(_nothing, "`store` is false", "store") if {
	store == false
} else := _answer(_nothing, "zero data retention sets `store` to false", "data_retention") if {
	regime == "forced"
} else := _answer(_when_stored[endpoint], "`store` is true", "store") if {
	store == true
} else := _answer(_nothing, "nothing is stored unless `store` is true", "store") if {
	not endpoint in _stored_by_default
} else := _background[endpoint] if {
	[regime, background] == ["monitored", true]
	endpoint in _briefly_in_background
} else := _answer(_when_stored[endpoint], "it is stored unless `store` is false", "store")

# --- what the page says -----------------------------------------------------------------------------------------

# The endpoints that the edition names for data residency only.
unrated := lib.residency_only

_not_rated := object.union(
	_answer([0, null, "not known"], "the edition names the endpoint for data residency only", "endpoint"),
	{"open": "endpoint"},
)

# The endpoints that a fact of the page's text holds of, and those that it may hold of.
noted(fact) := {endpoint |
	some endpoint, notes in input.edition.notes
	value := notes[fact].value
	not value in {false, null}
}

may_be_noted(fact) := noted(fact) | unrated if {
	count(noted(fact)) > 0
} else := set()

# Endpoint → the least and the most days for which it keeps what is stored, and both in words. Notes come before the table;
# where neither names a period, it is more than nothing.
_when_stored[endpoint] := [1 / ((24 * 60) * 60), null, "for a period that the page does not state"] if {
	some endpoint in (noted("zdr_forces_store_false") | noted("store_true_allowed_regions"))
	not endpoint in (object.keys(_periods) | noted(_at_least))
}

_when_stored[endpoint] := [days, days, count_of(days, "day")] if {
	some endpoint, days in _periods
	not endpoint in noted(_at_least)
}

_when_stored[endpoint] := [days, null, sprintf("at least %s", [count_of(days, "day")])] if {
	some endpoint in noted(_at_least)
	days := max([input.edition.notes[endpoint][_at_least].value, object.get(_periods, endpoint, 0)])
}

_at_least := "application_state_days_min_when_stored"

_periods[endpoint] := days if {
	some endpoint, row in input.edition.endpoints
	in_notes := [note.value |
		some fact in ["application_state_days_default", "stored_session_days"]
		note := input.edition.notes[endpoint][fact]
	]
	in_table := [to_number(found[1]) | some found in regex.find_all_string_submatch_n(_if_stored, row.application_state, 1)]
	days := array.concat(in_notes, in_table)[0]
}

_if_stored := "^none_or_([0-9]+)_days_if_stored$"

_stored_by_default := noted("application_state_days_default")

_briefly_in_background := noted("mam_background_retention") & object.keys(_background)

_background[endpoint] := _answer([days, days, text], "`background` is true", "background") if {
	some endpoint in noted("background_mode_storage_minutes_approx")
	minutes := input.edition.notes[endpoint].background_mode_storage_minutes_approx.value
	days := minutes / (24 * 60)
	text := sprintf("about %s", [count_of(minutes, "minute")])
}

_audio[endpoint] := _answer([hours / 24, hours / 24, count_of(hours, "hour")], "audio is among its outputs", "outputs") if {
	some endpoint in noted("audio_output_application_state_hours")
	hours := input.edition.notes[endpoint].audio_output_application_state_hours.value
}

_keeps_none(endpoint) := sprintf("the endpoint keeps none but %s", [_caches[endpoint]]) if {
	_caches[endpoint]
} else := "the endpoint keeps none"

# What is named and not counted: caches of prompts, and the schemas of Structured Outputs.
_caches[endpoint] := sprintf("caches of prompts for up to %s", [count_of(hours, "hour")]) if {
	some endpoint in noted("prompt_cache_kv_tensors_application_state_hours_max")
	hours := input.edition.notes[endpoint].prompt_cache_kv_tensors_application_state_hours_max.value
}

_stores_schema := noted("structured_outputs_schema_stored") | noted("structured_outputs_schema_stored_even_with_zdr")

# --- judging ----------------------------------------------------------------------------------------------------

# How an answer stands to a limit in days.
against(answer, limit) := "exceeds" if {
	object.get({_ever: limit + 1}, answer.least, answer.least) > limit
} else := "within" if {
	is_number(answer.most)
	answer.most <= limit
} else := "open"

# The same, where it may not be known (else "") why the limit is that of the subject.
stands(answer, limit, untold) := "open" if {
	untold != ""
	against(answer, limit) == "exceeds"
} else := against(answer, limit)

# [control in effect, whether the limit of application state is 0, whether that limit may be another project's] of those that must
# keep nothing, and [control, whether the limit is 0] of those that may keep something.
strict := {[control, true, false] | some control in (_controls | {null})} | {[control, zero, untold] |
	some control in _zdr
	some zero in [true, false]
	some untold in [true, false]
}

lax := {[control, false] | some control in (_controls - _zdr)}

_controls := {"none"} | object.keys(lib.includes)

# What an answer says in any case, and the attribute that an open one is to be mended by.
surely(answer) := object.get(answer, "surely", answer)

mended_by(answer) := answer.by if {
	answer.open in {null, "endpoint"}
} else := answer.open

# The message of an answer that exceeds a limit: who keeps what, for how long and why.
exceeding(who, what, answer, limit) := sprintf("%s keeps %s: %s", [who, what, _words(surely(answer), limit)])

# The end of a message about the application state of a use: what the endpoint keeps beside it, and no limit counts.
uncounted(subject) := sprintf("; not counted: %s", [concat(", ", beside)]) if {
	schema := ["the schema of Structured Outputs" | subject.structured_output == true; subject.endpoint in _stores_schema]
	beside := array.concat(schema, [_caches[subject.endpoint] | true])
	count(beside) > 0
} else := ""

# The message of one that is open, for a use or a project.
doubtful(who, what, answer, limit, subject) := sprintf("%s %s %s: %s%s", [who, verb, what, _words(answer, limit), end]) if {
	[verb, end] := _doubt(answer, subject)
}

_words(answer, limit) := sprintf("%s, as %s; the limit is %s", [how_long, answer.why, count_of(limit, "day")]) if {
	how_long := object.get({_not_rated.text: "for how long is not known"}, answer.text, answer.text)
}

_doubt(answer, subject) := ["keeps", sprintf(", and %s", [lib.not_known("whether that limit is its project's", subject.unknown.requirements)])] if {
	subject.unknown.requirements
} else := ["keeps", ", and the page states no upper bound"] if {
	answer.open == null
} else := ["may keep", ""] if {
	answer.open == "endpoint"
} else := ["may keep", sprintf(", and %s", [control_not_known(subject)])] if {
	answer.open == "data_retention"
} else := ["may keep", sprintf(", and %s", [lib.not_known(answer.open, subject.unknown[answer.open])])]

# Why it is not known whether a use does what makes a rule fire: the attribute with the reason. `stated` are the endpoints
# that the rule's fact holds of.
doubt(subject, attribute, stated) := [attribute, lib.not_known(attribute, reason)] if {
	reason := subject.unknown[attribute]
} else := ["endpoint", lib.not_known("what the endpoint keeps", "the edition names it for data residency only")] if {
	not subject.endpoint in stated
} else := ["requirements", lib.not_known("whether a limit of 0 days is its project's", reason)] if {
	subject.requirements.max_application_state_days == 0
	reason := subject.unknown.requirements
} else := ["data_retention", control_not_known(subject)]

# Which control is not known, and why: that in effect, or else the organization's own.
control_not_known(subject) := lib.not_known("the organization's control", reason) if {
	is_string(subject.effective.data_retention)
	reason := object.get(input.organization.unknown, "data_retention", "not declared")
} else := lib.not_known("the control in effect", object.get(subject.unknown, "effective", "not declared"))

# A number of something.
count_of(number, unit) := sprintf("%v %s", [number, unit]) if {
	number == 1
} else := sprintf("%v %ss", [number, unit])

_zdr := lib.zero_data_retention

_ever := "until_deleted"

_nothing := [0, 0, "none"]

_answer([least, most, text], why, by) := {"least": least, "most": most, "text": text, "why": why, "by": by, "open": null}
