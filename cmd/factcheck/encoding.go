package main

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"factcheck/data"
	"factcheck/internal/earlier"
	"factcheck/internal/embed"
	"factcheck/internal/errs"
	"factcheck/internal/store"
)

// encoding says whose sentence vectors earlier claims are compared by.
type encoding struct {
	Embeddings      string   `name:"embeddings" env:"FACTCHECK_EMBEDDINGS" placeholder:"ADDRESS" help:"Embeddings server that speaks the OpenAI protocol, as http://127.0.0.1:8000/v1/embeddings (default: none; the built-in English encoder)."`
	EmbeddingsModel string   `name:"embeddings-model" env:"FACTCHECK_EMBEDDINGS_MODEL" placeholder:"NAME" help:"Model to ask it for."`
	EmbeddingsKey   string   `name:"embeddings-key" env:"FACTCHECK_EMBEDDINGS_KEY" placeholder:"…" help:"Its key, if it asks for one; better in the environment than on the command line."`
	EmbeddingsLangs []string `name:"embeddings-langs" env:"FACTCHECK_EMBEDDINGS_LANGS" placeholder:"en,…" help:"Languages that the model knows (default: all)."`
}

// fillTime is how long the server may take for a batch of texts; a query waits
// less.
const fillTime = time.Minute

// encoder is the one that is asked for. Invalid if it is named wrongly.
func (c encoding) encoder() (embed.Encoder, error) {
	const op = "cmd.encoder"
	if c.Embeddings == "" {
		own, err := embed.NewSentence(data.Encoder)
		return own, errs.Wrap(op, errs.Internal, err)
	}
	u, err := url.Parse(c.Embeddings)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errs.Newf(op, errs.Invalid, "“%s” is not the address of an embeddings server. It looks like http://127.0.0.1:8000/v1/embeddings.", c.Embeddings)
	}
	if c.EmbeddingsModel == "" {
		return nil, errs.New(op, errs.Invalid, "Say which model the embeddings server is to use, with --embeddings-model or FACTCHECK_EMBEDDINGS_MODEL.")
	}
	return c.server(c.EmbeddingsModel), nil
}

func (c encoding) server(model string) *embed.HTTP {
	return &embed.HTTP{Client: &http.Client{Timeout: fillTime}, Address: c.Embeddings, Key: c.EmbeddingsKey, Model: model, Langs: c.EmbeddingsLangs}
}

// known is the encoder of that name, if it can be had: the built-in one, or
// another model of the same server; nil if not.
func (c encoding) known(name string) embed.Encoder {
	if c.Embeddings != "" {
		if model, ok := strings.CutSuffix(name, c.server("").Name()); ok && model != "" {
			return c.server(model)
		}
	}
	if own, err := embed.NewSentence(data.Encoder); err == nil && own.Name() == name {
		return own
	}
	return nil
}

// earlier is the service of earlier claims over a store.
func (c encoding) earlier(st *store.Store, e *env) (*earlier.Service, error) {
	wanted, err := c.encoder()
	if err != nil {
		return nil, err
	}
	index := earlier.NewIndex(st, wanted, e.now)
	index.StandIn(c.known)
	return &earlier.Service{Store: st, Index: index, Reviews: reviewsOf(st, e), Now: e.now}, nil
}
