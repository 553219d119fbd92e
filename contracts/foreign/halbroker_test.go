//go:build foreign

package foreign_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// halBroker is as much of a Pact Broker's HAL interface as the official command line, and an import, ask for. It keeps what it
// is told and answers from that.
type halBroker struct {
	mu           sync.Mutex
	url          string
	versions     []halVersion
	results      map[string]bool   // "provider version content" → success
	environments map[string]string // name → id
	deployed     map[string]string // "environment pacticipant" → version
	webhooks     map[string]json.RawMessage
	tags         []string
}

// halVersion is a version of a consumer, with the content of its pacts by provider.
type halVersion struct {
	name, number, branch string
	tags                 []string
	pacts                map[string]string
}

func startBroker(t *testing.T) *halBroker {
	t.Helper()
	b := &halBroker{results: map[string]bool{}, environments: map[string]string{"test": "environment-1"}, deployed: map[string]string{}, webhooks: map[string]json.RawMessage{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", b.index)
	mux.HandleFunc("POST /contracts/publish", b.publish)
	mux.HandleFunc("GET /pacts/provider/{provider}/consumer/{consumer}/version/{version}", b.pact)
	mux.HandleFunc("POST /results/{provider}/{consumer}/{version}", b.verified)
	mux.HandleFunc("PUT /pacticipants/{name}/branches/{branch}/versions/{version}", b.noted)
	mux.HandleFunc("PUT /pacticipants/{name}/versions/{version}/tags/{tag}", b.noted)
	mux.HandleFunc("GET /pacticipants/{name}", b.pacticipant)
	mux.HandleFunc("GET /pacticipants/{name}/versions/{version}", b.version)
	mux.HandleFunc("POST /deployed/{name}/{version}/{environment}", b.deploy)
	mux.HandleFunc("GET /environments", b.listEnvironments)
	mux.HandleFunc("POST /environments", b.environment)
	mux.HandleFunc("GET /matrix", b.matrix)
	mux.HandleFunc("PUT /webhooks/{id}", b.webhook)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer secret" {
			tell(w, http.StatusUnauthorized, object{"error": "unauthorized"})
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func tell(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/hal+json;charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (b *halBroker) index(w http.ResponseWriter, _ *http.Request) {
	links := object{}
	for name, path := range map[string]string{
		"pb:publish-contracts": "/contracts/publish", "pb:environments": "/environments", "pb:webhook": "/webhooks/{uuid}", "pb:webhooks": "/webhooks",
		"pb:pacticipant-version": "/pacticipants/{pacticipant}/versions/{version}",
	} {
		links[name] = object{"href": b.url + path, "templated": strings.Contains(path, "{")}
	}
	tell(w, http.StatusOK, object{"_links": links})
}

func (b *halBroker) publish(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name      string `json:"pacticipantName"`
		Number    string `json:"pacticipantVersionNumber"`
		Branch    string
		Tags      []string
		Contracts []struct{ ProviderName, Content string }
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Name == "" || len(in.Contracts) == 0 {
		tell(w, http.StatusBadRequest, object{"errors": object{"contracts": []string{"missing"}}})
		return
	}
	v := halVersion{in.Name, in.Number, in.Branch, in.Tags, map[string]string{}}
	for _, c := range in.Contracts {
		content, err := base64.StdEncoding.DecodeString(c.Content)
		if err != nil {
			tell(w, http.StatusBadRequest, object{"errors": object{"content": []string{"is no base64"}}})
			return
		}
		v.pacts[c.ProviderName] = interactionsOf(content)
	}
	if i := slices.IndexFunc(b.versions, func(o halVersion) bool { return o.name == v.name && o.number == v.number }); i >= 0 {
		for provider, content := range v.pacts {
			b.versions[i].pacts[provider] = content
		}
	} else {
		b.versions = append(b.versions, v)
	}
	tell(w, http.StatusOK, object{"notices": []object{{"type": "success", "text": "published"}}, "_links": object{"pb:contracts": []object{}}})
}

// interactionsOf is what makes a pact another one.
func interactionsOf(content []byte) string {
	var pact struct{ Interactions json.RawMessage }
	_ = json.Unmarshal(content, &pact)
	var tidy any
	_ = json.Unmarshal(pact.Interactions, &tidy)
	out, _ := json.Marshal(tidy)
	return string(out)
}

// find is a version by its number, or the latest one without.
func (b *halBroker) find(name, number string) *halVersion {
	for i := range slices.Backward(b.versions) {
		if v := &b.versions[i]; v.name == name && (number == "" || v.number == number) {
			return v
		}
	}
	return nil
}

func (b *halBroker) pact(w http.ResponseWriter, r *http.Request) {
	v := b.find(r.PathValue("consumer"), r.PathValue("version"))
	if v == nil || v.pacts[r.PathValue("provider")] == "" {
		tell(w, http.StatusNotFound, object{})
		return
	}
	tell(w, http.StatusOK, object{"_links": object{"pb:publish-verification-results": object{
		"href": b.url + "/results/" + r.PathValue("provider") + "/" + r.PathValue("consumer") + "/" + r.PathValue("version"),
	}}})
}

func (b *halBroker) verified(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Success bool
		Version string `json:"providerApplicationVersion"`
	}
	v := b.find(r.PathValue("consumer"), r.PathValue("version"))
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Version == "" || v == nil {
		tell(w, http.StatusBadRequest, object{})
		return
	}
	provider := r.PathValue("provider")
	b.results[provider+" "+in.Version+" "+v.pacts[provider]] = in.Success
	if b.find(provider, in.Version) == nil {
		b.versions = append(b.versions, halVersion{name: provider, number: in.Version})
	}
	tell(w, http.StatusCreated, object{})
}

func (b *halBroker) noted(w http.ResponseWriter, r *http.Request) {
	b.tags = append(b.tags, strings.TrimPrefix(r.URL.Path, "/pacticipants/"))
	tell(w, http.StatusCreated, object{})
}

func (b *halBroker) pacticipant(w http.ResponseWriter, r *http.Request) {
	latest := b.find(r.PathValue("name"), "")
	if latest == nil {
		tell(w, http.StatusNotFound, object{"error": "no such pacticipant"})
		return
	}
	tell(w, http.StatusOK, object{"name": latest.name, "_embedded": object{"latestVersion": object{"number": latest.number}}})
}

func (b *halBroker) version(w http.ResponseWriter, r *http.Request) {
	name, number := r.PathValue("name"), r.PathValue("version")
	if b.find(name, number) == nil {
		tell(w, http.StatusNotFound, object{})
		return
	}
	var links []object
	for environment := range b.environments {
		links = append(links, object{"name": environment, "href": b.url + "/deployed/" + name + "/" + number + "/" + environment})
	}
	tell(w, http.StatusOK, object{"number": number, "_links": object{"self": object{"href": b.url + r.URL.Path}, "pb:record-deployment": links}})
}

func (b *halBroker) deploy(w http.ResponseWriter, r *http.Request) {
	b.deployed[r.PathValue("environment")+" "+r.PathValue("name")] = r.PathValue("version")
	tell(w, http.StatusCreated, object{})
}

func (b *halBroker) listEnvironments(w http.ResponseWriter, _ *http.Request) {
	list := []object{}
	for name, id := range b.environments {
		list = append(list, object{"name": name, "uuid": id})
	}
	tell(w, http.StatusOK, object{"_embedded": object{"environments": list}, "_links": object{}})
}

func (b *halBroker) environment(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	_ = json.NewDecoder(r.Body).Decode(&in) // a name that is not there is refused below
	if in.Name == "" || b.environments[in.Name] != "" {
		tell(w, http.StatusBadRequest, object{"errors": object{"name": []string{"is taken or missing"}}})
		return
	}
	b.environments[in.Name] = fmt.Sprintf("environment-%d", len(b.environments)+1)
	tell(w, http.StatusCreated, object{"name": in.Name, "uuid": b.environments[in.Name], "_links": object{}})
}

// matrix answers as a broker does: every provider that the version counts on is deployed and verified, and every consumer
// that is deployed is kept to.
func (b *halBroker) matrix(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	name, environment := q.Get("q[][pacticipant]"), q.Get("environment")
	if q.Get("q[][version]") == "" && q.Get("q[][latest]") != "true" || environment == "" {
		tell(w, http.StatusBadRequest, object{"errors": []string{"no version was named"}})
		return
	}
	v := b.find(name, q.Get("q[][version]"))
	if v == nil {
		tell(w, http.StatusBadRequest, object{"errors": []string{"there is no such version"}})
		return
	}
	var against []string
	for provider, content := range v.pacts {
		there := b.deployed[environment+" "+provider]
		if ok := b.results[provider+" "+there+" "+content]; !ok {
			against = append(against, fmt.Sprintf("no successful verification of %s %s", provider, there))
		}
	}
	for _, c := range b.versions {
		if content := c.pacts[name]; content != "" && b.deployed[environment+" "+c.name] == c.number && !b.results[name+" "+v.number+" "+content] {
			against = append(against, "the pact of "+c.name+" is not verified")
		}
	}
	tell(w, http.StatusOK, object{
		"summary": object{"deployable": len(against) == 0, "reason": strings.Join(against, "; "), "success": 0, "failed": len(against), "unknown": 0},
		"notices": []object{{"type": "info", "text": strings.Join(against, "; ")}}, "matrix": []object{},
	})
}

func (b *halBroker) webhook(w http.ResponseWriter, r *http.Request) {
	var in json.RawMessage
	_ = json.NewDecoder(r.Body).Decode(&in) // an empty one is looked at by the test
	b.webhooks[r.PathValue("id")] = in
	tell(w, http.StatusCreated, object{"uuid": r.PathValue("id"), "description": "d", "_links": object{"self": object{"href": b.url + r.URL.Path, "title": "t"}}})
}
