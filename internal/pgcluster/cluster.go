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
	"strings"
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
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Open makes a cluster for several tests and starts it. The caller closes it.
func Open() (*Cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg-") // another user must get into it, and sockets need short paths
	if err != nil {
		return nil, err
	}
	c := &Cluster{programs: programs, dir: dir}
	if err := c.make(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) make() error {
	var err error
	if c.as, err = serverUser(c.dir); err != nil {
		return err
	}
	password := filepath.Join(c.dir, "password")
	if err := os.WriteFile(password, []byte(Password), 0o644); err != nil {
		return err
	}
	out, err := c.run("initdb", "-D", c.data(), "-U", role, "--pwfile="+password, "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--no-sync")
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return c.start()
}

// Close stops the server and removes what it kept.
func (c *Cluster) Close() {
	_, _ = c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
	_ = os.RemoveAll(c.dir)
}

// startAttempts is how many ports are tried: another process may take a free one first.
const startAttempts = 3

func (c *Cluster) start() error {
	var said []byte
	var err error
	for range startAttempts {
		if c.port, err = freePort(); err != nil {
			return err
		}
		// What makes a server survive a power cut is switched off: a test's need not.
		options := fmt.Sprintf("-k %s -h 127.0.0.1 -p %d -F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200", c.dir, c.port)
		if said, err = c.run("pg_ctl", "-D", c.data(), "-l", c.log(), "-o", options, "-w", "start"); err == nil {
			return nil
		}
	}
	logged, _ := os.ReadFile(c.log())
	return fmt.Errorf("PostgreSQL does not start: %w: %s\n%s", err, said, logged)
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

// Dump is every row of a database that Database made, as text.
func (c *Cluster) Dump(t *testing.T, location string) string {
	t.Helper()
	name := location[strings.LastIndexByte(location, '/')+1:]
	out, err := c.run("pg_dump", "--data-only", "-h", c.dir, "-p", strconv.Itoa(c.port), "-U", role, name)
	if err != nil {
		t.Fatalf("pg_dump: %v\n%s", err, out)
	}
	return string(out)
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
func serverUser(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root, and its package has made no user for it: %w", err)
	}
	uid, err := strconv.ParseUint(postgres.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(postgres.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}
