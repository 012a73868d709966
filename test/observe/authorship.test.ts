import { afterEach, beforeEach, expect, test } from "vitest"
import type { Authorship } from "../../src/model/approval.ts"
import { look, startStage } from "./stage.ts"

const REPO = "acme/shop"
/** Whom anybody can name as author or committer. */
const AS_GITHUB = { name: "GitHub", email: "noreply@github.com" }

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha: await push("chore: base") })
  await stage.run([look])
  stage.heard()
})
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

type Commit = Omit<Parameters<typeof stage.github.pushCommit>[0], "repo" | "by" | "message" | "files">

const push = (message: string, by = "lea", more: Commit = {}) =>
  stage.github.pushCommit({ repo: REPO, by, message, files: { [`${message}.txt`]: message }, ...more })

/** What an approval of what has landed finds of a change's authors; the requests are those that this took. */
async function approve(change: string): Promise<Authorship & { requests: readonly string[] }> {
  const { facts, requests } = await stage.run([stage.click("approve", stage.person("lea"))])
  const found = facts.learned.authorship?.[change]
  if (!found) throw new Error(`nothing was read of ${change}: ${JSON.stringify(facts.unknown)}`)
  return { ...found, requests: requests.filter((r) => /^GET (activity|commits\?|pulls\/\d+\/commits)/.test(r)) }
}

const id = (login: string) => stage.person(login).id
const ids = (...logins: string[]) => logins.map(id).sort()

test("who pushes a commit in somebody else's name wrote it too", async () => {
  const sha = await push("feat: forged", "ben", { author: "lea" })
  await stage.run(stage.heard())
  expect(await approve(sha)).toEqual({
    logins: ["ben", "lea"],
    ids: ids("ben", "lea"),
    unknown: [],
    requests: [expect.stringContaining(`sha=${sha}`)],
  })
})

test.each([
  ["author", { author: AS_GITHUB }],
  ["committer", { author: "lea", committer: AS_GITHUB }],
])("GitHub's own name as %s takes nobody out", async (_, as) => {
  const sha = await push("feat: forged", "ben", as)
  await stage.run(stage.heard())
  expect((await approve(sha)).logins).toContain("ben")
})

test("after a read-back GitHub's list of pushes tells who pushed", async () => {
  const sha = await push("feat: forged", "ben", { author: "lea" })
  stage.heard()
  await stage.run([look])
  const { requests, ...wrote } = await approve(sha)
  expect(wrote).toEqual({ logins: ["ben", "lea"], ids: ids("ben", "lea"), unknown: [] })
  expect(requests).toEqual([expect.stringContaining("activity?ref=refs%2Fheads%2Fmain")])
})

test("who brought a commit first counts, not who brought it back", async () => {
  const base = stage.state.lines.main?.ledger?.head ?? ""
  const sha = await push("feat: forged", "ben", { author: "rosa" })
  await stage.github.pushForce({ repo: REPO, by: "lea", to: base })
  await stage.github.pushForce({ repo: REPO, by: "lea", to: sha })
  stage.heard()
  await stage.run([look])
  expect((await approve(sha)).logins).toEqual(["ben", "rosa"])
})

test("where nobody tells who pushed, a commit without a verified signature is nobody's", async () => {
  const sha = await push("feat: forged", "ben", { author: "lea" })
  stage.heard()
  await stage.run([look])
  stage.github.intercept(({ operationId }) =>
    operationId === "repos/list-activities" ? { status: 404, body: { message: "Not Found" } } : undefined,
  )
  expect(await approve(sha)).toMatchObject({ unknown: [{ sha, because: "signature" }] })
})

async function pull(by: string, commits: Parameters<typeof stage.github.openPullRequest>[0]["commits"]) {
  return stage.github.openPullRequest({ repo: REPO, by, title: `feat: by ${by}`, commits })
}

const one = (message: string, more = {}) => ({ message, files: { [`${message}.md`]: message }, ...more })

test("who merges in GitHub's pages has not written it: GitHub's signature is looked at", async () => {
  const { number } = await pull("ben", [one("feat: a"), one("feat: b")])
  await stage.github.mergePullRequest({ repo: REPO, number, by: "lea", method: "merge" })
  await stage.run(stage.heard())
  expect(await approve(`#${number}`)).toMatchObject({ logins: ["ben"], ids: ids("ben"), unknown: [] })
})

test("a squash and a rebase ask for the branches' commits, and once for what they were merged as", async () => {
  const squash = await pull("ben", [one("feat: a")])
  await stage.github.mergePullRequest({ repo: REPO, number: squash.number, by: "lea" })
  const rebase = await pull("lea", [one("feat: b"), one("feat: c", { author: "ben" })])
  await stage.github.mergePullRequest({ repo: REPO, number: rebase.number, by: "lea", method: "rebase" })
  await stage.run(stage.heard())
  const { requests, logins } = await approve(`#${rebase.number}`)
  expect(logins).toEqual(["ben", "lea"])
  const asked = [squash.number, rebase.number].map((n) => `pulls/${n}/commits?`)
  expect(requests).toEqual(["commits?", ...asked].map((path) => expect.stringContaining(path)))
})

test("a commit that is taken for a part of a pull request, and is none of its own, is its pusher's", async () => {
  const { number } = await pull("ben", [one("feat: a"), one("feat: b")])
  await push("feat: forged", "rosa", { author: "lea" })
  await stage.github.mergePullRequest({ repo: REPO, number, by: "lea", method: "rebase" })
  const signals = stage
    .heard()
    .map((s) => (s.kind === "merged" ? { ...s, pull: { ...s.pull, commits: 3 } } : s))
    .map((s) =>
      s.kind === "moved"
        ? { ...s, advance: { ...s.advance, commits: s.advance.commits.map((c) => ({ ...c, landing: "same" })) } }
        : s,
    )
  await stage.run(signals)
  expect((await approve(`#${number}`)).logins).toEqual(["ben", "lea", "rosa"])
})

test("a publication reads again who wrote what", async () => {
  const { number } = await pull("lea", [one("feat: a")])
  await stage.github.mergePullRequest({ repo: REPO, number, by: "lea" })
  await stage.run(stage.heard())
  await stage.run([stage.click("approve", stage.person("ben"))])
  const again = await stage.run([stage.click("approve", stage.person("ben"))])
  expect(again.facts.learned.authorship).toBeUndefined()
  const { facts } = await stage.run([stage.click("publish", stage.person("lea"))])
  expect(Object.keys(facts.learned.authorship ?? {})).toEqual([`#${number}`])
})
