package binding

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
)

// Handler answers one operation. It writes nothing itself and may be run again on a fresh transaction.
type Handler interface {
	handle(c *Call) (*Response, error)
}

type handlerFunc func(c *Call) (*Response, error)

func (f handlerFunc) handle(c *Call) (*Response, error) { return f(c) }

// Handle has a call answered by the handler of another face over the same domain: for faces that say the same in another
// form. The call may be a copy with a request that was translated.
func Handle(h Handler, c *Call) (*Response, error) { return h.handle(c) }

// Translated is the request with other variables, query parameters and body.
func (r *Request) Translated(vars map[string]string, query url.Values, body []byte) *Request {
	out := *r
	out.Vars, out.query, out.Body = vars, query, body
	return &out
}

// Raw binds a handler that reads the request and shapes the answer itself: other media types, composites.
func Raw(f func(c *Call) (*Response, error)) Handler { return handlerFunc(f) }

// Empty is the output of an operation that answers 204.
type Empty struct{}

// Headed is implemented by outputs that set headers of their answer.
type Headed interface{ AnswerHeader() http.Header }

// Statused is implemented by outputs that decide the status of their answer themselves; 0 leaves it to the table. What
// the handler did is kept, whatever the status.
type Statused interface{ AnswerStatus() int }

// JSON binds a typed handler. Fields of In are filled from the request by their tags: `path:"name"`, `query:"name"`,
// `header:"Name"`; a field named Body is filled from a JSON or form body. Out becomes the JSON body of the operation's
// documented success status; [Empty] has none.
func JSON[In, Out any](f func(c *Call, in In) (Out, error)) Handler {
	return status(0, f)
}

// Status is [JSON] for operations whose document lists more than one success: it answers with this one.
func Status[In, Out any](code int, f func(c *Call, in In) (Out, error)) Handler {
	return status(code, f)
}

func status[In, Out any](code int, f func(c *Call, in In) (Out, error)) Handler {
	return handlerFunc(func(c *Call) (*Response, error) {
		var in In
		if err := decode(c.Request, &in); err != nil {
			return nil, err
		}
		out, err := f(c, in)
		if err != nil {
			return nil, err
		}
		return encode(code, out)
	})
}

// Encoded is implemented by outputs that write their own JSON.
type Encoded interface{ AnswerBody() ([]byte, error) }

func marshal(out any) ([]byte, error) {
	if encoded, ok := out.(Encoded); ok {
		return encoded.AnswerBody()
	}
	return json.Marshal(out)
}

func encode(code int, out any) (*Response, error) {
	resp := &Response{Status: code, Header: http.Header{}}
	if headed, ok := out.(Headed); ok {
		resp.Header = headed.AnswerHeader()
	}
	if statused, ok := out.(Statused); ok && statused.AnswerStatus() != 0 {
		resp.Status = statused.AnswerStatus()
	}
	if _, empty := out.(Empty); empty {
		resp.Status = http.StatusNoContent
		return resp, nil
	}
	body, err := marshal(out)
	if err != nil {
		return nil, &Bug{fmt.Errorf("encode %T: %w", out, err)}
	}
	resp.Body = body
	return resp, nil
}

// JSONResponse renders a value with a status of its own; faces shape their errors with it.
func JSONResponse(code int, out any) *Response {
	body, err := json.Marshal(out)
	if err != nil {
		return &Response{Status: http.StatusInternalServerError, Header: http.Header{}, Body: []byte(`{}`)}
	}
	return &Response{Status: code, Header: http.Header{}, Body: body}
}

func decode(r *Request, in any) error {
	v := reflect.ValueOf(in).Elem()
	if v.Kind() != reflect.Struct {
		return nil
	}
	query := r.values()
	for i := range v.NumField() {
		if err := decodeField(r, query, v.Type().Field(i), v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func decodeField(r *Request, query url.Values, f reflect.StructField, v reflect.Value) error {
	if f.Name == "Body" {
		return decodeBody(r, v)
	}
	if name, ok := f.Tag.Lookup("path"); ok {
		return set(v, "path", name, []string{r.Vars[name]})
	}
	if name, ok := f.Tag.Lookup("query"); ok {
		return set(v, "query", name, query[name])
	}
	if name, ok := f.Tag.Lookup("header"); ok {
		return set(v, "header", name, r.Header.Values(name))
	}
	return nil
}

func decodeBody(r *Request, v reflect.Value) error {
	if len(r.Body) == 0 {
		return nil
	}
	if mediaType(r.Header) == "application/x-www-form-urlencoded" {
		return decodeForm(r, v)
	}
	if err := json.Unmarshal(r.Body, v.Addr().Interface()); err != nil {
		return undecodable(err)
	}
	return nil
}

// decodeForm fills fields by their `json` names, so that one struct serves both encodings.
func decodeForm(r *Request, v reflect.Value) error {
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return &InvalidRequest{In: "body", Problem: ProblemSyntax, Reason: err.Error()}
	}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		if err := set(v.Field(i), "body", name, form[name]); err != nil {
			return err
		}
	}
	return nil
}

func set(v reflect.Value, in, name string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	var err error
	switch v.Interface().(type) {
	case string:
		v.SetString(values[0])
	case []string:
		v.Set(reflect.ValueOf(values))
	case int:
		var n int
		n, err = strconv.Atoi(values[0])
		v.SetInt(int64(n))
	case bool:
		var b bool
		b, err = strconv.ParseBool(values[0])
		v.SetBool(b)
	default:
		return &Bug{fmt.Errorf("parameter %s has the type %s, which binding does not fill", name, v.Type())}
	}
	if err != nil {
		return &InvalidRequest{In: in, Name: name, Problem: ProblemType, Reason: err.Error()}
	}
	return nil
}
