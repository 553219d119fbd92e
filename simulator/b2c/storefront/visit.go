package storefront

import (
	"crypto/md5" //nolint:gosec // names a cookie, protects nothing
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
)

// session tells how a side came to know its shopper.
type session string

const (
	known   session = "known"
	bridged session = "bridged"
	begun   session = "new"
)

// The cookies of the two sides. Those with a dash at the end of their names are told apart by site.
const (
	sessionCookie    = "dwsid"
	anonymousCookie  = "dwanonymous_"
	secureCookie     = "dwsecuretoken_"
	usidCookie       = "usid_"
	accessCookie     = "cc-at_"
	registeredCookie = "cc-nx_"
	guestCookie      = "cc-nx-g_"
)

// visit is the visit that a request is part of, on the side that is to answer it. A side that does not know the shopper takes
// the visit over from the other side, if that one does; else a guest's begins. Cookies tell the browser.
func (a *API) visit(c *binding.Call, resp *binding.Response, site b2c.Site, side b2c.Side) (b2c.Visit, session, error) {
	how := known
	v, ok := a.knownTo(c, site, side)
	if !ok {
		how = bridged
		if v, ok = a.knownTo(c, site, side.Other()); !ok {
			how, v = begun, a.domain.GuestVisit(c.Tx, site.ID, "")
		}
	}
	if how == known {
		return v, how, nil
	}
	setCookie(c, resp, usidCookie+site.ID, v.USID)
	return v, how, a.introduce(c, resp, site, side, v)
}

// knownTo is the visit that a side knows the shopper of a request by.
func (a *API) knownTo(c *binding.Call, site b2c.Site, side b2c.Side) (b2c.Visit, bool) {
	cookies := map[string]string{}
	for _, cookie := range c.Request.HTTP().Cookies() {
		cookies[cookie.Name] = cookie.Value
	}
	if side == b2c.SFRA {
		if cookies[sessionCookie] == "" {
			return b2c.Visit{}, false
		}
		v, err := a.domain.Storefront(c.Tx, site, cookies[sessionCookie], cookies[secureCookie+mark(site.ID)])
		return v, err == nil
	}
	grant, ok := a.grant(c, site, cookies)
	if !ok || grant.SiteID != site.ID {
		return b2c.Visit{}, false
	}
	return a.domain.Visit(c.Tx, grant.USID)
}

// grant is the log-in that the web app's access token is of. The app sends it with its calls, its server has it as a cookie.
func (a *API) grant(c *binding.Call, site b2c.Site, cookies map[string]string) (b2c.ShopperGrant, bool) {
	token := cookies[accessCookie+site.ID]
	if scheme, given, _ := strings.Cut(c.Request.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(given)
	}
	holder, err := a.key.Hold(c.Tx, a.domain, token)
	return holder.Grant, err == nil
}

// introduce gives the browser what a side will know the shopper by.
func (a *API) introduce(c *binding.Call, resp *binding.Response, site b2c.Site, side b2c.Side, v b2c.Visit) error {
	if side == b2c.SFRA {
		s := a.domain.OpenStorefront(c.Tx, v)
		setCookie(c, resp, sessionCookie, s.ID)
		setCookie(c, resp, anonymousCookie+mark(site.ID), v.USID)
		if !site.EnforceHTTPS {
			setCookie(c, resp, secureCookie+mark(site.ID), s.SecureToken)
		}
		return nil
	}
	client, err := a.domain.Client(c.Tx, b2c.DefaultClientID)
	if err != nil {
		return err
	}
	customer, err := a.domain.Customer(c.Tx, v.CustomerID)
	if err != nil {
		return err
	}
	grant, err := a.domain.Grant(c.Tx, b2c.NewGrant{Visit: v, Client: client, IDP: b2c.IDPEcom, Login: customer.Login, Public: true, Bridged: true})
	if err != nil {
		return err
	}
	access, err := a.key.Access(c.Tx, grant)
	if err != nil {
		return err
	}
	setCookie(c, resp, accessCookie+site.ID, access)
	refresh := registeredCookie
	if grant.Guest {
		refresh = guestCookie
	}
	setCookie(c, resp, refresh+site.ID, grant.RefreshToken)
	return nil
}

// mark is what tells the cookies of sites apart: 32 hexadecimal digits.
func mark(siteID string) string {
	sum := md5.Sum([]byte(siteID)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

func setCookie(c *binding.Call, resp *binding.Response, name, value string) {
	cookie := http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true}
	if strings.HasPrefix(c.BaseURL(), "https:") {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode
	}
	resp.Header.Add("Set-Cookie", cookie.String())
}

// sandboxOf reads the sandbox out of the web app's access token.
func sandboxOf(r *binding.Request) string {
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return shoppertoken.SandboxOf(strings.TrimSpace(token))
	}
	for _, cookie := range r.HTTP().Cookies() {
		if strings.HasPrefix(cookie.Name, accessCookie) {
			return shoppertoken.SandboxOf(cookie.Value)
		}
	}
	return ""
}
