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
	request := orderops.ReturnRequest(asked)
	return f.act(ctx, r, in, deed{
		submit: func(shop b2cclient.Shop, doc b2cclient.Document) (command.Row, error) {
			return f.Desk.Return(ctx, shop.Site, in.ActionRequestID, doc, request)
		},
		preview: func(shop b2cclient.Shop, doc b2cclient.Document) (Preview, error) {
			out, err := f.Desk.PreviewReturn(ctx, shop.Site, doc, request)
			return Preview{Return: &out}, err
		},
	})
}
