package b2cclient

import (
	"fmt"
	"strings"
	"testing"
)

func TestAPageHasItsDocumentsInOrderAndWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 7, 50} {
		docs := make([]string, n)
		for i := range docs {
			docs[i] = fmt.Sprintf(`{"order_no":"%08d","order_total":%d.5,"c_mine":true}`, i, i)
		}
		body := fmt.Sprintf(`{"count":%d,"data":[%s],"start":3,"total":90}`, n, strings.Join(docs, ","))
		list, err := readList([]byte(body))
		if err != nil || len(list.Data) != n || list.Start != 3 || list.Count != n || list.Total != 90 || string(list.Envelope) != body {
			t.Fatalf("%d documents: %+v, %v", n, list, err)
		}
		for i, d := range list.Data {
			if d.Order.OrderNo != fmt.Sprintf("%08d", i) || string(d.Raw) != docs[i] {
				t.Errorf("document %d of %d is %+v, %s", i, n, d.Order, d.Raw)
			}
		}
	}
	for _, body := range []string{`{"data":[{"order_no":"1"},{"order_no":2}]}`, `{"data":[{"order_no":"1"]}`, `{"data":{}}`, `[]`} {
		if _, err := readList([]byte(body)); err == nil {
			t.Errorf("%s is a page", body)
		}
	}
}
