package hub

func discussionRoutes() []route { return nil }
