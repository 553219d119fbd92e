package journal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/journal"
)

func TestRedactorText(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor("holder")
	tests := []struct{ name, in, want string }{
		{"nothing to hide", `{"order_no":"00000101"}`, `{"order_no":"00000101"}`},
		{"a field of JSON", `{"access_token": "abc\"def","x":1}`, `{"access_token": "[redacted]","x":1}`},
		{"a field the document marks", `{"holder":"Ada"}`, `{"holder":"[redacted]"}`},
		{"a field of JSON with blanks", "{\"password\"\n : \t\"hush\"}", "{\"password\"\n : \t\"[redacted]\"}"},
		{"a number in a field of JSON", `{"holder":17,"x":{"secret":true}}`, `{"holder":"[redacted]","x":{"secret":"[redacted]"}}`},
		{"a field of JSON that is empty", `{"holder":null,"x":1}`, `{"holder":null,"x":1}`},
		{"a field of JSON that is cut off", `{"holder":"Ada`, `{"holder":"[redacted]"`},
		{"a field whose name only ends like one", `{"cardholder":"Ada"}`, `{"cardholder":"Ada"}`},
		{"a value that is called like one", `{"type":"password"}`, `{"type":"password"}`},
		{"a form in other letters", `Password=hush`, `Password=[redacted]`},
		{"a query in a text", `{"url":"/x?password=hush","y":1}`, `{"url":"/x?password=[redacted]","y":1}`},
		{"a form", `grant_type=password&password=hush&x=1`, `grant_type=password&password=[redacted]&x=1`},
		{"a one-time code in a form", `grant_type=authorization_code&code=aPrx.x.y&redirect_uri=z`, `grant_type=authorization_code&code=[redacted]&redirect_uri=z`},
		{"a one-time code in a query", `code=aPrx&state=1`, `code=[redacted]&state=1`},
		{"a code of another kind", `{"code":"NOT_FOUND","x":1}`, `{"code":"NOT_FOUND","x":1}`},
		{"a code of another kind in XML", `<code>NOT_FOUND</code>`, `<code>NOT_FOUND</code>`},
		{"a verifier", `code_verifier=abc&code=d`, `code_verifier=[redacted]&code=[redacted]`},
		{"a name that only begins like one", `reason_code=Damaged&codes=1`, `reason_code=Damaged&codes=1`},
		{"a token in a fragment", `https://x/cb#access_token=abc&state=1`, `https://x/cb#access_token=[redacted]&state=1`},
		{"a SAML assertion", `grant_type=urn:x&SAMLResponse=PHNhbWw%2B&RelayState=1`, `grant_type=urn:x&SAMLResponse=[redacted]&RelayState=1`},
		{"an assertion of the client", `{"client_assertion":"abc"}`, `{"client_assertion":"[redacted]"}`},
		{"a JSON web token by any name", `{"hint":"eyJhbGciOi.eyJzdWIi.c2ln-_x","y":1}`, `{"hint":"[redacted]","y":1}`},
		{"two JSON web tokens", `eyJh.eyJz.c2 eyJh.eyJz.c3`, `[redacted] [redacted]`},
		{"what only begins like a token", `{"a":"eyJh","b":"eyJh.eyJz","c":"eyJh.."}`, `{"a":"eyJh","b":"eyJh.eyJz","c":"eyJh.."}`},
		{"what only ends like a token", `xeyJh.eyJz.c2`, `xeyJh.eyJz.c2`},
		{"XML", `<n1:password>hush</n1:password><sessionId>00D!x</sessionId>`, `<n1:password>[redacted]</n1:password><sessionId>[redacted]</sessionId>`},
		{"a card number", `{"card":"4111 1111 1111 1111"}`, `{"card":"[redacted]"}`},
		{"a long number that is no card's", `{"id":"4111111111111112"}`, `{"id":"4111111111111112"}`},
		{"a card number with hyphens at the end", `4111-1111-1111-1111`, `[redacted]`},
		{"two card numbers", `a 4111111111111111, 5500005555555559.`, `a [redacted], [redacted].`},
		{"a card number after other digits", `12-34 x 4111111111111111`, `12-34 x [redacted]`},
		{"a card number and nothing else", `4111111111111111`, `[redacted]`},
		{"the shortest card number", `4222222222222`, `[redacted]`},
		{"a card number inside a word", `x4111111111111111`, `x4111111111111111`},
		{"a number that is too long", `41111111111111110000`, `41111111111111110000`},
		{"a masked card number", `{"masked_number":"************1111"}`, `{"masked_number":"************1111"}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := r.Text(tc.in); got != tc.want {
				t.Errorf("got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestRedactorHeader(t *testing.T) {
	t.Parallel()
	given := http.Header{
		"Authorization": {"Basic abc"}, "Cookie": {"a=b; c=d"}, "Accept": {"text/plain", "a: b"}, "X-Long": {"one\ntwo"}, "X-Empty": {""},
		"Set-Cookie": {"a=b", "c=d"}, "Proxy-Authorization": {"Basic abc"}, "Location": {"http://localhost:3000/cb?code=aPrx.x&state=1"},
		"Referer": {"http://localhost:3000/cb#access_token=x"}, "X-Hint": {"eyJh.eyJz.c2"},
	}
	want := http.Header{
		"Authorization": {"Basic [redacted]"}, "Cookie": {"[redacted]"}, "Accept": {"text/plain", "a: b"}, "X-Long": {"one two"}, "X-Empty": {""},
		"Set-Cookie": {"[redacted]", "[redacted]"}, "Proxy-Authorization": {"[redacted]"}, "Location": {"http://localhost:3000/cb?code=[redacted]&state=1"},
		"Referer": {"http://localhost:3000/cb#access_token=[redacted]"}, "X-Hint": {"[redacted]"},
	}
	recorded := journal.NewRedactor().Header(given)
	if diff := cmp.Diff(want, recorded.Values()); diff != "" {
		t.Error(diff)
	}
	if again := journal.NewRedactor().Header(given); again != recorded {
		t.Errorf("the same header is recorded as %q and as %q", recorded, again)
	}
	if given.Get("Authorization") != "Basic abc" {
		t.Error("the request's own header was altered")
	}
	if none := journal.NewRedactor().Header(nil); none != "" || none.Values() != nil {
		t.Errorf("no header is recorded as %q", none)
	}
	bare := journal.NewRedactor().Header(http.Header{"Authorization": {"abc"}})
	if bare != "Authorization: [redacted]\n" {
		t.Errorf("a credential without a scheme is recorded as %q", bare)
	}
}

// The redactor reads every byte that goes through the simulator, so it has to be fast on what needs no redaction.
func BenchmarkRedactorText(b *testing.B) {
	r := journal.NewRedactor("credit_card_token", "holder")
	document := strings.Repeat(`{"order_no":"00000101","creation_date":"2026-06-01T13:00:00.000Z","order_total":119.97,"customer_name":"Ada"},`, 20)
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		r.Text(document)
	}
}

func TestNoCardNumberGetsThroughWhereverItStands(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor()
	cards := []string{"4111111111111111", "4111 1111 1111 1111", "5500-0055-5555-5559", "4222222222222", "6304000000000000000"}
	rapid.Check(t, func(rt *rapid.T) {
		around := rapid.StringMatching(`([a-z0-9 :,"-]{0,20}[:,"])?`)
		card := rapid.SampledFrom(cards).Draw(rt, "card")
		text := around.Draw(rt, "before") + card + `"` + around.Draw(rt, "after")
		if got := r.Text(text); strings.Contains(got, card) {
			rt.Fatalf("%q becomes %q", text, got)
		}
	})
}

// Rows tell the same as documents under other names, and fields of objects as pairs.
func TestSomeFieldsAreSensitiveInTheRowsOfOneObject(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor("Account.Name")
	for given, want := range map[string]string{
		`{"Object":"Account","ID":"1","Fields":[{"Name":"Name","Value":"Ada Nolan"},{"Name":"Status","Value":"new"}]}`:                                                    `{"Object":"Account","ID":"1","Fields":[{"Name":"Name","Value":"[redacted]"},{"Name":"Status","Value":"new"}]}`,
		`{"Object":"Product2","ID":"1","Fields":[{"Name":"Name","Value":"Mug"}]}`:                                                                                         `{"Object":"Product2","ID":"1","Fields":[{"Name":"Name","Value":"Mug"}]}`,
		`[{"attributes":{"type":"Account","url":"/1"},"Name":"Ada Nolan"},{"attributes":{"type":"Product2"},"Name":"Mug"},{"attributes":{"type":"Account"},"Name":"Bo"}]`: `[{"attributes":{"type":"Account","url":"/1"},"Name":"[redacted]"},{"attributes":{"type":"Product2"},"Name":"Mug"},{"attributes":{"type":"Account"},"Name":"[redacted]"}]`,
	} {
		if got := r.Text(given); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", given, got, want)
		}
	}
}

func TestNoMailAddressGetsThroughWhereverItStands(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor()
	for given, want := range map[string]string{
		`{"emails":["ada@somsim.test","b.o+x@a-b.example"],"n":1}`: `{"emails":["[redacted]","[redacted]"],"n":1}`,
		`login=ada~blue%40somsim.test&x=1`:                         `login=[redacted]&x=1`,
		`write to ada@somsim.test.`:                                `write to [redacted]`,
		`{"@type":"x","a":"5 @ 3","ref":"@{order.id}","b":"x@y"}`:  `{"@type":"x","a":"5 @ 3","ref":"@{order.id}","b":"x@y"}`,
	} {
		if got := r.Text(given); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", given, got, want)
		}
	}
}

func TestRowsAreRedactedAsDocumentsAre(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor("first_name", "DeliverToName")
	for given, want := range map[string]string{
		`{"first_name":"Grace","FirstName":"Grace"}`:                       `{"first_name":"[redacted]","FirstName":"[redacted]"}`,
		`[{"Name":"DeliverToName","Value":"Grace Ito"},{"Name":"Status"}]`: `[{"Name":"DeliverToName","Value":"[redacted]"},{"Name":"Status"}]`,
		`{"name": "DeliverToName", "value": "Grace"}`:                      `{"name": "DeliverToName", "value": "[redacted]"}`,
		`["DeliverToName","Value"]`:                                        `["DeliverToName","Value"]`,
		`{"field":"DeliverToName","Other":"Grace"}`:                        `{"field":"DeliverToName","Other":"Grace"}`,
		`{"Name":"DeliverToName","Value":null}`:                            `{"Name":"DeliverToName","Value":null}`,
		`{"Name":"DeliverToName",`:                                         `{"Name":"DeliverToName",`,
	} {
		if got := r.Text(given); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", given, got, want)
		}
	}
}
