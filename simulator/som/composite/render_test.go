package composite

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersAreRenderedAsAnEncoderWould(t *testing.T) {
	t.Parallel()
	var answers []subResponse
	for _, body := range []string{"", "null", `{"a":[1,"x"]}`, `[]`, `"<b> & co"`, "\"line\u2028break\"", `{"text":"ü"}`} {
		answers = append(answers, subResponse{Body: json.RawMessage(body), HTTPHeaders: map[string]string{"Location": "/x?a&b"}, HTTPStatusCode: 201, ReferenceID: "r"})
		if body == "" {
			answers[len(answers)-1].Body = nil
		}
	}
	for n := range len(answers) + 1 {
		got, err := render(answers[:n])
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(compositeOutput{append([]subResponse{}, answers[:n]...)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Error(diff)
		}
	}
}
