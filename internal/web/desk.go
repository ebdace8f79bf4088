package web

// deskRoutes are the routes for staff.
func (s *Server) deskRoutes() []route { return nil }
