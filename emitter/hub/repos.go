package hub

func repoRoutes() []route { return nil }
