package ocapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
)

const selectable = `{"_v":"23.2","order_no":"O-1","order_total":22.80,"product_items":[` +
	`{"_type":"product_item","product_id":"mug","quantity":2,"price_adjustments":[{"price":-1.00}]},` +
	`{"_type":"product_item","product_id":"hat","quantity":3.5},{"_type":"product_item","product_id":"cup","quantity":1}],` +
	`"customer_info":{"email":"a@b.c","customer_no":"7"},"c_note":"ring","c_gift":true}`

func TestSelectorsCutDocuments(t *testing.T) {
	t.Parallel()
	const mug = `{"_type":"product_item","product_id":"mug"}`
	cases := []struct{ name, selector, want string }{
		{"everything", "(**)", selectable},
		{"simple properties", "(*)", `{"_v":"23.2","order_no":"O-1","order_total":22.80,"c_note":"ring","c_gift":true}`},
		{"one property", "(order_no)", `{"_v":"23.2","order_no":"O-1"}`},
		{"one property with a plus, and room", "( +order_no , order_total )", `{"_v":"23.2","order_no":"O-1","order_total":22.80}`},
		{"a property nobody has", "(colour)", `{"_v":"23.2"}`},
		{"all but two", "(*,-order_no,-c_note)", `{"_v":"23.2","order_total":22.80,"c_gift":true}`},
		{"custom attributes", "(c_*)", `{"_v":"23.2","c_note":"ring","c_gift":true}`},
		{"the whole of a complex one", "(customer_info)", `{"_v":"23.2","customer_info":{"email":"a@b.c","customer_no":"7"}}`},
		{"a part of a complex one", "(customer_info.(email))", `{"_v":"23.2","customer_info":{"email":"a@b.c"}}`},
		{"two parts said apart", "(customer_info.(email),customer_info.(customer_no))", `{"_v":"23.2","customer_info":{"email":"a@b.c","customer_no":"7"}}`},
		{"all but a part", "(customer_info.(**),-customer_info.(email))", `{"_v":"23.2","customer_info":{"customer_no":"7"}}`},
		{"the first", "(product_items[0].(product_id))", `{"_v":"23.2","product_items":[` + mug + `]}`},
		{"a range", "(product_items[0:1].(quantity))", `{"_v":"23.2","product_items":[{"_type":"product_item","quantity":2},{"_type":"product_item","quantity":3.5}]}`},
		{"a list", "(product_items[0,2].(quantity))", `{"_v":"23.2","product_items":[{"_type":"product_item","quantity":2},{"_type":"product_item","quantity":1}]}`},
		{"beyond the end", "(product_items[7])", `{"_v":"23.2","product_items":[]}`},
		{"a filter by text", "(product_items[?(@.product_id=='mug')].(product_id))", `{"_v":"23.2","product_items":[` + mug + `]}`},
		{"a filter by number", "(product_items[?(@.quantity>1 && @.quantity<=3)].(product_id))", `{"_v":"23.2","product_items":[` + mug + `]}`},
		{
			"a filter with or", "(product_items[?(@.quantity==1 || @.product_id != \"hat\" && @.quantity>=2)].(product_id))",
			`{"_v":"23.2","product_items":[` + mug + `,{"_type":"product_item","product_id":"cup"}]}`,
		},
		{
			"three levels", "(product_items.(price_adjustments.(price)))",
			`{"_v":"23.2","product_items":[{"_type":"product_item","price_adjustments":[{"price":-1.00}]},{"_type":"product_item"},{"_type":"product_item"}]}`,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, err := ocapi.ParseSelector(tc.selector)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Apply([]byte(selectable))
			if err != nil || string(got) != tc.want {
				t.Errorf("%v\n got %s\nwant %s", err, got, tc.want)
			}
		})
	}
}

func TestMalformedSelectorsAreRefused(t *testing.T) {
	t.Parallel()
	for selector, want := range map[string]string{
		"": "no opening parenthesis at character 1", "order_no": "no opening parenthesis", "()": "no property at character 2",
		"(a": "neither comma nor closing parenthesis at character 3", "(a))": "something after its end", "(a,)": "no property",
		"(-a)": "an exclusion before any inclusion", "(a.b)": "no opening parenthesis at character 4", "(a[)": "no index", "(a[1)": "no closing bracket",
		"(a[1:)": "no index", "(a[?])": "no opening parenthesis", "(a[?(b==1)])": "no property of the element", "(a[?(@.b)])": "no operator",
		"(a[?(@.b==)])": "no value", "(a[?(@.b=='x)])": "an open quotation", "(a[?(@.b==1])": "an unfinished filter",
		strings.Repeat("(a.", 30): "too many levels",
	} {
		if _, err := ocapi.ParseSelector(selector); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", selector, err, want)
		}
	}
}

// FuzzSelector holds that whatever can be read can be applied, leaves JSON, and leaves no more than there was.
func FuzzSelector(f *testing.F) {
	for _, seed := range []string{"(**)", "(*,-a)", "(a[0:2].(b,c_*))", "(a[?(@.b=='c' || @.d>1 && @.e!=2)].(**))", "(-a)", "((("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ocapi.ParseSelector(text)
		if err != nil {
			return
		}
		got, err := s.Apply([]byte(selectable))
		if err != nil || !json.Valid(got) || len(got) > len(selectable) {
			t.Errorf("%q left %s, %v", text, got, err)
		}
		again, err := s.Apply([]byte(selectable))
		if err != nil || string(again) != string(got) {
			t.Errorf("%q left %s and then %s", text, got, again)
		}
	})
}
