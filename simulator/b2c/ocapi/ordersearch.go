package ocapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// searchCount is the size of a page of search results when the caller names none.
const searchCount = 25

type searchInput struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	Body    searchRequest
}

type searchRequest struct {
	Query  json.RawMessage `json:"query"`
	Select string          `json:"select"`
	Expand []string        `json:"expand"`
	Sorts  []searchSort    `json:"sorts"`
	Start  int             `json:"start"`
	Count  int             `json:"count"`
}

type searchSort struct {
	Field     string `json:"field"`
	SortOrder string `json:"sort_order"`
}

type orderSearchResult struct {
	Version  string           `json:"_v"`
	Type     string           `json:"_type"`
	Count    int              `json:"count"`
	Hits     []orderSearchHit `json:"hits"`
	Next     *resultPage      `json:"next,omitempty"`
	Previous *resultPage      `json:"previous,omitempty"`
	Query    json.RawMessage  `json:"query"`
	Select   string           `json:"select,omitempty"`
	Sorts    []searchSort     `json:"sorts,omitempty"`
	Start    int              `json:"start"`
	Total    int              `json:"total"`
}

type orderSearchHit struct {
	Type      string        `json:"_type"`
	Data      renderedOrder `json:"data"`
	Relevance json.Number   `json:"relevance"`
}

type resultPage struct {
	Type  string `json:"_type"`
	Count int    `json:"count"`
	Start int    `json:"start"`
}

func (a *API) searchOrders(c *binding.Call, in searchInput) (orderSearchResult, error) {
	if err := mayExpand(strings.Join(in.Body.Expand, ",")); err != nil {
		return orderSearchResult{}, err
	}
	wanted, err := readQuery(in.Body.Query)
	if err != nil {
		return orderSearchResult{}, err
	}
	order, err := readSorts(in.Body.Sorts)
	if err != nil {
		return orderSearchResult{}, err
	}
	orders := a.domain.SearchOrders(c.Tx, reader(c, in.Site), wanted)
	slices.SortStableFunc(orders, order)
	return a.searchPage(in, orders)
}

func (a *API) searchPage(in searchInput, orders []b2c.Order) (orderSearchResult, error) {
	size := in.Body.Count
	if size == 0 {
		size = searchCount
	}
	from := min(in.Body.Start, len(orders))
	to := min(from+size, len(orders))
	result := orderSearchResult{
		Version: documentVersion(in.Version), Type: "order_search_result", Count: to - from, Hits: []orderSearchHit{},
		Query: in.Body.Query, Select: in.Body.Select, Sorts: in.Body.Sorts, Start: in.Body.Start, Total: len(orders),
	}
	for _, o := range orders[from:to] {
		doc, err := a.render(in.Version, o)
		if err != nil {
			return orderSearchResult{}, err
		}
		result.Hits = append(result.Hits, orderSearchHit{"order_search_hit", doc, "1.0"})
	}
	if to < len(orders) {
		result.Next = &resultPage{"result_page", size, to}
	}
	if from > 0 {
		result.Previous = &resultPage{"result_page", size, max(0, from-size)}
	}
	return result, nil
}

// readSorts makes the order of a result out of its sorts; what they leave equal stays by number.
func readSorts(sorts []searchSort) (func(x, y b2c.Order) int, error) {
	fields := make([]searchField, 0, len(sorts))
	for _, s := range sorts {
		f, err := findField(s.Field)
		if err != nil {
			return nil, err
		}
		if f.several {
			return nil, Refuse("b2c.search.sortable", "FieldNotSortable", "The field '"+s.Field+"' cannot be sorted by.", "field", s.Field)
		}
		fields = append(fields, f)
	}
	return func(x, y b2c.Order) int {
		for i, f := range fields {
			order := f.compare(first(f.values(&x)), first(f.values(&y)))
			if sorts[i].SortOrder == "desc" {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	}, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
