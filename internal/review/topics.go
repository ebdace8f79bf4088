package review

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Limits of what a claim is about.
const (
	MaxTopics = 12
	MaxTopic  = 60 // code points of one
)

// SubjectKey is under what a topic, a speaker or an organisation is the same,
// however it is spelled: its fingerprint, or itself if it has neither letters nor
// digits.
func SubjectKey(name string) string { return cmp.Or(claims.Fingerprint(name), strings.TrimSpace(name)) }

// TopicSlug is a topic in the address of a public page, and TopicKey its key by
// that. The slug is empty if the topic has neither letters nor digits.
func TopicSlug(topic string) string { return strings.ReplaceAll(claims.Fingerprint(topic), " ", "-") }

// TopicKey is the key of a topic by its slug.
func TopicKey(slug string) string { return strings.ReplaceAll(slug, "-", " ") }

// ParseTopics reads topics as a person types them, with commas, semicolons or line
// ends between: each once, in the order of their keys. It is never nil.
func ParseTopics(text string) []string {
	return tidyTopics(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;\n", r) }))
}

// TopicsText is topics as a field holds them.
func TopicsText(topics []string) string { return strings.Join(topics, ", ") }

func tidyTopics(all []string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, t := range all {
		t = strings.Join(strings.Fields(t), " ")
		if key := SubjectKey(t); t != "" && !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(SubjectKey(a), SubjectKey(b)) })
	return out
}

func checkTopics(topics []string) error {
	const op = "review.checkTopics"
	if len(topics) > MaxTopics {
		return errs.Newf(op, errs.Invalid, "A claim has at most %d topics. Keep those by which people would look for it.", MaxTopics)
	}
	for _, t := range topics {
		if utf8.RuneCountInString(t) > MaxTopic {
			return errs.Newf(op, errs.Invalid, "A topic is at most %d characters long. Put commas between topics.", MaxTopic)
		}
	}
	return nil
}
