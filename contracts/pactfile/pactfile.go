// Package pactfile reads Pact files of version 4: what a consumer sends, what
// it reads of the answer, and by which rules the two are compared. It writes
// none; that is for the consumers' tests.
package pactfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
)

// The kinds of interactions that pacts have.
const (
	HTTP    = "Synchronous/HTTP"
	Message = "Asynchronous/Messages"
)

// Pact is what a consumer and a provider have agreed on.
type Pact struct {
	Consumer, Provider struct{ Name string }
	Interactions       []Interaction
	// File is the name it was read from, Source its content.
	File   string `json:"-"`
	Source []byte `json:"-"`
}

// Interaction is one request with its answer, or one message.
type Interaction struct {
	Type, Description string
	ProviderStates    []State
	Comments          Comments
	// Reference is where in a composite the interaction was found.
	Reference string `json:"-"`
	Request   Request
	Response  Response
	// Contents, Metadata, MatchingRules and Generators are those of a message.
	Contents      Body
	Metadata      map[string]any
	MatchingRules Rules
	Generators    Generators
}

// Comments tell which function of a client makes the request, and what its
// caller is told.
type Comments struct{ TestName, Outcome string }

// State is what has to hold before the request is made.
type State struct {
	Name   string         `json:"name"`
	Params map[string]any `json:"params,omitempty"`
}

// OrderNumber is the number of the order that the state is about, or "".
func (s State) OrderNumber() string {
	number, _ := s.Params["orderNumber"].(string)
	return number
}

// Request is what the consumer sends.
type Request struct {
	Method, Path  string
	Query         url.Values
	Headers       http.Header
	Body          Body
	MatchingRules Rules
	Generators    Generators
}

// Response is what the consumer reads of the answer.
type Response struct {
	Status        int
	Headers       http.Header
	Body          Body
	MatchingRules Rules
	Generators    Generators
}

// Body is JSON as it is, any other text as a JSON string.
type Body struct {
	Content     json.RawMessage
	ContentType string
}

// Bytes is the body as it goes over the wire.
func (b Body) Bytes() []byte {
	var text string
	if json.Unmarshal(b.Content, &text) == nil {
		return []byte(text)
	}
	return b.Content
}

// Rules say how values are compared, by the part of the message and, within
// it, by JSON path or name. A path or status has one rule, named "".
type Rules map[string]map[string]Rule

// Rule is one or more matchers of a value.
type Rule struct {
	Combine  string
	Matchers []Matcher
}

// Matcher compares one value. Match names its kind; what else there is depends
// on it.
type Matcher struct {
	Match    string
	Regex    string
	Min, Max *int
	Value    json.RawMessage
	Status   json.RawMessage
	Variants []Variant
	Rules    []Matcher
}

// Variant is an element that an array has to contain; Index is which one of the
// example it is.
type Variant struct {
	Index int
	Rules map[string]Rule
}

// UnmarshalJSON takes rules as they are for named values and, for a path or a
// status, the rule alone.
func (r *Rules) UnmarshalJSON(source []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(source, &parts); err != nil {
		return err
	}
	*r = Rules{}
	for part, below := range parts {
		var one Rule
		if err := json.Unmarshal(below, &one); err == nil && len(one.Matchers) > 0 {
			(*r)[part] = map[string]Rule{"": one}
			continue
		}
		named := map[string]Rule{}
		if err := json.Unmarshal(below, &named); err != nil {
			return fmt.Errorf("matching rules of %s: %w", part, err)
		}
		(*r)[part] = named
	}
	return nil
}

// Generators say which values of a request are put in when it is made, by part
// and JSON path or name; that of a path is named "".
type Generators map[string]map[string]Generator

// Generator makes a value. Only those of a provider's state are known here.
type Generator struct{ Type, Expression string }

// UnmarshalJSON takes generators as they are for named values, and alone for a path.
func (g *Generators) UnmarshalJSON(source []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(source, &parts); err != nil {
		return err
	}
	*g = Generators{}
	for part, below := range parts {
		var one Generator
		if err := json.Unmarshal(below, &one); err == nil && one.Type != "" {
			(*g)[part] = map[string]Generator{"": one}
			continue
		}
		named := map[string]Generator{}
		if err := json.Unmarshal(below, &named); err != nil {
			return fmt.Errorf("generators of %s: %w", part, err)
		}
		(*g)[part] = named
	}
	return nil
}

// IsMessage tells a message from a request with its answer.
func (i Interaction) IsMessage() bool { return i.Type == Message }

// HTTPRequest is the request as it goes to a provider at base.
func (r Request) HTTPRequest(base string) (*http.Request, error) {
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	target.Path, target.RawQuery = path.Join("/", target.Path)+r.Path, r.Query.Encode()
	if target.Path[0:2] == "//" {
		target.Path = target.Path[1:]
	}
	request, err := http.NewRequest(r.Method, target.String(), bytes.NewReader(r.Body.Bytes())) //nolint:noctx // the caller adds its own
	if err != nil {
		return nil, err
	}
	for name, values := range r.Headers {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	return request, nil
}

// ErrNone is about a folder in which there is no pact.
var ErrNone = errors.New("no pact found")

// ReadAll reads every pact in a folder, by name of file. None is ErrNone.
func ReadAll(folder fs.FS) ([]Pact, error) {
	files, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, ErrNone
	}
	slices.Sort(files)
	var all []Pact
	for _, file := range files {
		p, err := Read(folder, file)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// MessageFolder is where, below the pacts, those about messages are.
const MessageFolder = "messages"

// ReadAgreements reads every pact in a folder, and those about messages below
// it. What two have agreed on is one pact, messages included, as a broker keeps it.
func ReadAgreements(folder fs.FS) ([]Pact, error) {
	all, err := ReadAll(folder)
	if err != nil {
		return nil, err
	}
	below, err := fs.Sub(folder, MessageFolder)
	if err != nil {
		return nil, err
	}
	told, err := ReadAll(below)
	if errors.Is(err, ErrNone) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	for _, m := range told {
		i := slices.IndexFunc(all, func(p Pact) bool { return p.Consumer == m.Consumer && p.Provider == m.Provider })
		if i < 0 {
			all = append(all, m)
			continue
		}
		if all[i], err = merged(all[i], m); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// merged is a pact with the interactions of another one between the same two.
func merged(p, more Pact) (Pact, error) {
	var document, others map[string]any
	if err := errors.Join(decode(p.Source, &document), decode(more.Source, &others)); err != nil {
		return p, err
	}
	own, _ := document["interactions"].([]any)
	theirs, _ := others["interactions"].([]any)
	document["interactions"] = append(own, theirs...)
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return p, err
	}
	p.Source, p.Interactions = out.Bytes(), slices.Concat(p.Interactions, more.Interactions)
	return p, nil
}

// decode keeps numbers as they are written.
func decode(source []byte, into *map[string]any) error {
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// Read reads one pact. A pact without any interaction is an error: nothing
// would be verified, and it would look as if all was well.
func Read(folder fs.FS, file string) (Pact, error) {
	source, err := fs.ReadFile(folder, file)
	if err != nil {
		return Pact{}, err
	}
	p := Pact{File: path.Base(file), Source: source}
	if err := json.Unmarshal(source, &p); err != nil {
		return Pact{}, fmt.Errorf("%s: %w", file, err)
	}
	if len(p.Interactions) == 0 {
		return Pact{}, fmt.Errorf("%s holds no interaction", file)
	}
	for _, i := range p.Interactions {
		if i.Type != HTTP && i.Type != Message {
			return Pact{}, fmt.Errorf("%s: %q is of the unknown type %q", file, i.Description, i.Type)
		}
	}
	return p, nil
}
