# METADATA
# title: "Client of a regional project that calls the global host"
# description: >-
#   Requests to a project in this region have to go to the region's own host. The SDKs call the global one unless told otherwise.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: client
#   needs: region
#   remediation: "Set the client's base URL (`OPENAI_BASE_URL`, or `base_url` in a definition) to the region's host. Where a proxy forwards to it, waive this."
#   section: "How to use data residency"
#   statements: [S41]
package openai.residency.regional_host_required

import rego.v1

import data.openai.lib

applies contains id if {
	some id, c in input.clients
	c.project != null
	c.region in _demanding
}

deny contains f if {
	some id, c in input.clients
	c.project != null
	c.region in _demanding
	c.host == input.edition.global_host
	msg := sprintf("%s calls %s, and its project is in %s, which requires its own host", [lib.client(id, c), c.host, c.region])
	f := lib.finding(id, "host", msg, {"value": c.host, "hint": input.edition.regions[c.region].domain})
}

undetermined contains f if {
	some id, c in input.clients
	c.project != null
	c.region in _demanding
	value := {"value": host | host := c.host; is_string(host)}
	f := lib.finding(id, "host", sprintf("%s needs the host of %s: %s", [lib.client(id, c), c.region, _doubt(c)]), value)
}

undetermined contains f if {
	some id, c in input.clients
	c.project != null
	reason := c.unknown.region
	count(_demanding) > 0
	not object.get(c, "host", null) in object.keys(input.edition.hosts)
	f := lib.finding(id, "region", sprintf("%s may need a region's host: %s", [lib.client(id, c), lib.not_known("region", reason)]), {})
}

_demanding := lib.regions_with_required_host

_doubt(c) := lib.not_known("host", c.unknown.host)

_doubt(c) := "no base URL set, and the SDK's default is the global host" if c.host == null

_doubt(c) := sprintf("%s is no host that the edition names", [c.host]) if {
	not c.host in ({null, input.edition.global_host} | object.keys(input.edition.hosts))
}
