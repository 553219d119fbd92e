package gigya

import (
	"github.com/somsim/somsim/simulator/cdc"
)

func (a *API) accountsInitRegistration(m *method) (answer, error) {
	return answer{RegToken: a.domain.BeginRegistration(m.Tx, m.site).Token}, nil
}

// accountsRegister makes an account. Unless it is to be finalized at once, the answer is that it is pending.
func (a *API) accountsRegister(m *method) (answer, error) {
	if err := m.required("regToken", "password"); err != nil {
		return answer{}, err
	}
	n := cdc.NewAccount{Email: m.text("email"), Username: m.text("username"), Password: m.text("password")}
	var err error
	if n.Profile, err = m.document("profile"); err != nil {
		return answer{}, err
	}
	if n.Data, err = m.document("data"); err != nil {
		return answer{}, err
	}
	if email := takeText(n.Profile, "email"); email != nil && n.Email == "" {
		n.Email = *email
	}
	final, err := m.flag("finalizeRegistration")
	if err != nil {
		return answer{}, err
	}
	acc, err := a.domain.Register(m.Tx, m.site, m.text("regToken"), n)
	if err != nil {
		return answer{}, err
	}
	if final == nil || !*final {
		return told(a.domain.Pending(m.site, acc))
	}
	return a.finalize(m, acc)
}

func (a *API) accountsFinalizeRegistration(m *method) (answer, error) {
	if err := m.required("regToken"); err != nil {
		return answer{}, err
	}
	acc, err := a.domain.TokenAccount(m.Tx, m.site, m.text("regToken"))
	if err != nil {
		return answer{}, err
	}
	return a.finalize(m, acc)
}

func (a *API) finalize(m *method, acc cdc.Account) (answer, error) {
	acc, session, err := a.domain.Finalize(m.Tx, m.site, acc)
	if err != nil {
		return told(err)
	}
	out, fresh := m.loggedIn(acc, session), true
	out.NewUser = &fresh
	return out, nil
}
