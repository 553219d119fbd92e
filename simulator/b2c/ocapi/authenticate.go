package ocapi

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// The kinds of caller.
const (
	kindClient     = "client"
	kindGuest      = "guest"
	kindRegistered = "registered"
	kindSystem     = "system"
	// KindAgent is an agent who works for a shopper.
	KindAgent = "agent"
)

var clientIDShape = regexp.MustCompile(`^[A-Za-z0-9-]{30,36}$`)

// authenticateClient lets everybody in who names a registered API client.
func (a *API) authenticateClient(c *binding.Call) (binding.Principal, error) {
	if err := a.checkPath(c); err != nil {
		return binding.Principal{}, err
	}
	id, err := a.client(c)
	if err != nil {
		return binding.Principal{}, err
	}
	return binding.Principal{Kind: kindClient, Client: id}, a.permit(c, id)
}

// authenticateBearer lets shoppers in with a JWT and a client id, and systems with an Account Manager token.
func (a *API) authenticateBearer(c *binding.Call) (binding.Principal, error) {
	if err := a.checkPath(c); err != nil {
		return binding.Principal{}, err
	}
	token := bearer(c.Request.Header)
	if token != "" && !isJWT(token) {
		return a.system(c, token)
	}
	if shoppertoken.SandboxOf(token) != "" {
		return a.slasShopper(c, token)
	}
	client, err := a.client(c)
	if err != nil {
		return binding.Principal{}, err
	}
	if token == "" {
		return binding.Principal{}, noBearer(c.Request.Header)
	}
	p, err := a.shopper(c, client, token)
	if err != nil {
		return binding.Principal{}, err
	}
	return p, a.permit(c, client)
}

// slasShopper lets shoppers in with a token of SLAS, which names its client itself.
func (a *API) slasShopper(c *binding.Call, token string) (binding.Principal, error) {
	holder, err := a.slas.Hold(c.Tx, a.domain, token)
	if err != nil {
		return binding.Principal{}, err
	}
	client := holder.Grant.ClientID
	if given, _ := splitSandbox(clientID(c.Request)); given != "" && given != client || holder.Grant.SiteID != c.Request.Vars["site"] {
		return binding.Principal{}, invalidToken()
	}
	return Shopper(holder.Customer, holder.Grant, token), a.permit(c, client)
}

// authenticateSystem lets systems in with an Account Manager token, and nobody else.
func (a *API) authenticateSystem(c *binding.Call) (binding.Principal, error) {
	if err := a.checkPath(c); err != nil {
		return binding.Principal{}, err
	}
	token := bearer(c.Request.Header)
	if token == "" {
		return binding.Principal{}, noBearer(c.Request.Header)
	}
	if isJWT(token) {
		return binding.Principal{}, invalidToken()
	}
	return a.system(c, token)
}

// authenticateShopper lets shoppers in with their token, and no system.
func (a *API) authenticateShopper(c *binding.Call) (binding.Principal, error) {
	p, err := a.authenticateBearer(c)
	if err == nil && p.Kind == kindSystem {
		return binding.Principal{}, Refuse("b2c.token.shopper", "AccessWithoutUserForbidden", "The resource needs the token of a customer.")
	}
	return p, err
}

// authenticateData lets systems in with an Account Manager token alone.
func (a *API) authenticateData(c *binding.Call) (binding.Principal, error) {
	if token := c.Request.Vars["version"]; !knownVersion(dataVersions(), token) {
		return binding.Principal{}, versionUnknown(token)
	}
	token := bearer(c.Request.Header)
	if token == "" {
		return binding.Principal{}, noBearer(c.Request.Header)
	}
	if isJWT(token) {
		return binding.Principal{}, invalidToken()
	}
	return a.system(c, token)
}

// system lets an API client in by itself.
func (a *API) system(c *binding.Call, token string) (binding.Principal, error) {
	t, err := a.domain.SystemToken(c.Tx, token)
	if err != nil {
		return binding.Principal{}, err
	}
	return System(t.ClientID, t.User, token), a.permit(c, t.ClientID)
}

func noBearer(h http.Header) error {
	if h.Get("Authorization") == "" {
		return &fault{
			status: http.StatusUnauthorized, name: "AuthorizationHeaderMissing", rule: "b2c.authorization.given",
			message: "The request is unauthorized, the authorization header is missing.",
		}
	}
	return &fault{
		status: http.StatusUnauthorized, name: "InvalidAuthorizationHeader", rule: "b2c.authorization.well-formed",
		message: "The request is unauthorized, the authorization header is not of the needed scheme.",
	}
}

// authenticateUser checks the login and the password of a user, with the secret of the API client behind them.
func (a *API) authenticateUser(c *binding.Call) (binding.Principal, error) {
	login, secrets, _ := c.Request.HTTP().BasicAuth()
	login, _ = splitSandbox(login)
	id, _ := splitSandbox(clientID(c.Request))
	password, secret := "", ""
	if at := strings.LastIndex(secrets, ":"); at >= 0 {
		password, secret = secrets[:at], secrets[at+1:]
	}
	client, err := a.domain.AuthenticateClient(c.Tx, id, secret)
	if err != nil {
		return binding.Principal{}, err
	}
	user, err := a.domain.AuthenticateUser(c.Tx, login, password)
	return System(client.ID, user.Login, ""), err
}

// authenticateCredentials checks an API client's id and secret at Account Manager.
func (a *API) authenticateCredentials(c *binding.Call) (binding.Principal, error) {
	id, secret, _ := c.Request.HTTP().BasicAuth()
	id, _ = splitSandbox(id)
	client, err := a.domain.AuthenticateClient(c.Tx, id, secret)
	return binding.Principal{Kind: kindSystem, ID: client.ID, Client: client.ID}, err
}

// checkPath refuses versions and sites that do not exist, whoever asks.
func (a *API) checkPath(c *binding.Call) error {
	token := c.Request.Vars["version"]
	if !knownVersion(versions(), token) {
		return versionUnknown(token)
	}
	_, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	return err
}

func versionUnknown(token string) error {
	return Refuse("b2c.version.known", "VersionNotFound", fmt.Sprintf("No version '%s' could be found.", token), "version", token)
}

// client checks the client id of a call and returns it without its sandbox.
func (a *API) client(c *binding.Call) (string, error) {
	id, _ := splitSandbox(clientID(c.Request))
	switch {
	case id == "":
		return "", &fault{
			status: http.StatusBadRequest, name: "MissingClientId", rule: "b2c.client.given", message: "The client id is missing.",
		}
	case !clientIDShape.MatchString(id):
		return "", &fault{
			status: http.StatusBadRequest, name: "InvalidClientId", rule: "b2c.client.well-formed",
			message: fmt.Sprintf("The client id '%s' is invalid.", id), arguments: map[string]string{"clientId": id},
		}
	}
	client, err := a.domain.Client(c.Tx, id)
	return client.ID, err
}

func clientID(r *binding.Request) string {
	if id := r.Header.Get("x-dw-client-id"); id != "" {
		return id
	}
	return r.Query("client_id")
}

func bearer(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// splitSandbox takes the sandbox off a credential: "id~NAME", or "name~NAME@host" for logins.
func splitSandbox(credential string) (plain, name string) {
	plain, name, found := strings.Cut(credential, "~")
	if !found {
		return credential, ""
	}
	name, host, isLogin := strings.Cut(name, "@")
	if isLogin {
		plain += "@" + host
	}
	return plain, name
}

// sandboxOf reads the sandbox out of the client id, the login or the token, whichever names one first. A token belongs to
// the sandbox that issued it, the default one included.
func sandboxOf(r *binding.Request) string {
	if _, name := splitSandbox(clientID(r)); name != "" {
		return name
	}
	if user, _, ok := r.HTTP().BasicAuth(); ok {
		_, name := splitSandbox(user)
		return name
	}
	token := bearer(r.Header)
	if name := shoppertoken.SandboxOf(token); name != "" {
		return name
	}
	if isJWT(token) {
		return issuingSandbox(token)
	}
	name, _, found := strings.Cut(token, "~")
	if !found {
		return ""
	}
	return name
}

// scoped writes a client id so that it names the sandbox it was used in.
func scoped(id, name string) string {
	if name == sandbox.Default {
		return id
	}
	return id + "~" + name
}

// override returns the verb that a POST stands for.
func override(r *http.Request) string {
	if r.Method != http.MethodPost {
		return ""
	}
	if verb := r.Header.Get("x-dw-http-method-override"); verb != "" {
		return strings.ToUpper(verb)
	}
	return strings.ToUpper(r.URL.Query().Get("method"))
}

func method(r *http.Request) string {
	if verb := override(r); verb != "" {
		return verb
	}
	return r.Method
}

// reader says whose orders a caller sees.
func reader(c *binding.Call, site string) b2c.Reader {
	if c.Principal.Kind == kindSystem {
		return b2c.Reader{SiteID: site}
	}
	return b2c.Reader{SiteID: site, CustomerID: c.Principal.ID, Agent: c.Principal.Kind == KindAgent}
}
