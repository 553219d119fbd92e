package verification

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A body that is passed on can be read although the answer has begun.
func TestARequestIsPassedOnWhole(t *testing.T) {
	t.Parallel()
	late := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		body, err := io.ReadAll(r.Body)
		if string(body) != "the question" || err != nil {
			t.Errorf("passed on %q, %v", body, err)
		}
	})
	server := httptest.NewServer(whole(late))
	t.Cleanup(server.Close)
	resp, err := server.Client().Post(server.URL, "text/plain", strings.NewReader("the question"))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("answered %d, %v", resp.StatusCode, err)
	}
}
