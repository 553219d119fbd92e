package relay

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
)

// late is a service that answers at once, and looks at the question while the answer is on its way.
type late struct{ asked []byte }

func (l *late) RoundTrip(r *http.Request) (*http.Response, error) {
	beginning := strings.NewReader(strings.Repeat("x", 1<<20)) // more than is kept back
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(io.MultiReader(beginning, rest(func() error {
		var err error
		l.asked, err = io.ReadAll(r.Body)
		return err
	})))}, nil
}

// rest is the end of an answer, before which something happens.
type rest func() error

func (f rest) Read([]byte) (int, error) {
	if err := f(); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

func TestAQuestionCanBeReadWhileItIsAnswered(t *testing.T) {
	t.Parallel()
	service, proxy := &late{}, To(&url.URL{Scheme: "http", Host: "service.test"})
	proxy.Transport = service
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	resp, err := server.Client().Post(server.URL, "text/plain", strings.NewReader("the question"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if closed := resp.Body.Close(); err != nil || closed != nil || len(answer) != 1<<20 || string(service.asked) != "the question" {
		t.Errorf("asked %q, answered %d bytes, %v", service.asked, len(answer), errors.Join(err, closed))
	}
}

// A question that breaks off is not taken for a whole one.
func TestAQuestionThatBreaksOffBreaksOffThere(t *testing.T) {
	t.Parallel()
	half := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("half a "), iotest.ErrReader(io.ErrUnexpectedEOF)))
	var got []byte
	var broke error
	proxy := To(&url.URL{Scheme: "http", Host: "service.test"})
	proxy.Transport = trip(func(r *http.Request) (*http.Response, error) {
		got, broke = io.ReadAll(r.Body)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	proxy.ServeHTTP(httptest.NewRecorder(), half)
	if !bytes.Equal(got, []byte("half a ")) || !errors.Is(broke, io.ErrUnexpectedEOF) {
		t.Errorf("passed on %q, %v", got, broke)
	}
}

type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
