package gigya

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/cdc"
)

// accountFields are what the vendor says of an account.
type accountFields struct {
	UID                  string                     `json:"UID"`
	UIDSignature         string                     `json:"UIDSignature,omitempty"`
	SignatureTimestamp   string                     `json:"signatureTimestamp,omitempty"`
	Created              string                     `json:"created,omitempty"`
	CreatedTimestamp     int64                      `json:"createdTimestamp,omitempty"`
	LastLogin            string                     `json:"lastLogin,omitempty"`
	LastLoginTimestamp   int64                      `json:"lastLoginTimestamp,omitempty"`
	LastUpdated          string                     `json:"lastUpdated,omitempty"`
	LastUpdatedTimestamp int64                      `json:"lastUpdatedTimestamp,omitempty"`
	Registered           string                     `json:"registered,omitempty"`
	Verified             string                     `json:"verified,omitempty"`
	IsActive             *bool                      `json:"isActive,omitempty"`
	IsRegistered         *bool                      `json:"isRegistered,omitempty"`
	IsVerified           *bool                      `json:"isVerified,omitempty"`
	LoginProvider        string                     `json:"loginProvider,omitempty"`
	Profile              map[string]json.RawMessage `json:"profile,omitempty"`
	Data                 map[string]json.RawMessage `json:"data,omitempty"`
	Emails               *emails                    `json:"emails,omitempty"`
	LoginIDs             *loginIDs                  `json:"loginIDs,omitempty"`
}

type emails struct {
	Verified   []string `json:"verified"`
	Unverified []string `json:"unverified"`
}

type loginIDs struct {
	Username     string   `json:"username,omitempty"`
	Emails       []string `json:"emails"`
	UnverifiedEM []string `json:"unverifiedEmails"`
}

type sessionInfo struct {
	CookieName    string `json:"cookieName,omitempty"`
	CookieValue   string `json:"cookieValue,omitempty"`
	SessionToken  string `json:"sessionToken,omitempty"`
	SessionSecret string `json:"sessionSecret,omitempty"`
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// describe is an account with the parts that the caller includes; profile, when nothing is said.
func (m *method) describe(acc cdc.Account) *accountFields {
	return m.describeWith(acc, m.included()...)
}

// describeWith is an account with parts.
func (m *method) describeWith(acc cdc.Account, parts ...string) *accountFields {
	timestamp := strconv.FormatInt(m.Now().Unix(), 10)
	active, registered, verified := !acc.Disabled, acc.Registered, acc.Verified
	out := &accountFields{
		UID: acc.UID, UIDSignature: m.site.Sign(acc.UID, timestamp), SignatureTimestamp: timestamp,
		Created: instant(acc.CreatedAt), CreatedTimestamp: millis(acc.CreatedAt), LastLogin: instant(acc.LastLoginAt),
		LastLoginTimestamp: millis(acc.LastLoginAt), LastUpdated: instant(acc.UpdatedAt), LastUpdatedTimestamp: millis(acc.UpdatedAt),
		Registered: instant(acc.RegisteredAt), Verified: instant(acc.VerifiedAt), IsActive: &active, IsRegistered: &registered,
		IsVerified: &verified, LoginProvider: "site",
	}
	for _, part := range parts {
		switch part {
		case "profile":
			out.Profile = raw(withEmail(acc))
		case "data":
			out.Data = raw(acc.Data)
		case "emails":
			out.Emails = addresses(acc)
		case "loginIDs":
			out.LoginIDs = &loginIDs{Username: acc.Username, Emails: addresses(acc).Verified, UnverifiedEM: addresses(acc).Unverified}
		}
	}
	return out
}

// included are the parts of an account that a call asks for.
func (m *method) included() []string {
	if m.text("include") == "" {
		return []string{"profile", "data"}
	}
	return strings.FieldsFunc(m.text("include"), func(r rune) bool { return r == ',' || r == ' ' })
}

func withEmail(acc cdc.Account) cdc.Document {
	out := cdc.Document{}
	for name, value := range acc.Profile {
		out[name] = value
	}
	if acc.Email != "" {
		out["email"] = strconv.Quote(acc.Email)
	}
	return out
}

func raw(d cdc.Document) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range d {
		out[name] = json.RawMessage(value)
	}
	return out
}

func addresses(acc cdc.Account) *emails {
	out := &emails{Verified: []string{}, Unverified: []string{}}
	switch {
	case acc.Email == "":
	case acc.Verified:
		out.Verified = append(out.Verified, acc.Email)
	default:
		out.Unverified = append(out.Unverified, acc.Email)
	}
	return out
}

// loggedIn is the answer to a log-in.
func (m *method) loggedIn(acc cdc.Account, s cdc.Session) answer {
	out := answer{accountFields: m.describe(acc)}
	if m.text("targetEnv") == "mobile" {
		out.SessionInfo = &sessionInfo{SessionToken: s.Token, SessionSecret: s.Secret}
	} else {
		out.SessionInfo = &sessionInfo{CookieName: "glt_" + m.site.APIKey, CookieValue: s.Token}
	}
	return out
}

// told is the answer of an outcome that has to be kept though it is no success; any other error stays one.
func told(err error) (answer, error) {
	var e *cdc.Error
	if errors.As(err, &e) && slices.Contains([]cdc.Code{cdc.PendingRegistration, cdc.PendingVerification}, e.Code) {
		return outcome(e), nil
	}
	return answer{}, err
}
