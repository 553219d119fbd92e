package ocapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/simulator/b2c"
)

// ErrSettings is behind every mistake in OCAPI settings.
var ErrSettings = errors.New("ocapi-settings")

// settingsFile is a list of the documents that Business Manager keeps, each told which API and site it is for.
type settingsFile struct {
	Documents []settingsDocument `yaml:"documents" json:"documents"`
}

type settingsDocument struct {
	API     string           `yaml:"api" json:"api"`
	Site    string           `yaml:"site" json:"site,omitempty"`
	Version string           `yaml:"_v" json:"_v"`
	Clients []clientDocument `yaml:"clients" json:"clients"`
}

type clientDocument struct {
	ClientID        string             `yaml:"client_id" json:"client_id"`
	AllowedOrigins  []string           `yaml:"allowed_origins" json:"allowed_origins,omitempty"`
	ResponseHeaders map[string]string  `yaml:"response_headers" json:"response_headers,omitempty"`
	Resources       []resourceDocument `yaml:"resources" json:"resources"`
}

type resourceDocument struct {
	ResourceID      string          `yaml:"resource_id" json:"resource_id"`
	Methods         []string        `yaml:"methods" json:"methods"`
	ReadAttributes  string          `yaml:"read_attributes" json:"read_attributes,omitempty"`
	WriteAttributes string          `yaml:"write_attributes" json:"write_attributes,omitempty"`
	CacheTime       int             `yaml:"cache_time" json:"cache_time,omitempty"`
	VersionRange    []rangeDocument `yaml:"version_range" json:"version_range,omitempty"`
	// Personalized is taken and changes nothing: answers to shoppers are never kept.
	Personalized bool `yaml:"personalized_caching_enabled" json:"-"`
}

type rangeDocument struct {
	From  string `yaml:"from" json:"from,omitempty"`
	Until string `yaml:"until" json:"until,omitempty"`
}

// ParseSettings reads OCAPI settings in YAML or JSON. Everything that is wrong comes back at once, one line each, with
// where it is; each is an [ErrSettings].
func ParseSettings(text []byte) ([]b2c.Settings, error) {
	var file settingsFile
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(ErrSettings, err)
	}
	check := &settingsCheck{of: ErrSettings}
	if file.Documents == nil {
		check.wrong("there is no list named documents")
	}
	out := make([]b2c.Settings, 0, len(file.Documents))
	seen := map[[2]string]bool{}
	for i, d := range file.Documents {
		in := check.below("documents[%d]", i)
		if key := [2]string{d.API, d.Site}; seen[key] {
			in.wrong("there is one of the API %q and the site %q already", d.API, d.Site)
		} else {
			seen[key] = true
		}
		out = append(out, d.settings(in))
	}
	return out, errors.Join(check.problems...)
}

// unreadable says what the decoder found, one error a line, each of a kind.
func unreadable(kind, err error) error {
	var several *yaml.TypeError
	if !errors.As(err, &several) {
		return fmt.Errorf("%w: %s", kind, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var problems []error
	for _, line := range several.Errors {
		line, _, _ = strings.Cut(line, " in type ")
		problems = append(problems, fmt.Errorf("%w: %s", kind, line))
	}
	return errors.Join(problems...)
}

// settingsCheck collects what is wrong, with where. All of it is an error of one kind.
type settingsCheck struct {
	of       error
	problems []error
	where    string
	root     *settingsCheck
}

func (c *settingsCheck) wrong(format string, args ...any) {
	root := c
	if c.root != nil {
		root = c.root
	}
	where := c.where
	if where != "" {
		where += ": "
	}
	root.problems = append(root.problems, fmt.Errorf("%w: %s%s", root.of, where, fmt.Sprintf(format, args...)))
}

func (c *settingsCheck) below(format string, args ...any) *settingsCheck {
	root := c
	if c.root != nil {
		root = c.root
	}
	where := fmt.Sprintf(format, args...)
	if c.where != "" {
		where = c.where + "." + where
	}
	return &settingsCheck{root: root, where: where}
}

func (c *settingsCheck) selector(name, text string) {
	if _, err := ParseSelector(text); text != "" && err != nil {
		c.wrong("%s: %s", name, err)
	}
}

var settingsVersion = regexp.MustCompile(`^\d{1,2}\.\d{1,2}$`)

func (d settingsDocument) settings(c *settingsCheck) b2c.Settings {
	if d.API != string(b2c.ShopAPI) && d.API != string(b2c.DataAPI) {
		c.wrong("api %q is neither shop nor data", d.API)
	}
	if d.API == string(b2c.DataAPI) && d.Site != "" {
		c.wrong("the Data API has no settings of a single site, here %q", d.Site)
	}
	if !settingsVersion.MatchString(d.Version) {
		c.wrong("_v %q is no version such as \"23.2\"", d.Version)
	}
	s := b2c.Settings{API: b2c.API(d.API), SiteID: d.Site, Version: d.Version}
	var ids []string
	for i, client := range d.Clients {
		in := c.below("clients[%d]", i)
		if slices.Contains(ids, client.ClientID) {
			in.wrong("client_id %q is there twice", client.ClientID)
		}
		ids = append(ids, client.ClientID)
		s.Clients = append(s.Clients, client.settings(in))
	}
	return s
}

func (d clientDocument) settings(c *settingsCheck) b2c.ClientSettings {
	if d.ClientID != b2c.AnyClient && !clientIDShape.MatchString(d.ClientID) {
		c.wrong("client_id %q is no client id: 30 to 36 letters, digits and hyphens", d.ClientID)
	}
	for i, origin := range d.AllowedOrigins {
		if origin != b2c.AnyOrigin && !originShape.MatchString(origin) {
			c.wrong("allowed_origins[%d] %q is no origin such as https://shop.example", i, origin)
		}
	}
	s := b2c.ClientSettings{ClientID: d.ClientID, AllowedOrigins: d.AllowedOrigins, ResponseHeaders: d.ResponseHeaders}
	for i, r := range d.Resources {
		s.Resources = append(s.Resources, r.settings(c.below("resources[%d]", i)))
	}
	return s
}

var originShape = regexp.MustCompile(`^https?://[^/\s]+$`)

func (d resourceDocument) settings(c *settingsCheck) b2c.ResourceSettings {
	if !strings.HasPrefix(d.ResourceID, "/") || len(d.ResourceID) < 2 {
		c.wrong("resource_id %q does not begin with a slash and name a resource", d.ResourceID)
	}
	if len(d.Methods) == 0 {
		c.wrong("methods are missing")
	}
	s := b2c.ResourceSettings{
		ResourceID: d.ResourceID, ReadAttributes: d.ReadAttributes, WriteAttributes: d.WriteAttributes, CacheTime: d.CacheTime,
	}
	for i, method := range d.Methods {
		method = strings.ToLower(method)
		if !slices.Contains([]string{"get", "head", "post", "put", "patch", "delete", "options"}, method) {
			c.wrong("methods[%d] %q is no HTTP method", i, method)
		}
		s.Methods = append(s.Methods, method)
	}
	c.selector("read_attributes", d.ReadAttributes)
	c.selector("write_attributes", d.WriteAttributes)
	if d.CacheTime < 0 || d.CacheTime > 86_400 {
		c.wrong("cache_time %d is not between 0 and 86400 seconds", d.CacheTime)
	}
	for i, r := range d.VersionRange {
		s.Versions = append(s.Versions, r.settings(c.below("version_range[%d]", i)))
	}
	return s
}

func (d rangeDocument) settings(c *settingsCheck) b2c.VersionRange {
	if d.From != "" && !settingsVersion.MatchString(d.From) {
		c.wrong("from %q is no version such as \"23.2\"", d.From)
	}
	if d.Until != "" && !settingsVersion.MatchString(d.Until) {
		c.wrong("until %q is no version such as \"23.2\"", d.Until)
	}
	return b2c.VersionRange{From: d.From, Until: d.Until}
}

// RenderSettings writes settings as [ParseSettings] reads them.
func RenderSettings(settings []b2c.Settings) (json.RawMessage, error) {
	file := settingsFile{Documents: []settingsDocument{}}
	for _, s := range settings {
		d := settingsDocument{API: string(s.API), Site: s.SiteID, Version: s.Version, Clients: []clientDocument{}}
		for _, c := range s.Clients {
			d.Clients = append(d.Clients, newClientDocument(c))
		}
		file.Documents = append(file.Documents, d)
	}
	return json.Marshal(file)
}

func newClientDocument(c b2c.ClientSettings) clientDocument {
	d := clientDocument{ClientID: c.ClientID, AllowedOrigins: c.AllowedOrigins, ResponseHeaders: c.ResponseHeaders, Resources: []resourceDocument{}}
	for _, r := range c.Resources {
		doc := resourceDocument{
			ResourceID: r.ResourceID, Methods: r.Methods, ReadAttributes: r.ReadAttributes, WriteAttributes: r.WriteAttributes, CacheTime: r.CacheTime,
		}
		for _, v := range r.Versions {
			doc.VersionRange = append(doc.VersionRange, rangeDocument(v))
		}
		d.Resources = append(d.Resources, doc)
	}
	return d
}
