// Package assumptions keeps what is believed about Salesforce and B2C Commerce
// without a source that says so, as numbered checks that run against a sandbox
// org, or against the simulator, which believes the same. What the vendor does
// then is written down with its date.
package assumptions

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var files embed.FS

// Check is one belief.
type Check struct {
	// ID is its number, which is never given again.
	ID string
	// Unknown is what nobody says, Belief what is taken for true, Source where that comes from.
	Unknown, Belief, Source string
	// Ask is a question for a person, where no request can tell.
	Ask string
	// Writes says that the steps change something.
	Writes bool
	Steps  []Step
}

// Step is a request and what is expected of the answer.
type Step struct {
	// Request is METHOD /path; ${name} stands for what an earlier step kept, or for a given value.
	Request string
	Headers map[string]string
	// Body is JSON, Form a form.
	Body any
	Form string
	// Expect are expressions by place: status, header NAME, or a path of the body such as $[0].errorCode.
	Expect map[string]string
	// Keep names values of the body for the steps that follow.
	Keep map[string]string
}

// Verdict says what came of a check.
type Verdict string

// What may come of a check.
const (
	AsBelieved Verdict = "as believed"
	Otherwise  Verdict = "otherwise"
	NotRun     Verdict = "not run"
	ForAPerson Verdict = "for a person"
)

// Result is what came of a check, with what was seen.
type Result struct {
	Check   Check
	Verdict Verdict
	Seen    []string
}

// All reads every check, by number.
func All() ([]Check, error) { return read(files) }

func read(folder fs.FS) (all []Check, err error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		source, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		var some []Check
		d := yaml.NewDecoder(bytes.NewReader(source))
		d.KnownFields(true)
		if err := d.Decode(&some); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, some...)
	}
	for i, c := range all {
		if c.ID == "" || c.Unknown == "" || c.Belief == "" || c.Source == "" || (c.Ask == "") == (len(c.Steps) == 0) {
			return nil, fmt.Errorf("assumption %q lacks something, or has both steps and a question", c.ID)
		}
		if slices.ContainsFunc(all[:i], func(o Check) bool { return o.ID == c.ID }) {
			return nil, fmt.Errorf("assumption %s is there twice", c.ID)
		}
	}
	return all, nil
}

// Runner runs checks against an org.
type Runner struct {
	// URL is the base URL, Token that of Salesforce.
	URL, Token string
	// Values are given for ${name}.
	Values map[string]string
	Writes bool
	Client *http.Client
}

// Run runs one check.
func (r Runner) Run(ctx context.Context, c Check) Result {
	result := Result{Check: c, Verdict: AsBelieved}
	switch {
	case c.Ask != "":
		result.Verdict = ForAPerson
		return result
	case c.Writes && !r.Writes:
		result.Verdict, result.Seen = NotRun, []string{"it writes; --allow-writes runs it"}
		return result
	}
	values := map[string]string{"token": r.Token}
	for name, value := range r.Values {
		values[name] = value
	}
	for _, step := range c.Steps {
		seen, ok, err := r.step(ctx, step, values)
		result.Seen = append(result.Seen, seen...)
		switch {
		case errors.Is(err, errMissing):
			result.Verdict = NotRun
		case err != nil || !ok:
			result.Verdict = Otherwise
		}
		if err != nil {
			result.Seen = append(result.Seen, err.Error())
			return result
		}
	}
	return result
}

// errMissing is about data that the org does not have.
var errMissing = errors.New("the org has nothing to look at")

func (r Runner) step(ctx context.Context, s Step, values map[string]string) (seen []string, ok bool, err error) {
	came, err := r.send(ctx, s, values)
	if err != nil {
		return nil, false, err
	}
	ok = true
	places := make([]string, 0, len(s.Expect))
	for place := range s.Expect {
		places = append(places, place)
	}
	slices.Sort(places)
	for _, place := range places {
		got := came.at(place)
		matches, err := regexp.MatchString("^(?:"+filled(s.Expect[place], values)+")$", got)
		if err != nil {
			return seen, false, err
		}
		word := "as believed"
		if !matches {
			word, ok = "believed "+s.Expect[place], false
		}
		seen = append(seen, fmt.Sprintf("%s: %s is %q, %s", s.Request, place, got, word))
	}
	for name, place := range s.Keep {
		value := came.at(place)
		if value == "" {
			return seen, ok, fmt.Errorf("%w: %s has no %s", errMissing, s.Request, place)
		}
		values[name] = value
	}
	return seen, ok, nil
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	// document is the body; one that is no JSON has no places.
	document any
}

func (r Runner) send(ctx context.Context, s Step, values map[string]string) (came answer, err error) {
	method, path, _ := strings.Cut(filled(s.Request, values), " ")
	var body string
	switch {
	case s.Form != "":
		body = filled(s.Form, values)
	case s.Body != nil:
		source, err := json.Marshal(s.Body)
		if err != nil {
			return came, err
		}
		body = filled(string(source), values)
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+strings.ReplaceAll(path, " ", "+"), strings.NewReader(body))
	if err != nil {
		return came, err
	}
	switch {
	case s.Form != "":
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case s.Body != nil:
		request.Header.Set("Content-Type", "application/json")
	}
	if strings.HasPrefix(path, "/services/data/") {
		request.Header.Set("Authorization", "Bearer "+r.Token)
	}
	for name, value := range s.Headers {
		request.Header.Set(name, filled(value, values))
	}
	response, err := r.Client.Do(request)
	if err != nil {
		return came, err
	}
	defer func() { _ = response.Body.Close() }()
	source, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		return came, err
	}
	came.status, came.header = response.StatusCode, response.Header
	_ = json.Unmarshal(source, &came.document)
	return came, nil
}

func filled(text string, values map[string]string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

// at is the value at a place of an answer, as a text; "" where there is none.
func (a answer) at(place string) string {
	document := a.document
	if place == "status" {
		return strconv.Itoa(a.status)
	}
	if name, ok := strings.CutPrefix(place, "header "); ok {
		return a.header.Get(name)
	}
	for _, segment := range strings.FieldsFunc(strings.TrimPrefix(place, "$"), func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch value := document.(type) {
		case map[string]any:
			document = value[segment]
		case []any:
			n, err := strconv.Atoi(segment)
			if err != nil || n >= len(value) {
				return ""
			}
			document = value[n]
		default:
			return ""
		}
	}
	switch value := document.(type) {
	case nil:
		return ""
	case string:
		return value
	default:
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
}
