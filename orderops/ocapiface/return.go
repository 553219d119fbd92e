package ocapiface

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// takeBack returns units; its custom attributes are those of a cancel.
func (f *Face) takeBack(ctx context.Context, r *http.Request, in patchInput) (answer, error) {
	asked, err := in.cancelRequest()
	if err != nil {
		return answer{}, err
	}
	return f.act(ctx, r, in, func(shop b2cclient.Shop, doc b2cclient.Document) (command.Row, error) {
		return f.Desk.Return(ctx, shop.Site, in.ActionRequestID, doc, orderops.ReturnRequest(asked))
	})
}
