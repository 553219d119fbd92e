package slas

import (
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// codeInput asks for a one-time code, by mail, message or a call back.
type codeInput struct {
	RegisterCustomer string `query:"register_customer"`
	Body             struct {
		UserID      string `json:"user_id"`
		Mode        string `json:"mode"`
		USID        string `json:"usid"`
		Callback    string `json:"callback_uri"`
		Email       string `json:"email"`
		FirstName   string `json:"first_name"`
		LastName    string `json:"last_name"`
		PhoneNumber string `json:"phone_number"`
		Challenge   string `json:"code_challenge"`
		Hint        string `json:"hint"`
	}
}

// hintCrossDevice says that a password is reset on another device than the one that asked.
const hintCrossDevice = "cross_device"

// send has a one-time code sent to a shopper.
func (a *API) send(c *binding.Call, in codeInput, kind b2c.MailKind) (binding.Empty, error) {
	site, err := a.channel(c)
	if err != nil {
		return binding.Empty{}, err
	}
	login, _ := splitSandbox(in.Body.UserID)
	asked := b2c.OneTimeRequest{Kind: kind, Login: login, ClientID: c.Principal.Client, SiteID: site.ID, USID: in.Body.USID, Challenge: in.Body.Challenge}
	switch {
	case in.Body.Mode == "callback" && in.Body.Callback == "":
		return binding.Empty{}, b2c.InvalidRequestf("b2c.slas.delivery", "The mode callback needs a callback_uri.")
	case in.Body.Mode == "callback":
		asked.To = in.Body.Callback
	case in.Body.Mode == "sms" && in.Body.PhoneNumber == "":
		return binding.Empty{}, b2c.InvalidRequestf("b2c.slas.delivery", "The mode sms needs a phone_number.")
	case in.Body.Mode == "sms":
		asked.To = in.Body.PhoneNumber
	}
	if asked.Register, err = in.registration(login); err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.SendCode(c.Tx, asked)
}

// registration is the customer whom a log-in makes when there is none; nil where that is not asked for.
func (in codeInput) registration(login string) (*b2c.NewCustomer, error) {
	if in.RegisterCustomer != "true" {
		return nil, nil //nolint:nilnil // nobody is to be registered
	}
	n := b2c.NewCustomer{Login: login, Email: in.Body.Email, FirstName: in.Body.FirstName, LastName: in.Body.LastName}
	if n.Email == "" && strings.Contains(login, "@") {
		n.Email = login
	}
	if n.Email == "" {
		return nil, b2c.InvalidRequestf("b2c.slas.registration", "To register a customer an email is needed, unless the user_id is one.")
	}
	return &n, nil
}

// authorizePasswordlessCustomer sends a code to log in by.
func (a *API) authorizePasswordlessCustomer(c *binding.Call, in codeInput) (binding.Empty, error) {
	return a.send(c, in, b2c.MailPasswordless)
}

// requestOtp sends a code that proves who somebody is. A mail goes to the shopper's own address alone.
func (a *API) requestOtp(c *binding.Call, in codeInput) (binding.Empty, error) {
	if in.Body.Mode == "email" {
		login, _ := splitSandbox(in.Body.UserID)
		customer, ok := a.domain.ExternalCustomer(c.Tx, b2c.IDPEcom, login)
		if in.Body.Email == "" || ok && !strings.EqualFold(customer.Email, in.Body.Email) {
			return binding.Empty{}, b2c.InvalidRequestf("b2c.slas.delivery", "The mode email needs the shopper's email.")
		}
	}
	in.RegisterCustomer = ""
	return a.send(c, in, b2c.MailOneTimeCode)
}

// getPasswordResetToken sends a code to set another password by.
func (a *API) getPasswordResetToken(c *binding.Call, in codeInput) (binding.Empty, error) {
	if in.Body.Hint == hintCrossDevice {
		in.Body.Challenge = ""
	} else if n := len(in.Body.Challenge); c.Principal.Kind == kindPublic && (n < 43 || n > 128) {
		return binding.Empty{}, b2c.InvalidRequestf("b2c.slas.challenge", "A code_challenge has 43 to 128 characters, this one has %d.", n)
	}
	in.RegisterCustomer = ""
	return a.send(c, in, b2c.MailPasswordReset)
}

// shownInput shows a one-time code.
type shownInput struct {
	Body struct {
		LoginToken  string `json:"pwdless_login_token"`
		ActionToken string `json:"pwd_action_token"`
		UserID      string `json:"user_id"`
		LoginID     string `json:"login_id"`
		Verifier    string `json:"code_verifier"`
		Password    string `json:"new_password"`
		Hint        string `json:"hint"`
		DNT         string `json:"dnt"`
	}
}

func (in shownInput) shown(c *binding.Call, kind b2c.MailKind) b2c.ShownCode {
	login, _ := splitSandbox(in.Body.UserID)
	return b2c.ShownCode{
		Kind: kind, Code: in.Body.ActionToken, Login: login, ClientID: c.Principal.Client, Verifier: in.Body.Verifier,
		CrossDevice: in.Body.Hint == hintCrossDevice,
	}
}

// getPasswordLessAccessToken gives the tokens of a shopper who shows the code.
func (a *API) getPasswordLessAccessToken(c *binding.Call, in shownInput) (tokenDocument, error) {
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return tokenDocument{}, err
	}
	login, _ := splitSandbox(in.Body.LoginID)
	shown := b2c.ShownCode{Kind: b2c.MailPasswordless, Code: in.Body.LoginToken, Login: login, ClientID: client.ID}
	visit, customer, err := a.domain.LogInByCode(c.Tx, shown)
	if err != nil {
		return tokenDocument{}, err
	}
	grant, err := a.domain.Grant(c.Tx, b2c.NewGrant{
		Visit: visit, Client: client, IDP: b2c.IDPEcom, Login: customer.Login, Public: c.Principal.Kind == kindPublic, DoNotTrack: in.Body.DNT == "true",
	})
	if err != nil {
		return tokenDocument{}, err
	}
	return a.tokens(c, grant)
}

func (a *API) verifyOtp(c *binding.Call, in shownInput) (binding.Empty, error) {
	_, err := a.domain.TakeCode(c.Tx, in.shown(c, b2c.MailOneTimeCode))
	return binding.Empty{}, err
}

func (a *API) resetPassword(c *binding.Call, in shownInput) (binding.Empty, error) {
	return binding.Empty{}, a.domain.PasswordByCode(c.Tx, in.shown(c, b2c.MailPasswordReset), in.Body.Password)
}
