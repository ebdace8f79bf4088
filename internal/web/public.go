package web

// publicRoutes are the routes for readers.
func (s *Server) publicRoutes() []route { return nil }
