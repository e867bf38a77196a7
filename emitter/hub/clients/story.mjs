// story.mjs HUB PAYLOADS: a story on a mock Hub, told by the official client for
// JavaScript as it is, and by the calls of the Python client to the letter. What
// arrives must be what happened, in its place; all payloads go into a file, in the
// order of the events, to be judged by the schemas.
import assert from "node:assert/strict";
import fs from "node:fs";
import * as client from "@huggingface/hub";
import { startHandler } from "./handler.mjs";

const [hubUrl, payloads] = process.argv.slice(2);
const hub = { hubUrl, accessToken: "hf_story" };
const secret = "s3cret of the story";

// call makes a call as the Python client does.
async function call(method, path, body) {
  const response = await fetch(hubUrl + path, {
    method,
    headers: { authorization: "Bearer hf_story", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, code: response.headers.get("x-error-code"), json: text ? JSON.parse(text) : undefined };
}

async function done(method, path, body) {
  const answer = await call(method, path, body);
  assert.equal(Math.trunc(answer.status / 100), 2, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json;
}

const idle = () => done("POST", "/_mock/v1/idle?timeout=30s");
const handler = await startHandler();
const events = []; // of the whole story, in order

// told does something, and demands that these events, and no others, are told of it.
async function told(what, act, ...wanted) {
  const known = (await done("GET", "/_mock/v1/deliveries?limit=1")).deliveries[0]?.number ?? 0;
  const result = await act();
  await idle();
  const { deliveries } = await done("GET", `/_mock/v1/deliveries?after=${known}&limit=100`);
  const shapes = deliveries.reverse().map((d) => d.shape);
  assert.deepEqual(shapes, wanted.map((w) => (typeof w === "string" ? w : w[0])), what);
  const arrived = handler.arrived.splice(0);
  assert.equal(arrived.length, wanted.length, `${what}: ${arrived.length} arrived`);
  for (const [i, d] of deliveries.entries()) {
    const one = arrived.find((a) => a.headers["webhook-id"] === d.webhookId);
    assert.ok(one, `${what}: ${d.shape} did not arrive under its Webhook-Id`);
    assert.equal(one.headers["x-webhook-secret"], secret);
    const payload = JSON.parse(one.body);
    for (const [path, value] of Object.entries(wanted[i][1] ?? {})) {
      if (typeof wanted[i] === "string") break;
      const found = path.split(".").reduce((at, name) => at?.[name], payload);
      assert.deepEqual(found, value, `${what}: ${d.shape}: ${path}`);
    }
    events.push(one.body);
  }
  console.log(`ok  ${what}`);
  return result;
}

// ---- the webhook's settings, as the Python client's functions have them

const watched = [{ type: "user", name: "mock-user" }];
let { webhook } = await done("POST", "/api/settings/webhooks", { watched, url: handler.url, secret }); // domains left out: all
assert.match(webhook.id, /^[0-9a-f]{24}$/);
assert.deepEqual([webhook.watched, webhook.domains, webhook.disabled, webhook.url, webhook.secret], [watched, ["repo", "discussion"], false, handler.url, secret]);
assert.deepEqual(await done("GET", "/api/settings/webhooks"), [webhook]);
assert.deepEqual(await done("GET", `/api/settings/webhooks/${webhook.id}`), { webhook });
const updated = await done("POST", `/api/settings/webhooks/${webhook.id}`, { watched: [], domains: ["discussions", "repo"] });
assert.deepEqual([updated.webhook.watched, updated.webhook.domains], [watched, ["discussion", "repo"]]);
assert.equal((await done("POST", `/api/settings/webhooks/${webhook.id}/disable`)).webhook.disabled, true);
assert.equal((await done("POST", `/api/settings/webhooks/${webhook.id}/enable`)).webhook.disabled, false);
console.log("ok  webhooks are created, listed, got, updated, disabled, enabled");

// ---- repos and files, with the official client

assert.equal((await client.whoAmI(hub)).name, "mock-user");
const model = { type: "model", name: "mock-user/demo" };
const created = await told("create a repo", () => client.createRepo({ ...hub, repo: model }), ["repo.create", { "repo.name": "mock-user/demo", "repo.private": false }]);
assert.equal(created.repoUrl, `${hubUrl}/mock-user/demo`);
await assert.rejects(client.createRepo({ ...hub, repo: model }), (error) => error.statusCode === 409);
assert.ok(await client.repoExists({ ...hub, repo: model }));
assert.ok(!(await client.repoExists({ ...hub, repo: { type: "dataset", name: "mock-user/none" } })));

const head = async () => (await client.modelInfo({ ...hub, name: model.name, additionalFields: ["sha"] })).sha;
const first = await head();
await told("upload files", () => client.uploadFiles({
  ...hub, repo: model, commitTitle: "Add files",
  files: [
    { path: "README.md", content: new Blob(["# Demo\n"]) },
    { path: "data/a b.txt", content: new Blob(["a"]) },
    { path: "weights.bin", content: new Blob([new Uint8Array(100_000).fill(7)]) },
  ],
}), ["repo.content.update", { "updatedRefs.0.ref": "refs/heads/main", "updatedRefs.0.oldSha": first }]);
const second = await head();
assert.equal(JSON.parse(events.at(-1)).repo.headSha, second);
assert.equal(JSON.parse(events.at(-1)).updatedRefs[0].newSha, second);

const files = [];
for await (const file of client.listFiles({ ...hub, repo: model, recursive: true })) if (file.type === "file") files.push(file.path);
assert.deepEqual(files.sort(), [".gitattributes", "README.md", "data/a b.txt", "weights.bin"]);
assert.equal(await (await client.downloadFile({ ...hub, repo: model, path: "README.md" })).text(), "# Demo\n");
assert.ok(await client.fileExists({ ...hub, repo: model, path: "data/a b.txt" }));
assert.ok(!(await client.fileExists({ ...hub, repo: model, path: "none" })));
assert.equal((await client.downloadFile({ ...hub, repo: model, path: "weights.bin" })).size, 100_000);
const commits = [];
for await (const commit of client.listCommits({ ...hub, repo: model })) commits.push(commit.oid);
assert.deepEqual(commits, [second, first]);

await told("upload a file to a pull request", () => client.uploadFile({
  ...hub, repo: model, file: { path: "b.txt", content: new Blob(["b"]) }, isPullRequest: true, commitTitle: "Add b",
}), ["discussion.create", { "discussion.isPullRequest": true, "discussion.num": 1, "discussion.status": "draft", "discussion.title": "Add b" }],
  ["repo.content.update", { "updatedRefs.0.ref": "refs/pr/1", "updatedRefs.0.oldSha": null, "repo.headSha": second }]);
await told("commit to the pull request", () => client.uploadFile({
  ...hub, repo: model, file: { path: "c.txt", content: new Blob(["c"]) }, branch: "refs/pr/1",
}), ["repo.content.update", { "updatedRefs.0.ref": "refs/pr/1" }]);
await told("create a branch", () => client.createBranch({ ...hub, repo: model, branch: "dev" }),
  ["repo.content.update", { "updatedRefs.0": { ref: "refs/heads/dev", oldSha: null, newSha: second } }]);
await told("delete files on the branch", () => client.deleteFiles({ ...hub, repo: model, paths: ["weights.bin", "data/a b.txt"], branch: "dev" }),
  ["repo.content.update", { "updatedRefs.0.ref": "refs/heads/dev", "updatedRefs.0.oldSha": second, "repo.headSha": second }]);
await told("delete the branch", () => client.deleteBranch({ ...hub, repo: model, branch: "dev" }),
  ["repo.content.update", { "updatedRefs.0.newSha": null }]);
await told("delete a file", () => client.deleteFile({ ...hub, repo: model, path: "data/a b.txt" }), ["repo.content.update", { "updatedRefs.0.oldSha": second }]);
assert.ok(!(await client.fileExists({ ...hub, repo: model, path: "data/a b.txt" })));

// ---- discussions, with the Python client's calls

const api = "/api/models/mock-user/demo";
const discussion = await told("create_discussion", () => done("POST", `${api}/discussions`, { title: "A <question>", description: "Why?", pullRequest: false }),
  ["discussion.create", { "discussion.num": 2, "discussion.title": "A <question>", "comment.content": "Why?", "discussion.status": "open" }]);
assert.equal(discussion.num, 2);
const talk = `${api}/discussions/2`;
const { newMessage } = await told("comment_discussion", () => done("POST", `${talk}/comment`, { comment: "Because." }),
  ["discussion.comment.create", { "comment.content": "Because.", "discussion.num": 2 }]);
await told("edit_discussion_comment", () => done("POST", `${talk}/comment/${newMessage.id}/edit`, { content: "Because of this." }),
  ["discussion.comment.update", { "comment.id": newMessage.id, "comment.content": "Because of this.", "comment.hidden": false }]);
await told("hide_discussion_comment", () => done("POST", `${talk}/comment/${newMessage.id}/hide`),
  ["discussion.comment.update", { "comment.hidden": true, "comment.content": undefined }]);
await told("rename_discussion", () => done("POST", `${talk}/title`, { title: "An answer" }),
  ["discussion.update", { "discussion.title": "An answer", comment: undefined }]);
await told("change_discussion_status", () => done("POST", `${talk}/status`, { status: "closed" }), ["discussion.update", { "discussion.status": "closed" }]);
const details = await done("GET", `${talk}?diff=1`);
assert.deepEqual([details.title, details.status, details.num, details.isPullRequest], ["An answer", "closed", 2, false]);
assert.deepEqual(details.events.map((e) => e.type), ["comment", "comment", "title-change", "status-change"]);
const list = await done("GET", `${api}/discussions?p=0`);
assert.deepEqual([list.count, list.discussions.map((d) => d.num)], [2, [2, 1]]);

await told("open the pull request", () => done("POST", `${api}/discussions/1/status`, { status: "open" }), ["discussion.update", { "discussion.status": "open" }]);
const before = await head();
await told("merge_pull_request", () => done("POST", `${api}/discussions/1/merge`, {}),
  ["discussion.update", { "discussion.status": "merged" }], ["repo.content.update", { "updatedRefs.0.ref": "refs/heads/main", "updatedRefs.0.oldSha": before }]);
assert.equal(JSON.parse(events.at(-2)).discussion.changes.mergeCommitId, await head());
assert.equal(await (await client.downloadFile({ ...hub, repo: model, path: "c.txt" })).text(), "c");

// ---- the rest of what the Python client calls

await told("update_repo_settings", () => done("PUT", `${api}/settings`, { private: true }), ["repo.config.update", { "updatedConfig.private": true, "repo.private": true }]);
await told("create_tag", () => done("POST", `${api}/tag/main`, { tag: "v1.0" }), ["repo.content.update", { "updatedRefs.0.ref": "refs/tags/v1.0" }]);
const refs = await done("GET", `${api}/refs?include_prs=1`);
assert.deepEqual([refs.branches.map((b) => b.name), refs.tags.map((t) => t.name), refs.pullRequests.map((p) => p.ref)], [["main"], ["v1.0"], ["refs/pr/1"]]);
await told("delete_tag", () => done("DELETE", `${api}/tag/v1.0`), ["repo.content.update", { "updatedRefs.0.newSha": null }]);
await told("super_squash_history", () => done("POST", `${api}/super-squash/main`, { message: "One" }), ["repo.content.update", { "updatedRefs.0.ref": "refs/heads/main" }]);
await told("move_repo", () => done("POST", "/api/repos/move", { fromRepo: "mock-user/demo", toRepo: "mock-user/moved", type: "model" }),
  ["repo.move", { "repo.name": "mock-user/demo", "movedTo.name": "mock-user/moved" }]);
const space = { type: "space", name: "mock-user/app" };
await told("create a Space", () => client.createRepo({ ...hub, repo: space, sdk: "static" }), ["repo.create", { "repo.type": "space", "repo.subdomain": "mock-user-app" }]);
await told("add_space_secret", () => done("POST", "/api/spaces/mock-user/app/secrets", { key: "K", value: "hidden" }), ["repo.config.update", { updatedConfig: {} }]);
await told("delete_space_secret", () => done("DELETE", "/api/spaces/mock-user/app/secrets", { key: "K" }), "repo.config.update");
await told("delete a repo", () => client.deleteRepo({ ...hub, repo: space }), ["repo.delete", { "repo.name": "mock-user/app" }]);
const missing = await call("DELETE", "/api/repos/delete", { name: "app", organization: "mock-user", type: "space" });
assert.deepEqual([missing.status, missing.code], [404, "RepoNotFound"]);

// ---- a retry, and a replay

handler.status = 500;
await done("POST", "/api/models/mock-user/moved/discussions", { title: "A title", description: "d", pullRequest: false });
await idle();
handler.status = 200;
await done("POST", "/_mock/v1/clock", { advance: "1m" });
await idle();
const retried = handler.arrived.splice(0);
assert.equal(retried.length, 2);
assert.equal(retried[0].headers["webhook-id"], retried[1].headers["webhook-id"]);
assert.equal(retried[0].body, retried[1].body);
events.push(retried[0].body);
const [last] = (await done("GET", "/_mock/v1/deliveries?limit=1")).deliveries;
assert.deepEqual(last.attempts.map((a) => a.status), [500, 200]);
assert.deepEqual(await done("POST", `/api/settings/webhooks/${webhook.id}/replay/${last.id}`), { status: 200 });
assert.equal(handler.arrived.splice(0)[0].headers["webhook-id"], last.webhookId);
console.log("ok  a retry and a replay have the first Webhook-Id");

await done("DELETE", `/api/settings/webhooks/${webhook.id}`);
assert.equal((await call("GET", `/api/settings/webhooks/${webhook.id}`)).status, 404);
fs.writeFileSync(payloads, events.map((e) => e + "\n").join(""));
handler.close();
console.log(`${events.length} events, each in its place`);
