package sosl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/sosl"
)

func TestWordsAreFound(t *testing.T) {
	t.Parallel()
	texts := [][]string{sosl.Words("Acme Garden-Tools Ltd."), sosl.Words("order 00001001, Gärtnerei")}
	for search, want := range map[string]bool{
		"acme":                                 true,
		"ACME":                                 true,
		"acm":                                  false,
		"acm*":                                 true,
		"*den":                                 true,
		"g?rden":                               true,
		"g?rtnerei":                            true,
		"acme 00001001":                        true,
		"acme missing":                         false,
		`"garden tools"`:                       true,
		`"tools garden"`:                       false,
		"garden-tools":                         true,
		`garden\-tools`:                        true,
		"missing OR acme":                      true,
		"missing or (acme and ltd)":            true,
		"acme AND NOT missing":                 true,
		"acme AND NOT ltd":                     false,
		`"and" acme`:                           false,
		"missing OR acme AND NOT (ltd OR abc)": false,
	} {
		e, err := sosl.ParseWords(search)
		if err != nil || e.In(texts) != want {
			t.Errorf("%s: found is not %t, %v", search, want, err)
		}
	}
}

func TestStatement(t *testing.T) {
	t.Parallel()
	q, err := sosl.Parse(`Find {a\}b cd} in Email Fields RETURNING Account ( Id, Name USING ListView=Recent WHERE (Name = 'LIMIT (\'' OR Id != null) ORDER BY Name limit 5 OFFSET 2 ), Contact LIMIT 7 UPDATE TRACKING`)
	if err != nil {
		t.Fatal(err)
	}
	want := []sosl.Returned{{Object: "Account", Fields: "Id, Name", Where: `(Name = 'LIMIT (\'' OR Id != null)`, OrderBy: "Name", Limit: "5", Offset: "2"}, {Object: "Contact"}}
	if diff := cmp.Diff(want, q.Returning); diff != "" || q.Scope != "EMAIL" || q.Limit != 7 {
		t.Errorf("%s in %s, %d", diff, q.Scope, q.Limit)
	}
	if got := q.Returning[0].SOQL([]string{"1", "2"}); got != `SELECT Id, Name FROM Account WHERE Id IN ('1','2') AND ((Name = 'LIMIT (\'' OR Id != null)) ORDER BY Name LIMIT 5 OFFSET 2` {
		t.Errorf("query %s", got)
	}
	if got := q.Returning[1].SOQL([]string{"1"}); got != `SELECT Id FROM Contact WHERE Id IN ('1')` {
		t.Errorf("query %s", got)
	}
	if q, err := sosl.Parse("FIND {ab} LIMIT 99999"); err != nil || q.Limit != sosl.MaxRows {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestWhatIsNoSearch(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "FIND", "FIND ab", "FIND {ab", "FIND {}", "FIND {a}", "FIND {**}", "FIND {AND}", "FIND {ab OR}", "FIND {(ab}", "FIND {ab)}", "FIND {NOT ab}",
		"FIND {ab} RETURNING", "FIND {ab} RETURNING Account(Name", "FIND {ab} RETURNING Account, ,Contact", "FIND {ab} WHERE x", "FIND {" + strings.Repeat("(", 60) + "ab" + strings.Repeat(")", 60) + "}",
		"FIND {ab} " + strings.Repeat(" ", 100_000),
	} {
		var refusal *sosl.Error
		if q, err := sosl.Parse(text); !errors.As(err, &refusal) || q != nil {
			t.Errorf("%.40s: %+v, %v", text, q, err)
		}
	}
}

// FuzzParse demands of every text that it is read or refused, and that what is read can be asked.
func FuzzParse(f *testing.F) {
	f.Add(`FIND {acme AND (tools OR "garden things") AND NOT x*} IN NAME FIELDS RETURNING Account(Id, Name WHERE Name = '(\'' ORDER BY Name LIMIT 5), Contact LIMIT 3`)
	f.Add("FIND {\xff?* \\} ab} RETURNING Account(Name WHERE), , LIMIT")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := sosl.Parse(text)
		var refusal *sosl.Error
		if err != nil {
			if !errors.As(err, &refusal) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		q.Find.In([][]string{sosl.Words(text)})
		for _, r := range q.Returning {
			r.SOQL(nil)
		}
	})
}
