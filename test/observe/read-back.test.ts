import { afterEach, beforeEach, expect, test } from "vitest"
import { changesOf } from "../../src/model/ledger.ts"
import { look, startStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
})
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

const REPO = "acme/shop"

async function merged(title: string, method: "squash" | "merge" | "rebase", messages: string[] = [title]) {
  const { github } = stage
  const commits = messages.map((message, i) => ({ message, files: { [`${title}-${i}.txt`]: message } }))
  const { number } = await github.openPullRequest({ repo: REPO, by: "ben", title, commits })
  return { number, ...(await github.mergePullRequest({ repo: REPO, number, by: "lea", method })) }
}

test("a repository without a release: all of its history, by changes", async () => {
  const squash = await merged("feat: squash", "squash")
  const merge = await merged("feat: merge", "merge", ["feat: one", "fix: two"])
  const rebase = await merged("feat: rebase", "rebase", ["feat: three", "fix: four"])
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: direct", files: { "a.txt": "a" } })

  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  const ledger = facts.learned.ledgers?.main
  expect(ledger?.base).toBeNull()
  const changes = changesOf(ledger as NonNullable<typeof ledger>)
  expect(changes.map((c) => [c.pull ? c.id : "direct", c.commits.length])).toEqual([
    ["direct", 1],
    [`#${squash.number}`, 1],
    [`#${merge.number}`, 3],
    [`#${rebase.number}`, 2],
    ["direct", 1],
  ])
  expect(changes[2]?.commits.map((c) => c.message.split("\n")[0])).toEqual([
    "feat: one",
    "fix: two",
    expect.stringMatching(/^Merge/),
  ])
  expect(changes[1]?.pull).toMatchObject({ author: { login: "ben", type: "User" }, mergeSha: squash.sha })
  expect(changes[1]?.commits[0]).toMatchObject({ author: "ben", committer: "web-flow" })
})

test("from the highest stable version tag that is behind the head, in a few requests", async () => {
  const first = await merged("feat: first", "squash")
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.2.0", sha: first.sha })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.10.0-rc.1", sha: first.sha })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "nightly", sha: first.sha })
  const elsewhere = await stage.github.pushCommit({
    repo: REPO,
    by: "lea",
    branch: "other",
    message: "feat: elsewhere",
    files: { "b.txt": "b" },
  })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v9.0.0", sha: elsewhere })
  const second = await merged("feat: second", "squash")

  const { facts, requests } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(facts.learned.ledgers?.main).toMatchObject({
    base: { tag: "v1.2.0", version: "1.2.0", sha: first.sha },
    tags: {
      inside: [{ tag: "v1.10.0-rc.1", version: "1.10.0-rc.1", sha: first.sha, ours: false, landed: true }],
      outside: [{ version: "9.0.0", sha: elsewhere }],
      highest: "9.0.0",
    },
    head: second.sha,
    commits: [{ sha: second.sha, landing: second.sha }],
    pulls: [{ number: second.number }],
  })
  expect(facts.learned.configs?.main).toEqual({ is: "absent" })
  expect(facts.learned.plans?.main).toEqual({ is: "absent" })
  expect(facts.learned.ci?.main).toEqual({ workflows: [], required: [] })
  expect(facts.learned.evidence?.[second.sha]).toEqual([])
  expect(facts.learned.approvers?.writers.map((p) => p.login).sort()).toEqual(["ben", "lea"])
  expect(requests.filter((r) => r.includes("compare"))).toHaveLength(2)
  expect(requests.length).toBeLessThanOrEqual(18)
})

test("more commits and pull requests than a page holds", async () => {
  const base = await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: base", files: { "a.txt": "a" } })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha: base })
  const commits = Array.from({ length: 230 }, (_, i) => ({
    message: `fix: number ${i}`,
    files: { "n.txt": String(i) },
  }))
  const head = await stage.github.pushCommits({ repo: REPO, by: "lea", commits })

  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  const ledger = facts.learned.ledgers?.main
  expect(ledger?.head).toBe(head)
  expect(ledger?.commits.map((c) => c.message)).toEqual(commits.map((c) => c.message))
}, 20_000)

test("a merge in the steady state asks nothing, and its change is there", async () => {
  await stage.run([look])
  stage.heard()
  const { number, sha } = await merged("feat: more", "squash")
  const { facts, requests } = await stage.run(stage.heard())
  expect(requests).toEqual([])
  expect(facts).toMatchObject({ learned: {}, unknown: [] })
  expect(changesOf(stage.state.lines.main?.ledger as never).at(-1)).toMatchObject({ id: `#${number}`, sha })
})

test("a push that did not arrive is a gap, and is read back", async () => {
  await stage.run([look])
  await merged("feat: unheard", "squash")
  stage.heard()
  const { sha } = await merged("feat: heard", "squash")
  const { facts } = await stage.run(stage.heard())
  expect(facts.learned.ledgers?.main?.head).toBe(sha)
  expect(facts.learned.ledgers?.main?.pulls.map((p) => p.title)).toEqual(["feat: unheard", "feat: heard"])
})

test("who pushed a commit, and when, outlives a read-back", async () => {
  await stage.run([look])
  stage.heard()
  const push = (message: string) =>
    stage.github.pushCommit({ repo: REPO, by: "ben", message, author: "lea", files: { "a.txt": message } })
  const known = await push("feat: known")
  await stage.run(stage.heard())
  const unheard = await push("feat: unheard")
  stage.heard()
  const heard = await push("feat: heard")
  const { facts } = await stage.run(stage.heard())
  const by = { login: "ben", id: stage.person("ben").id }
  const pushes = facts.learned.ledgers?.main?.commits.slice(-3).map((c) => [c.sha, c.push?.by])
  expect(pushes).toEqual([
    [known, by],
    [unheard, undefined],
    [heard, by],
  ])
})

test("a forced push is read back", async () => {
  const keep = await merged("feat: keep", "squash")
  await merged("feat: lose", "squash")
  await stage.run([look])
  stage.heard()
  await stage.github.pushForce({ repo: REPO, by: "lea", to: keep.sha })
  const { facts } = await stage.run(stage.heard())
  expect(facts.learned.ledgers?.main).toMatchObject({ head: keep.sha })
  expect(facts.learned.ledgers?.main?.pulls.map((p) => p.title)).toEqual(["feat: keep"])
})

test("a deleted branch is said, and what to do", async () => {
  await stage.run([look])
  stage.heard()
  await stage.github.deleteBranch({ repo: REPO, by: "lea", branch: "main" })
  const { facts } = await stage.run(stage.heard())
  expect(facts.learned.ledgers).toBeUndefined()
  expect(facts.unknown).toEqual([{ what: "history:main", because: expect.stringMatching(/no branch `main`.*push it/) }])
})

test("a look at what is known finds nothing new, and takes no history", async () => {
  await merged("feat: one", "squash")
  await stage.run([look])
  const { facts, requests } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(requests.filter((r) => /compare|commits\?|pulls|releases/.test(r))).toEqual([])
})

test("a tag that a person made moves the base at the next look, and vouches for nothing behind it", async () => {
  const { sha } = await merged("feat: one", "squash")
  await stage.run([look])
  stage.heard()
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha })
  const { facts } = await stage.run(stage.heard())
  const ledger = facts.learned.ledgers?.main
  expect(ledger).toMatchObject({ base: { tag: "v1.0.0", sha }, vouched: null })
  expect(ledger?.commits.map((c) => c.message)).toEqual(["Initial commit", "feat: one (#1)"])
})

test("a draft of ours is found by its marker", async () => {
  const octokit = stage.github.as("lea")
  const body = `hello\n<!-- slipway:release repo=${stage.repo.id} id=7 -->\nnotes<!-- /slipway:release -->`
  const at = { owner: "acme", repo: "shop" }
  const { data } = await octokit.rest.repos.createRelease({ ...at, tag_name: "v7.0.0", draft: true, body })
  await octokit.rest.repos.createRelease({
    ...at,
    tag_name: "v8.0.0",
    draft: true,
    body: body.replace(/repo=\d+/, "repo=1"),
  })
  await octokit.rest.repos.createRelease({ ...at, tag_name: "v9.0.0", draft: true, body: "a person's own" })
  const { facts } = await stage.run([look])
  expect(facts.learned.drafts).toEqual({ 7: { id: String(data.id), tag: "v7.0.0", body } })
})

test("a maintenance branch starts from the releases of its own line", async () => {
  const { github } = stage
  const push = (branch: string, message: string, files: { [path: string]: string }) =>
    github.pushCommit({ repo: REPO, by: "lea", branch, message, files })
  const first = await push("main", "feat: first", { a: "1" })
  await github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha: first })
  const fix = await push("1.x", "fix: old", { b: "1" })
  const second = await push("main", "feat!: second", {
    ".github/slipway.yml": "branches: [main, { name: 1.x, maintenance: true }]\n",
  })
  await github.createTag({ repo: REPO, by: "lea", name: "v2.0.0", sha: second })

  const { facts, requests } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(facts.learned.ledgers).toMatchObject({
    main: { base: { tag: "v2.0.0" }, commits: [] },
    "1.x": { base: { tag: "v1.0.0" }, commits: [{ sha: fix, message: "fix: old" }] },
  })
  expect(requests.filter((request) => request.includes("compare"))).toHaveLength(1)
})

test("GitHub's own arrangement of notes is read where there is no slipway.yml, and only there", async () => {
  const push = (files: { [path: string]: string }) =>
    stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: files", files })
  await push({ ".github/release.yml": "changelog:\n  categories:\n    - { title: New, labels: [feature] }\n" })
  const { facts } = await stage.run([look])
  expect(facts.learned.githubNotes?.main).toMatchObject({ is: "valid", value: { categories: [{ title: "New" }] } })
  await push({ ".github/slipway.yml": "version: { initial: 1.0.0 }\n" })
  const again = await stage.run([look])
  expect(again.facts.learned.githubNotes).toBeUndefined()
})
