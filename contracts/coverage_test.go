package contracts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryCallIsAgreedOn proves that for each function of a client there is an
// interaction for success, and for each way of being refused that order-ops
// tells apart.
func TestEveryCallIsAgreedOn(t *testing.T) {
	t.Parallel()
	agreed := agreedOutcomes(t)
	for function, outcomes := range toldApart() {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			for _, outcome := range outcomes {
				if !slices.Contains(agreed[function], outcome) {
					t.Errorf("no pact has an interaction in which %s comes to %s; add one in consumer/ and run `make pacts`", function, outcome)
				}
			}
		})
	}
}

// TestCoverageKnowsEveryCall keeps the table below complete: a call that is
// added to a client has to be agreed on, and one that is gone is gone from here.
func TestCoverageKnowsEveryCall(t *testing.T) {
	t.Parallel()
	inTable := toldApart()
	var known, found []string
	for function := range inTable {
		known = append(known, function)
	}
	folders, err := filepath.Glob("../orderops/*client")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no client found (%v)", err)
	}
	for _, folder := range folders {
		found = append(found, callsOf(t, folder)...)
	}
	slices.Sort(known)
	slices.Sort(found)
	if diff := cmp.Diff(known, found); diff != "" {
		t.Errorf("the calls of the clients are not those of toldApart (-in the table +in the clients):\n%s", diff)
	}
	for function := range agreedOutcomes(t) {
		if inTable[function] == nil {
			t.Errorf("the pacts speak of %s, which no client has; run `make pacts`", function)
		}
	}
}

// toldApart is what order-ops makes of the answers to each call: the classes of
// package remote on which it acts differently.
func toldApart() map[string][]string {
	read := func(more ...string) []string {
		return append([]string{"success", "unauthorized", "throttled", "unavailable"}, more...)
	}
	// A write whose answer is lost may have happened.
	write := func(more ...string) []string { return read(append(more, "ambiguous")...) }
	return map[string][]string{
		"b2cclient.Login":          read(),
		"b2cclient.Order":          read("not_found"),
		"b2cclient.CustomerOrders": read("not_found"),
		"b2cclient.Patch":          write("not_found", "rejected", "conflict"),
		"b2cclient.SetStatus":      write("not_found", "conflict"),
		"b2cclient.Status":         read("not_found"),

		"b2cclient.CustomerBaskets": read(),
		"b2cclient.Basket":          read("not_found"),
		"b2cclient.CreateBasket":    write("not_found"), // of a product, which has it put together anew
		"b2cclient.ShowBasket":      write("rejected"),
		"b2cclient.ReserveBasket":   write("rejected"), // of what somebody else has taken
		"b2cclient.DeleteBasket":    write("not_found"),
		"b2cclient.Products":        {"success", "throttled", "unavailable"}, // everybody may ask
		"b2cclient.OrderAsService":  read("not_found"),
		"b2cclient.NewestOrders":    read(),
		"b2cclient.NewestAnywhere":  read(),
		"b2cclient.Reduce":          write("rejected"), // as made before
		"b2cclient.Submit":          write("rejected"),
		"b2cclient.Authorize":       write("rejected"),
		"b2cclient.Fail":            write(),
		"b2cclient.Annotate":        write(),

		// A site that is none, and a secret, are refused alike; nothing is in doubt after a question.
		"cdcclient.Keys":    read(),
		"cdcclient.Account": read("not_found"),

		"loyaltyclient.Events":       read(),
		"loyaltyclient.Balance":      read("not_found"),
		"loyaltyclient.Adjust":       write("not_found", "rejected"),
		"loyaltyclient.DeleteReward": write("not_found", "rejected"),

		"ociclient.Holdings": read("rejected"),
		"ociclient.Reserve":  write("rejected"),
		"ociclient.Release":  write(), // records that fail come in an answer that is a success

		"slotsclient.Bookings": read(),
		"slotsclient.Release":  write("not_found"),

		"slotsclient.Succeed":     write("conflict"),
		"slotsclient.Hold":        write("conflict"),
		"slotsclient.Confirm":     write("not_found"),
		"slotsclient.ReleaseHold": write(),
		"slotsclient.Move":        write("conflict"),
		"slotsclient.Slot":        read(),
		"slotsclient.Find":        read(),

		"somclient.Login":                      read(),
		"somclient.Orders":                     read("rejected"), // of a later page
		"somclient.PreviewCancel":              read("rejected"),
		"somclient.SubmitCancel":               write("rejected", "conflict"),
		"somclient.CancelFulfillmentOrderItem": write("rejected", "conflict"),
		"somclient.CreateFulfillmentOrder":     write("rejected", "conflict"),
		"somclient.RecordReversal":             write("rejected", "conflict"),
		"somclient.RecordRefund":               write("rejected", "conflict"),
		"somclient.Recorded":                   read(),
		"somclient.FeeBasis":                   read(),
		"somclient.SetStatus":                  write("conflict"),
		"somclient.SetDesiredDelivery":         write("conflict"),
		"somclient.PreviewReturn":              read("rejected"),
		"somclient.SubmitReturn":               write("rejected", "conflict"),
		"somclient.CreateReturnOrder":          write("rejected", "conflict"),
		"somclient.ReturnOrdersOf":             read(),
		"somclient.ReturnOrder":                read(),
		"somclient.ChargeFee":                  write("rejected", "conflict"),
		"somclient.ReverseAuthorization":       write("rejected", "conflict"),
		"somclient.EnsureRefunds":              write("rejected", "conflict"),
		"somclient.CreateCreditMemo":           write("rejected", "conflict"),
		"somclient.CreateFeeInvoice":           write("rejected", "conflict"),
		"somclient.Settlement":                 read(),

		// A session that is of nobody has no locked rows; keys are public, so that nobody is unauthorized.
		"somclient.UserOf":       read(),
		"somclient.RenameRefund": write("conflict"),
		"slasclient.Keys":        {"success", "throttled", "unavailable"},
		// A token more than needed does no harm.
		"slasclient.VouchedToken":       read("not_found"),
		"slasclient.GuestToken":         read(),
		"scapiclient.RequestAccessCode": write(),
		"scapiclient.Opens":             write(), // it counts wrong codes; whether a code opens the order is told by a success of the call
		"b2cclient.Keys":                {"success", "throttled", "unavailable"},

		// The collector takes whatever is sent by whomever.
		"trackingclient.Refund":   {"success", "throttled", "unavailable", "ambiguous"},
		"trackingclient.Purchase": {"success", "throttled", "unavailable", "ambiguous"},

		// An unknown key is forbidden, which says who asks and not what for.
		"worldlineclient.Payment": {"success", "not_found", "unauthorized", "throttled", "unavailable"},
		"worldlineclient.Void":    {"success", "not_found", "rejected", "unauthorized", "conflict", "throttled", "unavailable", "ambiguous"},
		"worldlineclient.Refund":  {"success", "not_found", "unauthorized", "conflict", "throttled", "unavailable", "ambiguous"},
	}
}

// agreedOutcomes are the outcomes in the pacts of order-ops by function.
func agreedOutcomes(t *testing.T) map[string][]string {
	t.Helper()
	agreed := map[string][]string{}
	for _, p := range allPacts(t) {
		if p.Consumer.Name != "order-ops" {
			continue
		}
		for _, i := range p.Interactions {
			if i.Comments.TestName == "" {
				t.Errorf("%s: %q does not tell which call it is; run `make pacts`", p.File, i.Description)
				continue
			}
			agreed[i.Comments.TestName] = append(agreed[i.Comments.TestName], i.Comments.Outcome)
		}
	}
	return agreed
}

// callsOf lists the functions of a client package that send something: the
// exported methods of Client that take a context, and Login.
func callsOf(t *testing.T, folder string) (calls []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range source.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && sends(f) {
				calls = append(calls, source.Name.Name+"."+f.Name.Name)
			}
		}
	}
	return calls
}

// sends tells a call from a helper.
func sends(f *ast.FuncDecl) bool {
	switch {
	case f.Recv == nil:
		return f.Name.Name == "Login"
	case !f.Name.IsExported() || f.Name.Name == "UserID": // which only asks for the token's owner
		return false
	}
	pointer, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok || len(f.Type.Params.List) == 0 {
		return false
	}
	receiver, isName := pointer.X.(*ast.Ident)
	context, isSelected := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return isName && receiver.Name == "Client" && isSelected && context.Sel.Name == "Context"
}
