package somrest

import (
	"bytes"
	_ "embed" // the page
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// authorize shows the user the page on which he logs in and lets an app act for him, or not.
func (a *API) authorize(c *binding.Call) (*binding.Response, error) {
	form := readForm(c.Request)
	if resp, err := a.refuseAuthorization(c, form); resp != nil || err != nil {
		return resp, err
	}
	return consent(c, form, "")
}

// approve reads the page that [API.authorize] has shown: it sends the user back to the app, with a code or with the
// reason why there is none. A user who does not get his password right sees the page again.
func (a *API) approve(c *binding.Call) (*binding.Response, error) {
	form := readForm(c.Request)
	if resp, err := a.refuseAuthorization(c, form); resp != nil || err != nil {
		return resp, err
	}
	switch form.Get("decision") {
	case "":
		return consent(c, form, "") // an app that has sent the request as a form, as OAuth permits
	case "allow":
	default:
		return redirectError(c, form, som.Denied()), nil
	}
	username, _ := som.SplitCredential(form.Get("username"))
	code, err := a.domain.Approve(c.Tx, form.authorization(), username, form.Get("password"))
	var refused *som.Error
	switch {
	case errors.As(err, &refused) && refused.Code == som.CodeInvalidLogin:
		c.Note(refused)
		return consent(c, form, refused.Message)
	case err != nil:
		return nil, err
	}
	return form.sendBack(url.Values{"code": {code}})
}

// authorization is the wish of the app in the form.
func (f oauthForm) authorization() som.Authorization {
	return som.Authorization{
		ClientID: f.client().ID, RedirectURI: f.Get("redirect_uri"), ResponseType: f.Get("response_type"), Scope: f.Get("scope"),
		Challenge: f.Get("code_challenge"), Method: f.Get("code_challenge_method"),
	}
}

// refuseAuthorization answers a wish that cannot be granted whatever the user says. Only an app that is known and has
// registered the redirect URI learns it there; otherwise the user does, on a page.
func (a *API) refuseAuthorization(c *binding.Call, form oauthForm) (*binding.Response, error) {
	if err := form.agreesOnSandbox(); err != nil {
		return nil, err
	}
	if err := a.domain.CheckClient(c.Tx, form.authorization()); err != nil {
		return nil, err
	}
	if _, err := a.domain.CheckAuthorization(c.Tx, form.authorization()); err != nil {
		return redirectError(c, form, err), nil
	}
	return nil, nil
}

// redirectError sends the user back with what an app is told about its request.
func redirectError(c *binding.Call, form oauthForm, err error) *binding.Response {
	c.Note(err)
	var refused *som.Error
	if !errors.As(err, &refused) {
		return page(http.StatusInternalServerError, errorPage, Failure{Code: "server_error", Message: "unexpected error"})
	}
	resp, broken := form.sendBack(url.Values{"error": {string(refused.Code)}, "error_description": {refused.Message}})
	if broken != nil {
		return page(http.StatusBadRequest, errorPage, Failure{Code: string(som.CodeRedirectMismatch), Message: broken.Error()})
	}
	return resp
}

// sendBack redirects to the app with an answer, and with the state it sent.
func (f oauthForm) sendBack(answer url.Values) (*binding.Response, error) {
	target, err := url.Parse(f.Get("redirect_uri"))
	if err != nil {
		return nil, fmt.Errorf("redirect_uri: %w", err)
	}
	query := target.Query()
	for name, values := range answer {
		query[name] = values
	}
	if f.Has("state") {
		query.Set("state", f.Get("state"))
	}
	target.RawQuery = query.Encode()
	return &binding.Response{Status: http.StatusFound, Header: http.Header{"Location": {target.String()}, "Cache-Control": {"no-store"}}}, nil
}

// consentPage is what the page shows: the request it repeats, and why it is shown again.
type consentPage struct {
	Action, Client, Scope, Username, Problem string
	Hidden                                   []hiddenField
}

type hiddenField struct{ Name, Value string }

// consent renders the page on which the user decides.
func consent(c *binding.Call, form oauthForm, problem string) (*binding.Response, error) {
	p := consentPage{
		Action: c.BaseURL() + authorizePath, Client: form.Get("client_id"), Scope: form.Get("scope"), Username: form.Get("login_hint"),
		Problem: problem,
	}
	if username := form.Get("username"); username != "" {
		p.Username = username
	}
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"} {
		if form.Has(name) {
			p.Hidden = append(p.Hidden, hiddenField{name, form.Get(name)})
		}
	}
	return page(http.StatusOK, loginPage, p), nil
}

const authorizePath = "/services/oauth2/authorize"

//go:embed authorize.html
var authorizeHTML string

// The parts of authorize.html.
const (
	loginPage = "login"
	errorPage = "error"
)

func page(status int, part string, content any) *binding.Response {
	var b bytes.Buffer
	pages, err := template.New("").Parse(authorizeHTML)
	if err == nil {
		err = pages.ExecuteTemplate(&b, part, content)
	}
	if err != nil {
		status, b = http.StatusInternalServerError, *bytes.NewBufferString("the page cannot be shown")
	}
	return &binding.Response{Status: status, Header: http.Header{
		"Content-Type": {"text/html;charset=UTF-8"}, "Cache-Control": {"no-store"}, "X-Frame-Options": {"DENY"},
	}, Body: b.Bytes()}
}
