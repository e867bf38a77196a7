package emitter_test

// Lines that many stories share.
const (
	created       = "repo.create"
	opened        = "discussion.create"
	draft         = "discussion.create discussion.isPullRequest=true discussion.status=draft"
	pull          = "discussion.create discussion.isPullRequest=true"
	pushed        = "repo.content.update repo.headSha=#2 updatedRefs=refs/heads/main:#1>#2"
	gone          = "repo.delete"
	onMerged      = " discussion.isPullRequest=true discussion.status=merged discussion.changes.mergeCommitId=#9"
	merged        = "discussion.update" + onMerged
	hidden        = "discussion.comment.update comment.hidden=true comment.content=-"
	aBucket       = " repo.type=bucket repo.name=ada/store repo.headSha=- "
	bucketCreated = "repo.create" + aBucket
	bucketPush    = "repo.content.update" + aBucket + "updatedFiles="
	aSpace        = " repo.type=space repo.name=Ada/A.b_c repo.subdomain=ada-a-b-c "
	aDataset      = " repo.type=dataset "
	// second is another repo of the same owner, made later.
	second = " repo.id=@20 repo.name=ada/second "
)

// rightStories contradict nothing.
var rightStories = map[string]scenario{
	"a push": {created, pushed, "repo.update repo.headSha=#2", "repo.update repo.headSha=-"},
	"a name without an owner": {
		"repo.create repo.name=gpt2",
		"repo.create repo.name=bert repo.id=@3 repo.owner.id=@-5",
		"repo.move repo.name=bert repo.id=@3 repo.owner.id=@-5 movedTo.name=ada/bert movedTo.owner.id=@-9",
		"repo.update repo.name=ada/bert repo.id=@3",
	},
	"an owner of the second in which the story begins": {"repo.create repo.owner.id=664000000000000000000fff"},
	"a repo whose main is told late": {
		"repo.create repo.headSha=-",
		"repo.content.update repo.headSha=- updatedRefs=refs/heads/dev:0>#5",
		"repo.update repo.headSha=#1",
		pushed,
	},
	"a repo whose first commit is pushed": {
		"repo.create repo.headSha=-", "repo.content.update repo.headSha=#1 updatedRefs=refs/heads/main:0>#1", pushed,
	},
	"branches and tags": {
		created, pushed,
		"repo.content.update repo.headSha=#2 updatedRefs=refs/heads/dev:0>#2,refs/tags/v1:0>#1",
		"repo.content.update updatedRefs=refs/heads/dev:#2>#3",
		"repo.content.update repo.headSha=#3 updatedRefs=refs/heads/main:#2>#3",
		"repo.content.update updatedRefs=refs/heads/dev:#3>0",
		"repo.content.update updatedRefs=refs/tags/v1:#1>0",
		"repo.content.update updatedRefs=refs/heads/dev:0>#3",
		"repo.content.update updatedRefs=refs/tags/v1:0>#2",
	},
	"the bot of a dataset": {
		"repo.create" + aDataset,
		pushed + aDataset,
		"repo.content.update repo.headSha=#2 updatedRefs=refs/convert/parquet:0>#3" + aDataset,
		"repo.content.update repo.headSha=#2 updatedRefs=refs/convert/parquet:#3>#4" + aDataset,
	},
	"settings": {
		created,
		"repo.config.update updatedConfig={}",
		"repo.config.update updatedConfig.private=true repo.private=true",
		"repo.update repo.private=true",
		"repo.config.update updatedConfig.private=false",
		"repo.config.update updatedConfig.xetEnabled=true",
		opened,
	},
	"a move, and a name taken again": {
		created, opened,
		"repo.move movedTo.name=ada/motor movedTo.owner.id=@-9",
		"repo.move repo.name=ada/motor movedTo.name=Bob/motor movedTo.owner.id=@-5",
		"discussion.comment.create repo.name=Bob/motor repo.owner.id=@-5 comment.id=@12",
		"repo.create repo.id=@20",
		"repo.delete repo.id=@20",
		"repo.create repo.id=@21",
	},
	"repos of one name and two types": {created, "repo.create repo.id=@1" + aDataset},
	"a Space": {
		"repo.create" + aSpace,
		"discussion.create repo.type=space repo.name=Ada/A.b_c",
		"repo.update" + aSpace,
		"repo.move movedTo.name=Ada/d movedTo.owner.id=@-9" + aSpace,
		"repo.update repo.type=space repo.name=Ada/d repo.subdomain=ada-d",
	},
	"a bucket": {
		bucketCreated,
		bucketPush + "+a.txt,+b.txt",
		bucketPush + "+a.txt,-b.txt",
		bucketPush + "+b.txt",
		bucketPush + "-a.txt,-b.txt",
		"repo.config.update updatedConfig.private=true repo.private=true" + aBucket,
		"repo.delete repo.private=true" + aBucket,
	},
	"a discussion": {
		created, opened,
		"discussion.comment.create comment.id=@12 comment.author.id=@-9 comment.content=Me_too",
		"discussion.update discussion.title=Crash_on_load",
		"discussion.update discussion.title=Crash_on_load discussion.status=closed",
		"discussion.comment.create discussion.title=Crash_on_load discussion.status=closed comment.id=@13",
		"discussion.update discussion.title=Crash_on_load",
		"discussion.update discussion.title=Crash_on_load discussion.pinned=true",
		"discussion.update discussion.title=Crash_on_load discussion.pinned=false",
		"discussion.delete discussion.title=Crash_on_load discussion.pinned=false",
		"discussion.create discussion.num=2 discussion.id=@14 comment.id=@15",
	},
	"comments": {
		created, opened,
		"discussion.comment.update comment.content=Hello_all",
		"discussion.comment.update comment.hidden=true comment.content=-",
		"discussion.comment.create comment.id=@12 comment.content=",
		"discussion.comment.update comment.id=@12 comment.content=More",
	},
	"a pull request from its draft to its push": {
		created,
		"repo.content.update updatedRefs=refs/pr/1:0>#5",
		draft,
		"repo.content.update repo.headSha=#1 updatedRefs=refs/pr/1:#5>#6",
		"discussion.update discussion.isPullRequest=true",
		merged,
		"discussion.comment.create comment.id=@12" + onMerged,
		"repo.content.update repo.headSha=#9 updatedRefs=refs/heads/main:#1>#9",
	},
	"a pull request whose ref comes second": {
		created, draft, "repo.content.update updatedRefs=refs/pr/1:0>#5", merged,
		"repo.config.update repo.headSha=#1 updatedConfig={}",
		"repo.content.update repo.headSha=#9 updatedRefs=refs/heads/main:#1>#9,refs/pr/1:#5>0",
		"discussion.update discussion.title=Done" + onMerged,
	},
	"a pull request closed, opened again and deleted": {
		created, draft, "repo.content.update updatedRefs=refs/pr/1:0>#5",
		"discussion.update discussion.isPullRequest=true discussion.status=closed",
		"discussion.update discussion.isPullRequest=true",
		"discussion.delete discussion.isPullRequest=true",
		"repo.content.update updatedRefs=refs/pr/1:#5>0",
	},
	"numbers that count on": {
		created, opened,
		"discussion.delete",
		"repo.content.update updatedRefs=refs/pr/2:0>#5",
		"repo.content.update updatedRefs=refs/pr/2:#5>#6",
		pull + " discussion.num=2 discussion.id=@12 comment.id=@13",
		"repo.content.update updatedRefs=refs/pr/2:#6>#7",
		"discussion.create discussion.num=3 discussion.id=@14 comment.id=@15",
	},
	"scopes of the future": {
		created, opened,
		"repo.star.add",
		"repo.config.dois.mint updatedConfig={}",
		"repo.config.dois.mint",
		"repo.config.visibility.toggle updatedConfig.private=true repo.private=true",
		"repo.content.lfs.prune repo.private=true",
		"repo.content.git.push updatedRefs=refs/heads/main:#1>#2 repo.private=true",
		"discussion.label.add repo.private=true",
		"discussion.status.change discussion.status=closed repo.private=true",
		"discussion.comment.reaction.create discussion.status=closed repo.private=true",
		hidden + " discussion.status=closed repo.private=true",
		"discussion.comment.reaction.create comment.hidden=true comment.content=- discussion.status=closed repo.private=true",
	},
}
