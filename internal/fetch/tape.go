package fetch

import (
	"bytes"
	"net"
	"sync"
)

// Exchange is one question and its answer, as they went over the wire, without
// encryption.
type Exchange struct {
	Address   string // asked for
	IP        string // of who answered; may be empty
	Request   []byte
	Response  []byte
	Truncated bool // there was more of the response
}

// tape records one connection.
type tape struct {
	mu       sync.Mutex
	limit    int
	ip       string
	sent     bytes.Buffer
	received bytes.Buffer
	cut      bool
}

// newTape returns a tape for a body of so many bytes with its header and, if it
// comes in chunks, what divides them.
func newTape(body int) *tape {
	return &tape{limit: body + body/16 + maxHeaderBytes}
}

// on records conn; an error passes through.
func (t *tape) on(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ip, _, _ = net.SplitHostPort(conn.RemoteAddr().String()) // empty if it has none
	return &recorded{conn, t}, nil
}

// shorten says that there was more than what was read.
func (t *tape) shorten() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cut = true
}

// exchange is what was recorded so far.
func (t *tape) exchange(address string) Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Exchange{Address: address, IP: t.ip, Request: bytes.Clone(t.sent.Bytes()), Response: bytes.Clone(t.received.Bytes()), Truncated: t.cut}
}

type recorded struct {
	net.Conn
	tape *tape
}

// Read reads and records.
func (r *recorded) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.tape.mu.Lock()
	defer r.tape.mu.Unlock()
	keep := min(n, r.tape.limit-r.tape.received.Len())
	r.tape.received.Write(p[:keep])
	r.tape.cut = r.tape.cut || keep < n
	return n, err
}

// Write records what is sent, and then sends it: the answer may be here before
// sending returns.
func (r *recorded) Write(p []byte) (int, error) {
	r.tape.mu.Lock()
	r.tape.sent.Write(p)
	r.tape.mu.Unlock()
	return r.Conn.Write(p)
}
