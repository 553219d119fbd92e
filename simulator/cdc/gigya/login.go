package gigya

import (
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/cdc"
)

func (a *API) accountsLogin(m *method) (answer, error) {
	if err := m.required("loginID", "password"); err != nil {
		return answer{}, err
	}
	life, err := m.sessionLife()
	if err != nil {
		return answer{}, err
	}
	login, _, _ := cutSandbox(m.text("loginID"))
	acc, session, missed, err := a.domain.LogIn(m.Tx, m.site, cdc.LogIn{LoginID: login, Password: m.text("password"), Life: life})
	if err != nil {
		return answer{}, err
	}
	if missed != nil {
		return outcome(missed.Outcome), nil
	}
	return m.loggedIn(acc, session), nil
}

// cutSandbox takes the sandbox off a login, "name~NAME@host".
func cutSandbox(login string) (plain, sandbox string, found bool) {
	name, rest, found := strings.Cut(login, "~")
	if !found {
		return login, "", false
	}
	sandbox, host, _ := strings.Cut(rest, "@")
	return name + "@" + host, sandbox, true
}

// sessionLife reads sessionExpiration: seconds; 0 and -1 leave it to the site.
func (m *method) sessionLife() (time.Duration, error) {
	if m.text("sessionExpiration") == "" {
		return 0, nil
	}
	seconds, err := strconv.Atoi(m.text("sessionExpiration"))
	if err != nil || seconds < -2 {
		return 0, invalidParameter("sessionExpiration", "is no number of seconds")
	}
	return time.Duration(max(seconds, 0)) * time.Second, nil
}

// caller is the account that a call is about: that of its session, or for a server application the one it names.
func (a *API) caller(m *method, uid string) (cdc.Account, error) {
	if uid != "" {
		if !m.server() {
			return cdc.Account{}, &cdc.Error{Code: cdc.UnauthorizedUser, Rule: "cdc.auth.caller", Details: "A UID is named by server applications alone."}
		}
		return a.domain.Account(m.Tx, uid)
	}
	return a.domain.SessionAccount(m.Tx, m.site, m.session())
}

// session is the token of a call, from its parameters or the site's cookie.
func (m *method) session() string {
	for _, name := range []string{"login_token", "oauth_token"} {
		if m.text(name) != "" {
			return m.text(name)
		}
	}
	if cookie, err := m.Request.HTTP().Cookie("glt_" + m.site.APIKey); err == nil {
		return cookie.Value
	}
	return ""
}

func (a *API) accountsGetAccountInfo(m *method) (answer, error) {
	acc, err := a.caller(m, m.text("UID"))
	if err != nil {
		return answer{}, err
	}
	return answer{accountFields: m.describe(acc)}, nil
}

// accountsVerifyLogin tells whether an account may still be logged in.
func (a *API) accountsVerifyLogin(m *method) (answer, error) {
	acc, err := a.caller(m, m.text("UID"))
	if err != nil {
		return answer{}, err
	}
	if acc.Disabled {
		return answer{}, &cdc.Error{Code: cdc.AccountDisabled, Rule: "cdc.account.active", Details: "The account is disabled."}
	}
	if err := a.domain.Pending(m.site, acc); err != nil {
		return told(err)
	}
	return answer{accountFields: m.describe(acc)}, nil
}

func (a *API) accountsSetAccountInfo(m *method) (answer, error) {
	acc, err := a.changing(m)
	if err != nil {
		return answer{}, err
	}
	change := cdc.Change{Password: m.text("password"), NewPassword: m.text("newPassword"), Server: m.server()}
	if change.Profile, err = m.document("profile"); err != nil {
		return answer{}, err
	}
	if change.Data, err = m.document("data"); err != nil {
		return answer{}, err
	}
	if change.Active, err = m.flag("isActive"); err != nil {
		return answer{}, err
	}
	if change.Verified, err = m.flag("isVerified"); err != nil {
		return answer{}, err
	}
	change.Email = takeText(change.Profile, "email")
	if name := m.text("username"); name != "" {
		change.Username = &name
	}
	acc, err = a.domain.ChangeAccount(m.Tx, acc.UID, change)
	return answer{accountFields: &accountFields{UID: acc.UID}}, err
}

// changing is the account that a change is for; a registration that is pending goes on with its token.
func (a *API) changing(m *method) (cdc.Account, error) {
	if token := m.text("regToken"); token != "" {
		return a.domain.TokenAccount(m.Tx, m.site, token)
	}
	return a.caller(m, m.text("UID"))
}

// takeText takes a text out of a document.
func takeText(d cdc.Document, name string) *string {
	value, ok := d[name]
	if !ok {
		return nil
	}
	text, err := strconv.Unquote(value)
	if err != nil {
		return nil
	}
	delete(d, name)
	return &text
}

func (a *API) accountsLogout(m *method) (answer, error) {
	acc, err := a.caller(m, m.text("UID"))
	if err != nil {
		return answer{}, err
	}
	a.domain.LogOut(m.Tx, acc.UID)
	return answer{accountFields: &accountFields{UID: acc.UID}}, nil
}
