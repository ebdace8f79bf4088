package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/review"
)

// upload is a file that came with a form, in memory: at most what its route
// takes.
type upload struct {
	name string
	data []byte
}

// maxParts is how many fields a form with a file may have.
const maxParts = 40

// readParts reads a form that may carry one file, in the field “file”. A file
// that was not chosen is none.
func readParts(r *http.Request) (form, error) {
	const op = "web.readParts"
	f := form{values: url.Values{}}
	parts, err := r.MultipartReader()
	if err != nil {
		return f, formError(op, err)
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, f.clean(op)
		}
		if err == nil {
			err = f.part(part)
		}
		if err != nil {
			return f, formError(op, err)
		}
	}
	return f, formError(op, errors.New("too many fields"))
}

// part reads one field, or the file.
func (f *form) part(part *multipart.Part) error {
	data, err := io.ReadAll(part) // bounded by the limit of the request
	switch {
	case err != nil:
		return err
	case part.FormName() != "file":
		f.values.Add(part.FormName(), string(data))
	case part.FileName() == "" && len(data) == 0: // nothing was chosen
	case f.file != nil:
		return errors.New("two files")
	default:
		f.file = &upload{part.FileName(), data}
	}
	return nil
}

// receive keeps the file that came with cmd, if one did and cmd may be done:
// nobody fills the folder of evidence with what they may not add.
func (s *Server) receive(c *gin.Context, file *upload, cmd *review.Command) error {
	if file == nil {
		return nil
	}
	d, err := s.load(c, cmd.ReviewID)
	if err != nil {
		return err
	}
	cmd.File = &review.File{Name: file.name}
	if _, err := d.Apply(*cmd, s.now()); err != nil {
		var refused *review.Refusal
		if errors.As(err, &refused) && refused.Kind == errs.Conflict {
			return nil // Do explains what the others did; the file is not kept then either
		}
		return err
	}
	kept, err := s.Evidence.Receive(cmd.Actor.ID, file.name, bytes.NewReader(file.data))
	if err != nil {
		return err
	}
	cmd.File = fileOf(kept, s.Evidence)
	return nil
}

// fileOf is a kept file as a command carries it.
func fileOf(kept evidence.Capture, to *evidence.Service) *review.File {
	return &review.File{Name: kept.Title, SHA256: kept.BodySHA256, Bytes: kept.BodyBytes, Attach: func(ctx context.Context, id int64) error {
		_, err := to.Attach(ctx, kept, id)
		return err
	}}
}
