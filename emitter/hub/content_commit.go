package hub

import "strconv"

// commitAnswer is what came of a commit (CommitInfo of the official client).
type commitAnswer struct {
	Success    bool   `json:"success"`
	URL        string `json:"commitUrl"`
	OID        string `json:"commitOid"`
	Pull       string `json:"pullRequestUrl,omitempty"`
	HookOutput string `json:"hookOutput"`
}

// createCommit makes a commit on a branch, on a pull request, or with create_pr on a
// pull request that is opened for it. As on the Hub it may change nothing: it is for
// clients not to make empty commits.
func createCommit(c *call) (answer any, err error) {
	body, err := c.readCommit()
	if err != nil {
		return nil, err
	}
	create, _ := strconv.ParseBool(c.Request.URL.Query().Get("create_pr"))
	err = c.Update(func(tx *tx) error {
		r, err := c.Repo(tx.state)
		if err != nil {
			return err
		}
		if !create {
			r, made, err := tx.CommitOnRef(r, c.Params["rev"], body)
			if err == nil {
				answer = committed(c.URL, r, made)
			}
			return err
		}
		r, made, pull, err := tx.CommitOnNewPull(r, c.Params["rev"], body)
		if err == nil {
			a := committed(c.URL, r, made)
			a.Pull = WebURL(c.URL, r) + "/discussions/" + strconv.Itoa(pull.Num)
			answer = a
		}
		return err
	})
	return answer, err
}

func committed(hub string, r *repo, made *commit) commitAnswer {
	return commitAnswer{Success: true, URL: WebURL(hub, r) + "/commit/" + made.SHA, OID: made.SHA}
}
