// Package mailtest is a mail server for tests: it takes letters on this
// machine and keeps them.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"factcheck/internal/mail"
)

// Letter is what the server took.
type Letter struct {
	From string // of the envelope
	To   []string
	Data string // head and body as they came
}

// Server takes letters.
type Server struct {
	Settings mail.Settings // to reach it by

	mu      sync.Mutex
	letters []Letter
	refuse  string // what it answers to RCPT; empty: it takes every letter
	came    chan struct{}
}

// Start serves until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{came: make(chan struct{}, 1000)}
	s.Settings = mail.Settings{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "The Desk <desk@example.org>", TLS: mail.NoTLS}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			open.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return s
}

// Refuse makes the server answer RCPT with line, such as "450 later"; an empty
// one makes it take letters again.
func (s *Server) Refuse(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = line
}

// Letters are those that came, oldest first.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Came tells of each letter as it comes.
func (s *Server) Came() <-chan struct{} { return s.came }

// serve speaks as much of RFC 5321 as a client needs.
func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	c := textproto.NewReader(bufio.NewReader(conn))
	say := func(line string) { _, _ = fmt.Fprint(conn, line+"\r\n") }
	say("220 mailtest")
	var l Letter
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-mailtest")
			say("250 8BITMIME")
		case "HELO", "NOOP", "RSET":
			say("250 ok")
		case "MAIL":
			l = Letter{From: between(rest)}
			say("250 ok")
		case "RCPT":
			s.mu.Lock()
			refuse := s.refuse
			s.mu.Unlock()
			if refuse != "" {
				say(refuse)
				continue
			}
			l.To = append(l.To, between(rest))
			say("250 ok")
		case "DATA":
			say("354 go on")
			data, err := c.ReadDotBytes()
			if err != nil {
				return
			}
			l.Data = string(data)
			s.keep(l)
			say("250 kept")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 unknown")
		}
	}
}

func (s *Server) keep(l Letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
	s.came <- struct{}{}
}

// between is what stands in the angle brackets of an envelope line.
func between(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
