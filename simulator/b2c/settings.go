package b2c

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// API is one of the Open Commerce APIs that settings are kept for.
type API string

// The Open Commerce APIs.
const (
	ShopAPI API = "shop"
	DataAPI API = "data"
)

// Settings say what API clients may do through one API: on one site, or, with an empty SiteID, on every site.
type Settings struct {
	API    API
	SiteID string
	// Version is that of the document's structure, such as "23.2".
	Version string
	Clients []ClientSettings
}

// AnyClient is the id under which settings speak of every registered client; AnyOrigin the same of origins. Both are
// ours.
const (
	AnyClient = "*"
	AnyOrigin = "*"
)

// ClientSettings are the permissions of one API client.
type ClientSettings struct {
	ClientID       string
	AllowedOrigins []string
	// ResponseHeaders are put on every answer to the client.
	ResponseHeaders map[string]string
	Resources       []ResourceSettings
}

// ResourceSettings permit methods on the resources that an id names: in it a star or {name} stands for one segment of the
// path, two stars for any number.
type ResourceSettings struct {
	ResourceID string
	// Methods are lower-case HTTP methods.
	Methods []string
	// ReadAttributes and WriteAttributes are property selectors; empty means none.
	ReadAttributes, WriteAttributes string
	// CacheTime is for how many seconds public answers may be kept.
	CacheTime int
	// Versions bound the API versions; none means all.
	Versions []VersionRange
}

// VersionRange holds API versions such as "23.2", From included and Until not; an empty bound is none.
type VersionRange struct{ From, Until string }

// settingsRow is the one row of a sandbox whose settings were set.
type settingsRow struct{ Documents []Settings }

func (r settingsRow) clone() settingsRow {
	r.Documents = slices.Clone(r.Documents)
	for i := range r.Documents {
		r.Documents[i].Clients = slices.Clone(r.Documents[i].Clients)
	}
	return r
}

// Permissive lets every registered client do everything.
func Permissive() []Settings {
	all := []ClientSettings{{ClientID: AnyClient, AllowedOrigins: []string{AnyOrigin}, Resources: []ResourceSettings{{
		ResourceID: "/**", Methods: []string{"get", "head", "post", "put", "patch", "delete", "options"},
		ReadAttributes: "(**)", WriteAttributes: "(**)",
	}}}}
	return []Settings{{API: ShopAPI, Version: "23.2", Clients: all}, {API: DataAPI, Version: "23.2", Clients: all}}
}

// permissions hold what API clients may do.
type permissions struct {
	settings store.Table[settingsRow]
	// configured are the settings of sandboxes without their own, permissive those when none are configured.
	configured, permissive []Settings
}

func declarePermissions(s *store.Schema) permissions {
	return permissions{permissive: Permissive(), settings: store.Add(s, store.Def[settingsRow]{
		Name: "b2c.Settings", Clone: settingsRow.clone, Key: func(*settingsRow) string { return theRow },
	})}
}

// Configure sets the settings of every sandbox that has none of its own; they are [Permissive] otherwise. Call it before
// the first transaction.
func (b *B2C) Configure(documents []Settings) { b.configured = documents }

// SetSettings replaces the settings of a sandbox. What they do not permit is denied. Nil returns to the configured ones.
func (b *B2C) SetSettings(tx *sandbox.Tx, documents []Settings) {
	if documents == nil {
		b.settings.Delete(tx.Tx, theRow)
		return
	}
	b.settings.Put(tx.Tx, settingsRow{documents})
}

// theRow is the key of tables that hold one row.
const theRow = "the one row"

// Settings returns the settings of a sandbox, which the caller may not alter.
func (b *B2C) Settings(tx *sandbox.Tx) []Settings {
	if row, ok := b.settings.Peek(tx.Tx, theRow); ok {
		return row.Documents
	}
	if b.configured != nil {
		return b.configured
	}
	return b.permissive
}

// Access is what a call wants to do through an API. The path is below the version, and the site empty when the call
// concerns the organisation.
type Access struct {
	API              API
	SiteID, Version  string
	ClientID, Origin string
	Method, Path     string
}

// Permission is what settings say of a call that they permit.
type Permission struct {
	ReadAttributes, WriteAttributes string
	CacheTime                       int
	ResponseHeaders                 map[string]string
}

// Permission looks up what a call may do. Of several resources that fit, the one with the longest id counts; what a site
// says of a client takes the place of what is said for all sites. Errors have the codes [UnauthorizedOrigin] and
// [ClientAccessForbidden].
func (b *B2C) Permission(tx *sandbox.Tx, a Access) (Permission, error) {
	client := clientSettings(b.Settings(tx), a)
	if a.Origin != "" && !slices.Contains(client.AllowedOrigins, a.Origin) && !slices.Contains(client.AllowedOrigins, AnyOrigin) {
		return Permission{}, &Error{
			Code: UnauthorizedOrigin, Rule: "b2c.settings.origin",
			Message:   fmt.Sprintf("The request is unauthorized, the origin '%s' is not allowed for this client.", a.Origin),
			Arguments: map[string]string{"origin": a.Origin},
		}
	}
	var best *ResourceSettings
	for i := range client.Resources {
		r := &client.Resources[i]
		if r.permits(a) && (best == nil || len(r.ResourceID) > len(best.ResourceID)) {
			best = r
		}
	}
	if best == nil {
		return Permission{}, &Error{
			Code: ClientAccessForbidden, Rule: "b2c.settings.resource",
			Message:   fmt.Sprintf("Access to resource '%s' with method '%s' is not allowed for this client.", a.Path, a.Method),
			Arguments: map[string]string{"method": a.Method, "path": a.Path},
		}
	}
	return Permission{best.ReadAttributes, best.WriteAttributes, best.CacheTime, client.ResponseHeaders}, nil
}

// clientSettings finds what is said of a client: by its own id before any client's, for the site before all sites.
func clientSettings(documents []Settings, a Access) ClientSettings {
	for _, id := range []string{a.ClientID, AnyClient} {
		for _, siteID := range []string{a.SiteID, ""} {
			for _, d := range documents {
				if d.API != a.API || d.SiteID != siteID {
					continue
				}
				if i := slices.IndexFunc(d.Clients, func(c ClientSettings) bool { return c.ClientID == id }); i >= 0 {
					return d.Clients[i]
				}
			}
		}
	}
	return ClientSettings{}
}

func (r *ResourceSettings) permits(a Access) bool {
	method := strings.ToLower(a.Method)
	allowed := slices.Contains(r.Methods, method) || (method == "head" && slices.Contains(r.Methods, "get"))
	return allowed && r.inRange(a.Version) && fitsPath(strings.Split(r.ResourceID, "/"), strings.Split(a.Path, "/"))
}

func (r *ResourceSettings) inRange(version string) bool {
	if len(r.Versions) == 0 {
		return true
	}
	return slices.ContainsFunc(r.Versions, func(v VersionRange) bool {
		return (v.From == "" || compareVersions(version, v.From) >= 0) && (v.Until == "" || compareVersions(version, v.Until) < 0)
	})
}

// compareVersions orders "20.10" after "20.9". Whoever reads settings has checked that they are numbers.
func compareVersions(a, b string) int {
	yearA, numberA, _ := strings.Cut(a, ".")
	yearB, numberB, _ := strings.Cut(b, ".")
	return cmp.Or(compareNumbers(yearA, yearB), compareNumbers(numberA, numberB))
}

func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// fitsPath compares the segments of a resource id with those of a path.
func fitsPath(pattern, path []string) bool {
	switch {
	case len(pattern) == 0:
		return len(path) == 0
	case pattern[0] == "**":
		for i := range len(path) + 1 {
			if fitsPath(pattern[1:], path[i:]) {
				return true
			}
		}
		return false
	case len(path) == 0:
		return false
	case pattern[0] != "*" && !strings.HasPrefix(pattern[0], "{") && pattern[0] != path[0]:
		return false
	}
	return fitsPath(pattern[1:], path[1:])
}
