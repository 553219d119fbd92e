//go:build full

// Package pgcluster starts throw-away PostgreSQL servers for tests, out of what the distribution has installed. It is part
// of test builds with the tag full alone, and fails a test, rather than skip it, where PostgreSQL is not installed.
package pgcluster

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Password is that of the only role, over TCP.
const Password = "for-tests-only"

// role owns everything.
const role = "orderops"

// Cluster is a running server.
type Cluster struct {
	programs  string // folder of the server's programs
	dir       string
	port      int
	as        *syscall.SysProcAttr
	databases atomic.Int32
}

// Start makes a cluster of its own for a test and starts it; both end with the test.
func Start(t *testing.T) *Cluster {
	t.Helper()
	programs, err := findPrograms()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pg-") //nolint:usetesting // another user must get into it, and sockets need short paths
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c := &Cluster{programs: programs, dir: dir, as: serverUser(t, dir)}
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte(Password), 0o644); err != nil {
		t.Fatal(err)
	}
	c.must(t, "initdb", "-D", c.data(), "-U", role, "--pwfile="+password, "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--no-sync")
	c.start(t)
	t.Cleanup(func() { _, _ = c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop") })
	return c
}

// startAttempts is how many ports are tried: another process may take a free one first.
const startAttempts = 3

func (c *Cluster) start(t *testing.T) {
	t.Helper()
	var said []byte
	for range startAttempts {
		c.port = freePort(t)
		// What makes a server survive a power cut is switched off: a test's need not.
		options := fmt.Sprintf("-k %s -h 127.0.0.1 -p %d -F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200", c.dir, c.port)
		out, err := c.run("pg_ctl", "-D", c.data(), "-l", c.log(), "-o", options, "-w", "start")
		if err == nil {
			return
		}
		said = out
	}
	logged, _ := os.ReadFile(c.log())
	t.Fatalf("PostgreSQL does not start: %s\n%s", said, logged)
}

// Restart stops the server and starts it again at the same address: every session breaks.
func (c *Cluster) Restart(t *testing.T) {
	t.Helper()
	c.must(t, "pg_ctl", "-D", c.data(), "-l", c.log(), "-m", "fast", "-w", "restart")
}

// Database makes an empty database and returns its URL over TCP, without the password, which Password is.
func (c *Cluster) Database(t *testing.T) string {
	t.Helper()
	name := "test" + strconv.Itoa(int(c.databases.Add(1)))
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%d user=%s dbname=postgres", c.dir, c.port, role))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u := url.URL{Scheme: "postgres", User: url.User(role), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: "/" + name}
	return u.String()
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// log is where the server writes. Without it pg_ctl would not return: the server would keep its output open.
func (c *Cluster) log() string { return filepath.Join(c.dir, "log") }

func (c *Cluster) run(program string, args ...string) ([]byte, error) {
	// Not the test's context: stopping comes after that has ended.
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.programs, program), args...)
	cmd.SysProcAttr, cmd.Dir = c.as, c.dir
	return cmd.CombinedOutput()
}

func (c *Cluster) must(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := c.run(program, args...); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// serverUser says under whose name the server runs, and gives that user the folder: PostgreSQL refuses root.
func serverUser(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("PostgreSQL refuses to run as root, and its package has made no user for it: %v", err)
	}
	uid, err := strconv.ParseUint(postgres.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(postgres.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func freePort(t *testing.T) int {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatal("no TCP address")
	}
	return address.Port
}
