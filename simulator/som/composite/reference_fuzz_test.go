package composite

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/som"
)

// FuzzReferences demands of every answer and every text with references that they are replaced or refused; that a body
// stays JSON, that a URL keeps its parts, and that a text taken out of an answer arrives as it was.
func FuzzReferences(f *testing.F) {
	for _, seed := range [][3]string{
		{`{"id":"001","records":[{"Id":"a","Name":"q\"\\"}]}`, `{"x":"@{r.records[0].Name}"}`, "/a/@{r.id}?q=@{r.records[0].Name}"},
		{`[1,2.5,true,null,"x"]`, `{"@{r[3]}":"@{r[1]}@{r[2]}"}`, "@{r[0]}"},
		{`{}`, `["@{r}","@{other.id}","@{","@{}","@{r.a..b}","@{r[}"]`, "@{r[99999999999999999999]}"},
		{`{"a":{"b":[[{"c":"deep&/?# ü"}]]}}`, `"@{r.a.b[0][0].c}"`, "/x/@{r.a.b[0][0].c}?y=@{r.a.b[0][0].c}&z=1"},
		{`nonsense`, `nonsense @{r.x}`, "%zz@{r.x}?"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, answer, body, target string) {
		known := references{}
		known.add(subResponse{ReferenceID: "r", HTTPStatusCode: 200, Body: json.RawMessage(answer)})
		replaced, err := known.inBody(json.RawMessage(body))
		checkRefusal(t, err)
		if err == nil && json.Valid([]byte(body)) && !json.Valid(replaced) {
			t.Errorf("%q in place of the references of %q is no JSON", replaced, body)
		}
		path, err := known.inURL(target)
		checkRefusal(t, err)
		if err == nil && strings.Count(path, "?") < strings.Count(target, "?") {
			t.Errorf("%q became %q", target, path)
		}
		arrives(t, known, answer)
	})
}

// checkRefusal accepts no error but the one for a reference to nothing.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var refusal *som.Error
	if err != nil && (!errors.As(err, &refusal) || refusal.Code != codeHalted || refusal.Rule != "som.composite.reference") {
		t.Errorf("not a refusal: %v", err)
	}
}

// arrives takes a text out of the answer and reads it back from where it was put.
func arrives(t *testing.T, known references, answer string) {
	t.Helper()
	var fields map[string]any
	if json.Unmarshal([]byte(answer), &fields) != nil {
		return
	}
	for name, value := range fields {
		text, isText := value.(string)
		if !isText || !reference.MatchString("@{r."+name+"}") || reference.FindString("@{r."+name+"}") != "@{r."+name+"}" || strings.ContainsAny(name, ".[") {
			continue
		}
		body, err := known.inBody(json.RawMessage(`"@{r.` + name + `}"`))
		var got string
		if err != nil || json.Unmarshal(body, &got) != nil || got != text {
			t.Errorf("%q arrives in a body as %q, %v", text, got, err)
		}
		target, err := known.inURL("/a?q=@{r." + name + "}")
		parsed, parseErr := url.Parse(target)
		if err != nil || parseErr != nil || parsed.Query().Get("q") != text {
			t.Errorf("%q arrives in a query as %q, %v, %v", text, target, err, parseErr)
		}
	}
}
