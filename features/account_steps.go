package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// accountSteps are about shoppers who log in at the identity provider, by whom the shop knows them too.
func (w *world) accountSteps() []step {
	return []step{
		{given, `^the shopper has logged in at the identity provider$`, w.logsInAtProvider},
		{when, `^the shopper logs in at the identity provider$`, w.logsInAtProvider},
		{when, `^the shopper's log-in at the identity provider (has expired|was tampered with|is of an account that was switched off|is of a registration that is not complete)$`, w.spoilsLogin},
	}
}

// askProvider calls a method of the identity provider for the world's sandbox.
func (w *world) askProvider(ctx context.Context, method string, form url.Values, out any) error {
	form.Set("apiKey", wellKnown+"~"+w.shopper.sandbox)
	err := w.shopper.call(ctx, request{method: http.MethodPost, url: w.env.api + "/accounts." + method, body: form}, out)
	if err != nil {
		return fmt.Errorf("the identity provider, accounts.%s: %w", method, err)
	}
	return nil
}

// person is what the identity provider says when somebody logs in, or is vouched for.
type person struct {
	ErrorCode   int    `json:"errorCode"`
	UID         string `json:"UID"`
	RegToken    string `json:"regToken"`
	IDToken     string `json:"id_token"`
	SessionInfo struct {
		CookieValue string `json:"cookieValue"`
	} `json:"sessionInfo"`
}

// logsInAtProvider has the shopper come with what the identity provider vouches for, and nothing else.
func (w *world) logsInAtProvider(ctx context.Context) error {
	var session, vouched person
	login := url.Values{"loginID": {w.shopper.name + mailDomain}, "password": {wellKnown}}
	if err := w.askProvider(ctx, "login", login, &session); err != nil {
		return err
	}
	if err := w.askProvider(ctx, "getJWT", url.Values{"login_token": {session.SessionInfo.CookieValue}}, &vouched); err != nil {
		return err
	}
	if vouched.IDToken == "" {
		return fmt.Errorf("the identity provider does not vouch for %s: %+v", w.shopper.name, vouched)
	}
	w.shopper.token = "Bearer " + vouched.IDToken
	return w.remember(ctx)
}

// asServer adds what a server application of the identity provider shows.
func asServer(form url.Values) url.Values {
	form.Set("userKey", wellKnown)
	form.Set("secret", wellKnown)
	return form
}

func (w *world) spoilsLogin(ctx context.Context, how string) error {
	switch how {
	case "has expired":
		_, err := w.control.advance(ctx, 6*time.Minute)
		return err
	case "was tampered with":
		return w.tampers()
	case "is of an account that was switched off":
		return w.switchesOff(ctx)
	default:
		return w.registersHalf(ctx)
	}
}

// switchesOff has the account of the shopper switched off.
func (w *world) switchesOff(ctx context.Context) error {
	var found struct {
		Results []person `json:"results"`
	}
	query := "SELECT UID FROM accounts WHERE profile.email = '" + w.shopper.name + mailDomain + "'"
	if err := w.askProvider(ctx, "search", asServer(url.Values{"query": {query}}), &found); err != nil {
		return err
	}
	if len(found.Results) != 1 {
		return fmt.Errorf("the identity provider has %d accounts of %s", len(found.Results), w.shopper.name)
	}
	return w.askProvider(ctx, "setAccountInfo", asServer(url.Values{"UID": {found.Results[0].UID}, "isActive": {"false"}}), nil)
}

// registersHalf has the shopper come with an account that was begun and not completed.
func (w *world) registersHalf(ctx context.Context) error {
	var begun, made, vouched person
	err := w.askProvider(ctx, "initRegistration", url.Values{}, &begun)
	if err == nil {
		form := url.Values{"regToken": {begun.RegToken}, "email": {"newcomer" + mailDomain}, "password": {wellKnown}, "finalizeRegistration": {"false"}}
		err = w.askProvider(ctx, "register", form, &made)
	}
	if err == nil {
		err = w.askProvider(ctx, "getJWT", asServer(url.Values{"targetUID": {made.UID}}), &vouched)
	}
	if err == nil && vouched.IDToken == "" {
		err = errors.New("the identity provider does not vouch for a registration that is not complete")
	}
	w.shopper.token = "Bearer " + vouched.IDToken
	return err
}
