package composite

import (
	"bytes"

	jsonv1 "github.com/go-json-experiment/json/v1"
)

// render writes answers as json.Marshal would write a compositeOutput. Answers can be long, and are JSON already: they are
// put between what surrounds them instead of being read again.
func render(answers []subResponse) ([]byte, error) {
	size := 0
	for i := range answers {
		size += len(answers[i].Body) + len(around)
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	out.WriteString(`{"compositeResponse":[`)
	for i, answer := range answers {
		if i > 0 {
			out.WriteByte(',')
		}
		body := answer.Body
		if len(body) == 0 || escaped(body) {
			whole, err := jsonv1.Marshal(answer)
			if err != nil {
				return nil, err
			}
			out.Write(whole)
			continue
		}
		answer.Body = nil
		rest, err := jsonv1.Marshal(answer)
		if err != nil {
			return nil, err
		}
		out.WriteString(withBody)
		out.Write(body)
		out.Write(bytes.TrimPrefix(rest, []byte(withBody+"null")))
	}
	out.WriteString("]}")
	return out.Bytes(), nil
}

const (
	// withBody is what an answer begins with.
	withBody = `{"body":`
	// around is about what surrounds a body, for its length.
	around = `{"body":,"httpHeaders":{},"httpStatusCode":200,"referenceId":"a reference that is not too long"},`
)

// escaped says that a text holds what is written otherwise inside documents for browsers.
func escaped(text []byte) bool {
	for _, mark := range []string{"<", ">", "&", "\u2028", "\u2029"} {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	return false
}
