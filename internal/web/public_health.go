package web

import (
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"
)

// healthy handles GET /healthz: the process answers.
func (s *Server) healthy(c *gin.Context) error {
	return plain(c, http.StatusOK, "ok\n")
}

// ready handles GET /readyz: the database answers and has this program's
// schema. The cause of a failure is for the log alone.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Store.Ready(c.Request.Context()); err != nil {
		slog.ErrorContext(c.Request.Context(), "not ready", "err", err)
		return plain(c, http.StatusServiceUnavailable, "The database is not ready.\n")
	}
	return plain(c, http.StatusOK, "ready\n")
}

// plain answers with a line of text that is never kept.
func plain(c *gin.Context, code int, text string) error {
	c.Header("Cache-Control", "no-store")
	c.Data(code, "text/plain; charset=utf-8", []byte(text))
	return nil
}
