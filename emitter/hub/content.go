package hub

func contentRoutes() []route { return nil }
