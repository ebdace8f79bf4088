// Package auth knows who is on the desk: accounts, passwords, sign-in and
// sessions.
//
// A password is kept as an argon2id hash, a set-up token as its SHA-256, a
// session token as the hash that scs makes of it: nobody who reads the database
// can sign in with what is there. An account that does not exist costs a try
// the same work as one that does, so neither the answer nor its time tells
// which addresses have an account.
package auth
