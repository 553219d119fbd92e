package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

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
	w.vouched = w.shopper.token
	return w.remember(ctx)
}

// asServer adds what a server application of the identity provider shows.
func asServer(form url.Values) url.Values {
	form.Set("userKey", wellKnown)
	form.Set("secret", wellKnown)
	return form
}

// switchesOff has the account of the shopper switched off.
func (w *world) switchesOff(ctx context.Context) error {
	if w.vouched == "" {
		return errors.New("the shopper has not logged in at the identity provider")
	}
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
