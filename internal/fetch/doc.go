// Package fetch asks the public internet for one page at a time, at the wish of
// people who may be wrong or hostile. Every address is checked when it is
// entered, after each redirect, and once more when a connection is opened,
// where a name cannot resolve to something else any more. Nothing is sent but
// the address: no cookies, no credentials, no referrer.
package fetch
