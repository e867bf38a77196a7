package hub

func bucketRoutes() []route { return nil }
