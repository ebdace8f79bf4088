package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// ToolsHandler is the Fact Check Tools API by itself.
func ToolsHandler(s *Server) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	for _, rt := range s.toolsRoutes() {
		r.Handle(rt.method, rt.path, s.serve(rt))
	}
	return r
}
