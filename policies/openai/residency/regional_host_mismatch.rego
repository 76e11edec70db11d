# METADATA
# title: "Client that calls another region's host"
# description: >-
#   A region's host serves that region's projects, and others only where a request may choose a region that processes.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: client
#   remediation: "Set the client's base URL to the host of its project's region (without a region: the global host), or its key to one of the host's region."
#   section: "How to use data residency"
#   statements: [S41]
package openai.residency.regional_host_mismatch

import rego.v1

import data.openai.lib

applies contains id if {
	some id, c in input.clients
	c.project != null
	c.region in _settled
	input.edition.hosts[c.host]
}

deny contains f if {
	some id, c in input.clients
	c.project != null
	c.host in _wrong[c.region]
	what := [lib.client(id, c), c.host, input.edition.hosts[c.host], object.get({null: "none"}, c.region, c.region)]
	f := lib.finding(id, "host", sprintf("%s calls %s, the host of %s, and the region of its project is %s", what), {"value": c.host})
}

undetermined contains f if {
	some id, c in input.clients
	c.project != null
	some attribute in ["host", "region"]
	reason := c.unknown[attribute]
	some region in _settled
	object.get(c, "region", region) == region
	some host in _wrong[region]
	object.get(c, "host", host) == host
	f := lib.finding(id, attribute, sprintf("%s may call another region's host: %s", [lib.client(id, c), lib.not_known(attribute, reason)]), {})
}

_settled := {null} | lib.all_regions

# Region, or null for none → the hosts that a project there has no business with.
_wrong[region] contains host if {
	some host, code in input.edition.hosts
	some region in (_settled - {null, code})
}

_wrong[null] contains host if {
	some host, code in input.edition.hosts
	not code in _selectable
}

_selectable := {code | input.edition.selection.per_request == true; some code, r in input.edition.regions; not r.processing == false}
