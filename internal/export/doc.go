// Package export turns publications into what leaves the house: files for
// other programs, and the report that people read.
//
// Every format is a pure function of [review.Publication.Report] and of the
// [Site] that publishes it: there is no clock here and no lookup, so that the
// same publication exported twice is the same bytes. A draft cannot be
// exported: only what was published has a Publication.
package export
