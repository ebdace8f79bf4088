// Package train makes the shipped models of check-worthiness from labelled
// sets: the tuned sentence encoder and the small models over it. It is not in
// the serving path; "factcheck train" runs it. Seeds are fixed and everything is
// walked in sorted order, so that a rebuild can be compared with models.sha256.
package train
