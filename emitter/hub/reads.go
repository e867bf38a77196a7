package hub

func readRoutes() []route { return nil }
