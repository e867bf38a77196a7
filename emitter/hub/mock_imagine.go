package hub

import "slices"

// AutoCreate creates a repo, and its discussion of a number above zero, unless they are
// there. It publishes nothing. What cannot be created stays missing.
func (s *Runner) AutoCreate(from Origin, repoType, name string, num int) error {
	if !IsRepoName(name) || num < 0 || num > HighestNum || !s.lacks(repoType, name, num) {
		return nil
	}
	return s.DB.UpdateFrom(from, func(tx *tx) error { return autoCreate(tx, repoType, name, num) })
}

// lacks reports whether the repo or its discussion of a number above zero is missing.
func (s *Runner) lacks(repoType, name string, num int) (missing bool) {
	s.DB.View(func(s *state) {
		r := s.RepoNamed(repoType, name)
		missing = r == nil || num > 0 && r.Type != TypeBucket && s.Discussion(r.ID, num) == nil
	})
	return missing
}

func autoCreate(tx *tx, repoType, name string, num int) error {
	if !slices.Contains(RepoTypes, repoType) {
		return nil
	}
	a := scenarioFor(tx, &Trigger{Num: num}, repoType, name)
	if err := a.need(needRepo); err != nil {
		return err
	}
	if num < 1 || repoType == TypeBucket {
		return nil
	}
	if a.lookUp(); a.discussion != nil {
		return nil
	}
	return a.makeDiscussion(num)
}
