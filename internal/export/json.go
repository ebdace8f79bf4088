package export

import (
	"encoding/json"
	"io"

	"factcheck/internal/review"
)

// writeJSON writes an array of review.Report.
func writeJSON(w io.Writer, _ Site, reports Reports) error {
	return writeArray(w, reports, func(p review.Publication) ([]byte, error) {
		return json.MarshalIndent(p.Report, "  ", "  ")
	})
}

// writeJSONL writes one review.Report a line.
func writeJSONL(w io.Writer, _ Site, reports Reports) error {
	for p, err := range reports {
		if err != nil {
			return err
		}
		line, err := json.Marshal(p.Report)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// writeArray writes what encode makes of each publication as the elements of
// one JSON array, holding one at a time.
func writeArray(w io.Writer, reports Reports, encode func(review.Publication) ([]byte, error)) error {
	before := "[\n  "
	for p, err := range reports {
		if err != nil {
			return err
		}
		element, err := encode(p)
		if err != nil {
			return err
		}
		if _, err := w.Write(append([]byte(before), element...)); err != nil {
			return err
		}
		before = ",\n  "
	}
	end := "\n]\n"
	if before == "[\n  " {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}
