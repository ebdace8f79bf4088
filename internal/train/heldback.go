package train

import "slices"

// Row is a labelled sentence.
type Row struct {
	Text  string
	Doc   string
	Label bool
}

// HeldBack are the sentences of an English model's set that its encoder never
// saw and that its calibration was fitted to: one fifth of the documents, dealt
// as Build deals them. sets is the folder of the development sets. The linear
// part that ships has seen them, so figures on them flatter it.
func HeldBack(sets, model string) ([]Row, error) {
	var all [][]example
	at := -1
	for _, r := range recipes {
		if !r.head {
			continue
		}
		rows, err := load(sets, r.set)
		if err != nil {
			return nil, err
		}
		if r.name == model {
			at = len(all)
		}
		all = append(all, rows)
	}
	var picks []example
	for _, name := range pickSets {
		rows, err := load(sets, name)
		if err != nil {
			return nil, err
		}
		picks = append(picks, rows...)
	}
	all = append(all, picks)
	group(all...)
	fold := folds(slices.Concat(all...), englishFolds)
	var out []Row
	for k, rows := range all {
		for i, e := range rows {
			if k == at && fold[i] == heldFold {
				out = append(out, Row{e.Text, e.Doc, e.Label == 1})
			}
		}
		fold = fold[len(rows):]
	}
	return out, nil
}
