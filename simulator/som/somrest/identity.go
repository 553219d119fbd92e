package somrest

import (
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

type identityInput struct {
	OrganizationID string `path:"organizationId"`
	UserID         string `path:"userId"`
	// Version takes the place of {version} in the URLs: a number, or latest.
	Version string `query:"version"`
}

type identityOutput struct {
	ID                   string            `json:"id"`
	AssertedUser         bool              `json:"asserted_user"`
	UserID               string            `json:"user_id"`
	OrganizationID       string            `json:"organization_id"`
	Username             string            `json:"username"`
	NickName             string            `json:"nick_name"`
	DisplayName          string            `json:"display_name"`
	Email                string            `json:"email"`
	EmailVerified        bool              `json:"email_verified"`
	FirstName            string            `json:"first_name"`
	LastName             string            `json:"last_name"`
	Timezone             string            `json:"timezone"`
	Photos               photos            `json:"photos"`
	AddrStreet           *string           `json:"addr_street"`
	AddrCity             *string           `json:"addr_city"`
	AddrState            *string           `json:"addr_state"`
	AddrCountry          *string           `json:"addr_country"`
	AddrZip              *string           `json:"addr_zip"`
	MobilePhone          *string           `json:"mobile_phone"`
	MobilePhoneVerified  bool              `json:"mobile_phone_verified"`
	IsLightningLoginUser bool              `json:"is_lightning_login_user"`
	Status               userStatus        `json:"status"`
	URLs                 map[string]string `json:"urls"`
	Active               bool              `json:"active"`
	UserType             string            `json:"user_type"`
	Language             string            `json:"language"`
	Locale               string            `json:"locale"`
	UTCOffset            int64             `json:"utcOffset"`
	LastModifiedDate     string            `json:"last_modified_date"`
	IsAppInstalled       bool              `json:"is_app_installed"`
}

type photos struct {
	Picture   string `json:"picture"`
	Thumbnail string `json:"thumbnail"`
}

type userStatus struct {
	CreatedDate *string `json:"created_date"`
	Body        *string `json:"body"`
}

// identity tells who the session is of. The URL must name the session's own org and user.
func (a *API) identity(c *binding.Call, in identityInput) (identityOutput, error) {
	if err := mayIdentify(c, in); err != nil {
		return identityOutput{}, err
	}
	u, err := a.user(c)
	if err != nil {
		return identityOutput{}, err
	}
	return identityOutput{
		ID: identityURL(c, u.ID), AssertedUser: true, UserID: u.ID, OrganizationID: som.OrganizationID(), Username: u.Text("Username"),
		NickName: u.Text("CommunityNickname"), DisplayName: u.Text("Name"), Email: u.Text("Email"), EmailVerified: true,
		FirstName: u.Text("FirstName"), LastName: u.Text("LastName"), Timezone: u.Text("TimeZoneSidKey"), Photos: photosOf(c),
		URLs: urlsOf(c, in.Version), Active: u.Bool("IsActive"), UserType: userType, Language: u.Text("LanguageLocaleKey"),
		Locale: u.Text("LocaleSidKey"), UTCOffset: utcOffset(u), LastModifiedDate: u.Time("LastModifiedDate").Format("2006-01-02T15:04:05Z"),
		IsAppInstalled: true,
	}, nil
}

// userType is the kind of a user who has a licence of the org's own.
const userType = "STANDARD"

// mayIdentify refuses an identity URL of another org, of nobody, or of another user.
func mayIdentify(c *binding.Call, in identityInput) error {
	org, err := sobject.NormalizeID(in.OrganizationID)
	if err != nil || org != som.OrganizationID() {
		return &som.Error{Code: codeWrongOrg, Message: string(codeWrongOrg), Rule: "som.identity.org"}
	}
	user, err := sobject.NormalizeID(in.UserID)
	if err != nil || !strings.HasPrefix(user, userPrefix) {
		return &som.Error{Code: codeBadID, Message: string(codeBadID), Rule: "som.identity.user"}
	}
	if user != c.Principal.ID {
		return &som.Error{Code: codeNoAccess, Message: string(codeNoAccess), Rule: "som.identity.self"}
	}
	return nil
}

const userPrefix = "005"

// What identity URLs answer when they tell nothing, as plain text.
const (
	codeMissingToken som.Code = "Missing_OAuth_Token"
	codeBadToken     som.Code = "Bad_OAuth_Token"
	codeWrongOrg     som.Code = "Wrong_Org"
	codeBadID        som.Code = "Bad_Id"
	codeNoAccess     som.Code = "No_Access"
)

// notIdentified dresses an error of userinfo and of identity URLs: a word, and 403 whatever was wrong with the token.
func notIdentified(c *binding.Call, f Failure) (*binding.Response, bool) {
	word, status := som.Code(f.Code), http.StatusForbidden
	switch word {
	case som.CodeInvalidSession:
		if word = codeBadToken; accessToken(c.Request) == "" {
			word = codeMissingToken
		}
	case codeBadID:
		status = http.StatusNotFound
	case codeWrongOrg, codeNoAccess:
	default:
		return nil, false
	}
	return &binding.Response{Status: status, Header: http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}, Body: []byte(word)}, true
}

type userinfoOutput struct {
	Sub                         string            `json:"sub"`
	UserID                      string            `json:"user_id"`
	OrganizationID              string            `json:"organization_id"`
	PreferredUsername           string            `json:"preferred_username"`
	Nickname                    string            `json:"nickname"`
	Name                        string            `json:"name"`
	Email                       string            `json:"email"`
	EmailVerified               bool              `json:"email_verified"`
	GivenName                   string            `json:"given_name"`
	FamilyName                  string            `json:"family_name"`
	Zoneinfo                    string            `json:"zoneinfo"`
	Photos                      photos            `json:"photos"`
	Profile                     string            `json:"profile"`
	Picture                     string            `json:"picture"`
	Address                     struct{}          `json:"address"`
	IsSalesforceIntegrationUser bool              `json:"is_salesforce_integration_user"`
	URLs                        map[string]string `json:"urls"`
	Active                      bool              `json:"active"`
	UserType                    string            `json:"user_type"`
	Language                    string            `json:"language"`
	Locale                      string            `json:"locale"`
	UTCOffset                   int64             `json:"utcOffset"`
	UpdatedAt                   string            `json:"updated_at"`
}

func (a *API) userinfo(c *binding.Call, _ struct{}) (userinfoOutput, error) {
	u, err := a.user(c)
	if err != nil {
		return userinfoOutput{}, err
	}
	return userinfoOutput{
		Sub: identityURL(c, u.ID), UserID: u.ID, OrganizationID: som.OrganizationID(), PreferredUsername: u.Text("Username"),
		Nickname: u.Text("CommunityNickname"), Name: u.Text("Name"), Email: u.Text("Email"), EmailVerified: true,
		GivenName: u.Text("FirstName"), FamilyName: u.Text("LastName"), Zoneinfo: u.Text("TimeZoneSidKey"), Photos: photosOf(c),
		Profile: c.BaseURL() + "/" + u.ID, Picture: photosOf(c).Picture, IsSalesforceIntegrationUser: u.ID == som.IntegrationUserID(),
		URLs: urlsOf(c, ""), Active: u.Bool("IsActive"), UserType: userType, Language: u.Text("LanguageLocaleKey"),
		Locale: u.Text("LocaleSidKey"), UTCOffset: utcOffset(u), UpdatedAt: u.Time("LastModifiedDate").Format("2006-01-02T15:04:05Z"),
	}, nil
}

func (a *API) user(c *binding.Call) (*sobject.Record, error) {
	users, err := a.domain.Object("User")
	if err != nil {
		return nil, err
	}
	return a.domain.Record(c.Tx, users, c.Principal.ID)
}

// photosOf are the addresses of the pictures that users have who never chose one. The simulation does not serve them.
func photosOf(c *binding.Call) photos {
	return photos{Picture: c.BaseURL() + "/profilephoto/005/F", Thumbnail: c.BaseURL() + "/profilephoto/005/T"}
}

// utcOffset is how many milliseconds the user's zone is ahead of UTC, summer time left out.
func utcOffset(u *sobject.Record) int64 {
	zone, err := time.LoadLocation(u.Text("TimeZoneSidKey"))
	if err != nil {
		return 0
	}
	year := u.Time("CreatedDate").Year()
	_, january := time.Date(year, time.January, 1, 0, 0, 0, 0, zone).Zone()
	_, july := time.Date(year, time.July, 1, 0, 0, 0, 0, zone).Zone()
	return int64(min(january, july)) * time.Second.Milliseconds()
}

// urlsOf are the addresses of the org's APIs. They are templates: clients put the API version in, unless they ask for one.
func urlsOf(c *binding.Call, version string) map[string]string {
	switch version {
	case "":
		version = "{version}"
	case "latest":
		version = versionNumber(newestVersion)
	}
	soap, data, user := c.BaseURL()+"/services/Soap/", c.BaseURL()+"/services/data/v"+version+"/", c.Principal.ID
	return map[string]string{
		"enterprise": soap + "c/" + version + "/" + som.OrganizationID()[:15], "partner": soap + "u/" + version + "/" + som.OrganizationID()[:15],
		"metadata": soap + "m/" + version + "/" + som.OrganizationID()[:15], "rest": data, "sobjects": data + "sobjects/",
		"search": data + "search/", "search_rest": data + "search/", "query": data + "query/", "recent": data + "recent/",
		"tooling_soap": soap + "T/" + version + "/" + som.OrganizationID()[:15], "tooling_rest": data + "tooling/",
		"profile": c.BaseURL() + "/" + user, "feeds": data + "chatter/feeds", "groups": data + "chatter/groups",
		"users": data + "chatter/users", "feed_items": data + "chatter/feed-items", "feed_elements": data + "chatter/feed-elements",
		"custom_domain": c.BaseURL(),
	}
}
