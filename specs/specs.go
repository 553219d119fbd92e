// Package specs embeds the documents that simulator and service are built from: OpenAPI documents, sObject metadata and
// the rules behind refusals, one folder a system. It only embeds them; whoever needs one parses it.
package specs

import "embed"

// FS holds the documents under "<system>/<file>.yaml" and sObject metadata under "som/sobjects".
//
//go:embed */*.yaml som/sobjects/*.yaml
var FS embed.FS
