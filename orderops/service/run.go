package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// shutdownTimeout is how long a stopping service waits for requests and workflows.
const shutdownTimeout = 10 * time.Second

// Run serves a service until ctx ends. The address it listens on is the first thing it prints: `orderops=http://…`.
func Run(ctx context.Context, cfg Config, stdout io.Writer) error {
	svc, err := New(cfg)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen on %s: %w", cfg.Listen, err), svc.Close(ctx))
	}
	self := "http://" + listener.Addr().String()
	if _, err := fmt.Fprintf(stdout, "orderops=%s\n", self); err != nil {
		return errors.Join(fmt.Errorf("print address: %w", err), listener.Close(), svc.Close(ctx))
	}
	svc.Start(self)
	server := &http.Server{Handler: svc.Handler(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case err = <-svc.lost:
	case <-ctx.Done():
		err = nil
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return errors.Join(err, server.Shutdown(stopping), svc.Close(stopping))
}
