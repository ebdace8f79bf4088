// Package store keeps everything in one database, SQLite or PostgreSQL, through
// one gorm path. [Open] alone knows the dialect. Nobody but cmd and tests
// imports it: the packages that need rows declare the interface they need.
//
// Times are stored as microseconds since 1970 UTC, absent ones as NULL, absent
// references as NULL; in Go both are zero values. A row struct has exactly the
// fields of its domain type, so that a conversion keeps them equal; where it
// cannot, toX and fromX convert and a test goes both ways.
package store
