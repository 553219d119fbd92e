package somrest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

func TestWhatChangedLately(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	span := func(what, start, end string) string {
		return base + "/sobjects/Contact/" + what + "?start=" + url.QueryEscape(start) + "&end=" + url.QueryEscape(end)
	}
	w, _ := s.worlds.Get("default")
	stays := s.create("Contact", `{"LastName":"Stays"}`)
	goes := s.create("Contact", `{"LastName":"Goes"}`)
	if _, err := w.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if w := s.do("DELETE", base+"/sobjects/Contact/"+goes, ""); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	const noon, one, evening = "2026-03-01T12:00:00Z", "2026-03-01T13:00:00+00:00", "2026-03-01T20:00:00.000+0000"
	s.want(s.do("GET", span("deleted", noon, evening), ""), http.StatusOK, `{"deletedRecords":[{"id":"`+goes+`","deletedDate":"2026-03-01T13:00:00.000+0000"}],
		"earliestDateAvailable":"2026-01-30T13:00:00.000+0000","latestDateCovered":"2026-03-01T13:00:00.000+0000"}`)
	s.want(s.do("GET", span("deleted", noon, one), ""), http.StatusOK, `{"deletedRecords":[],"earliestDateAvailable":"2026-01-30T13:00:00.000+0000","latestDateCovered":"2026-03-01T13:00:00.000+0000"}`)
	s.want(s.do("GET", span("updated", noon, one), ""), http.StatusOK, `{"ids":["`+stays+`"],"latestDateCovered":"2026-03-01T13:00:00.000+0000"}`)
	s.want(s.do("GET", span("updated", one, evening), ""), http.StatusOK, `{"ids":[],"latestDateCovered":"2026-03-01T13:00:00.000+0000"}`)
	for name, path := range map[string]string{
		"too long ago": span("deleted", "2026-01-01T00:00:00Z", noon), "no time between": span("updated", noon, noon), "no date": span("updated", "soon", noon),
	} {
		t.Run(name, func(*testing.T) {
			s.wantError(s.do("GET", path, ""), http.StatusBadRequest, "INVALID_REPLICATION_DATE", "")
		})
	}
	s.wantError(s.do("GET", base+"/sobjects/Spaceship/updated?start="+noon+"&end="+noon, ""), http.StatusNotFound, "NOT_FOUND", "")
}

func TestListOfComposites(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.want(s.do("GET", "/services/data/v49.0/composite", ""), http.StatusOK,
		`{"batch":"/services/data/v49.0/composite/batch","sobjects":"/services/data/v49.0/composite/sobjects","tree":"/services/data/v49.0/composite/tree"}`)
	s.want(s.do("GET", base+"/composite", ""), http.StatusOK, `{"batch":"`+base+`/composite/batch","graph":"`+base+`/composite/graph",
		"sobjects":"`+base+`/composite/sobjects","tree":"`+base+`/composite/tree"}`)
}
