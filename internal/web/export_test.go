package web

import "slices"

// Route is a line of the tables of routes, for the tests.
type Route struct {
	Method, Path string
	Staff        bool
}

// Routes is every route of s.
func Routes(s *Server) []Route {
	var out []Route
	for _, rt := range slices.Concat(s.deskRoutes(), s.publicRoutes(), s.toolsRoutes(), s.outsideRoutes()) {
		out = append(out, Route{rt.method, rt.path, rt.who != anybody})
	}
	return out
}
