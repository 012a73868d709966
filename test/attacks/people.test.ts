import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "../e2e/support/gates.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** People whose word never counts, or counts no longer. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      github.createUser("olaf")
      github.createOrganization("acme", { members: ["dora", "emil", "fred", "tina"] })
    },
  })
})
afterAll(() => stage.close())

const CONFIG = ".github/slipway.yml"

async function drafted(name: string, writers: readonly string[]): Promise<{ place: Place; sha: string }> {
  const place = await stage.build(name, {}, ["ben", ...writers])
  return { place, sha: (await place.merge("ben", "feat: pay by invoice")).sha }
}

test("an outside collaborator who may write approves nothing, and holds nothing", async () => {
  const { place, sha } = await drafted("outsider", ["olaf"])
  const page = await place.press("approve", "olaf", sha)
  expect(page.conclusion).toBe("neutral")
  expect(plainly(page.summary)).toMatch(/olaf\S* pressed \*approve\* — .*not counted.*no member of the organisation/)
})

async function leaves(login: string, make: () => void): Promise<void> {
  const { place, sha } = await drafted(`${login}-left`, [login, "cleo"])
  expect((await place.press("approve", login, sha)).conclusion).toBe("success")
  make()
  const page = await place.press("publish", "cleo", sha)
  expect(place.world().tags).toEqual({})
  expect(gate(page, "approvals")).toMatch(/⏳/)
}

test("an approver who has left the organisation since is no approver when it is published", async () => {
  await leaves("dora", () => stage.github.leaveOrganization("acme", "dora"))
})

test("an approver who was suspended since is no approver when it is published", async () => {
  await leaves("emil", () => stage.github.suspendUser("emil"))
})

/** What the gate says of a change of low risk by ben that somebody reviewed, once ben has pressed Approve. */
async function reviewed(name: string, by: string, then: () => void = () => undefined): Promise<string> {
  const place = await stage.build(name, { [CONFIG]: 'risk: { low: [{ paths: "docs/**" }] }\n' }, ["ben", by])
  const { number } = await stage.github.openPullRequest({
    repo: place.repo,
    by: "ben",
    title: "feat: a page",
    commits: [{ message: "feat: a page", files: { "docs/page.md": "page" }, author: "ben" }],
  })
  await stage.github
    .as(by)
    .rest.pulls.createReview({ owner: "acme", repo: name, pull_number: number, event: "APPROVE" })
  then()
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "squash" })
  await stage.quiet()
  return gate(await place.press("approve", "ben", sha), "approvals") ?? ""
}

const UNCOVERED = /⏳.*#\d+ by ben still needs 1 approval of somebody else/

test("an outside collaborator's review covers no change of low risk", async () => {
  expect(await reviewed("outside-review", "olaf")).toMatch(UNCOVERED)
})

test("a review covers no change of low risk once its reviewer was suspended", async () => {
  expect(await reviewed("review", "fred")).toMatch(/✅.*reviewed by fred/)
  expect(await reviewed("suspended-review", "fred", () => stage.github.suspendUser("fred"))).toMatch(UNCOVERED)
})

test("who takes the owners out of CODEOWNERS still asks them", async () => {
  const files = { [CONFIG]: "approvals: { from: [codeowners] }\n", CODEOWNERS: "* @tina\n" }
  const place = await stage.build("owners", files, ["ben", "cleo", "tina"])
  const first = await place.merge("ben", "feat: pay by invoice")
  await place.press("approve", "tina", first.sha)
  expect((await place.press("publish", "tina", first.sha)).title).toBe("0.1.0 is published")
  const { sha } = await place.merge("ben", "feat: mine", { files: { CODEOWNERS: "* @cleo\n" } })
  const page = await place.press("approve", "cleo", sha)
  expect(gate(page, "approvals")).toMatch(/⏳.*@tina/)
  expect(gate(await place.press("approve", "tina", sha), "approvals")).toMatch(/✅.*approved by/)
})

/** Released with tina as the owner of all; then ben gives it to cleo, and tina leaves. */
async function inherited(name: string, now: string) {
  const files = { [CONFIG]: "approvals: { from: [codeowners] }\n", CODEOWNERS: "* @tina\n" }
  stage.github.createOrganization("acme", { members: ["tina"] })
  const place = await stage.build(name, files, ["ben", "cleo", "tina"])
  const first = await place.merge("ben", "feat: pay by invoice")
  await place.press("approve", "tina", first.sha)
  expect((await place.press("publish", "tina", first.sha)).title).toBe("0.1.0 is published")
  const { sha } = await place.merge("ben", "feat: mine", { files: { CODEOWNERS: now } })
  stage.github.leaveOrganization("acme", "tina")
  return { place, sha }
}

test("of owners who left since the release before an admin takes the place, and no writer", async () => {
  const { place, sha } = await inherited("owners-left", "* @cleo\n")
  expect(gate(await place.press("approve", "cleo", sha), "approvals")).toMatch(/⏳.*@tina.*or from an admin/)
  expect(gate(await place.press("approve", "ana", sha), "approvals")).toMatch(/✅.*approved by/)
})

test("an admin takes the place of no owner whom the newest file names", async () => {
  const { place, sha } = await inherited("owners-kept", "* @tina\n/docs/ @cleo\n")
  expect(gate(await place.press("approve", "ana", sha), "approvals")).not.toMatch(/✅/)
  expect(place.world().tags).not.toHaveProperty("v0.2.0")
})

test("an admin takes the place of no owner who is left", async () => {
  const files = { [CONFIG]: "approvals: { from: [codeowners] }\n", CODEOWNERS: "* @cleo\n" }
  const place = await stage.build("owners-there", files, ["ben", "cleo"])
  const first = await place.merge("ben", "feat: pay by invoice")
  await place.press("approve", "cleo", first.sha)
  expect((await place.press("publish", "cleo", first.sha)).title).toBe("0.1.0 is published")
  const { sha } = await place.merge("ben", "feat: mine", { files: { CODEOWNERS: "* @ana\n" } })
  expect(gate(await place.press("approve", "ana", sha), "approvals")).toMatch(/⏳.*@cleo \(who own/)
})

/** Released with one person as the only approver. */
async function approvedBy(name: string, login: string): Promise<Place> {
  stage.github.createOrganization("acme", { members: ["tina"] })
  const place = await stage.build(name, { [CONFIG]: asking(login) }, ["ben", "cleo", "tina"])
  const first = await place.merge("ana", "feat: pay by invoice")
  await place.press("approve", login, first.sha)
  expect((await place.press("publish", login, first.sha)).title).toBe("0.1.0 is published")
  return place
}

const asking = (login: string): string => `approvals: { from: ["@${login}"] }\n`

test("of the only approver, who has left, an admin takes the place where others are named, and no writer", async () => {
  const place = await approvedBy("approver-left", "tina")
  stage.github.leaveOrganization("acme", "tina")
  const { sha } = await place.merge("ben", "feat: mine", { files: { [CONFIG]: asking("cleo") } })
  expect(gate(await place.press("approve", "cleo", sha), "configuration")).toMatch(/⏳.*@tina.*or from an admin/)
  expect(gate(await place.press("approve", "ana", sha), "configuration")).toMatch(/✅.*in the place of @tina/)
  expect((await place.press("publish", "cleo", sha)).title).toBe("0.2.0 is published")
})

test("an admin takes the place of nobody who is left, though other approvers are named", async () => {
  const place = await approvedBy("approver-there", "tina")
  const { sha } = await place.merge("ben", "feat: mine", { files: { [CONFIG]: asking("ana") } })
  expect(gate(await place.press("approve", "ana", sha), "configuration")).toMatch(/⏳.*from @tina \|/)
  expect(place.world().tags).not.toHaveProperty("v0.2.0")
})

test("an admin approves nothing past who is left, though they wrote a part of it", async () => {
  const place = await approvedBy("approver-wrote", "ben")
  await place.merge("ben", "feat: mine")
  const { sha } = await place.merge("cleo", "feat: others", { files: { [CONFIG]: asking("ana") } })
  expect(gate(await place.press("approve", "ana", sha), "configuration")).toMatch(/⏳.*@ben/)
  expect(gate(await place.press("approve", "ben", sha), "configuration")).toMatch(/✅.*in the place of @ben/)
})

test("an admin takes the place of nobody for another change of the gates", async () => {
  const place = await approvedBy("approver-kept", "tina")
  stage.github.leaveOrganization("acme", "tina")
  const files = { [CONFIG]: `${asking("tina")}risk: { high: [{ paths: "db/**" }] }\n` }
  const { sha } = await place.merge("ben", "feat: mine", { files })
  expect(gate(await place.press("approve", "ana", sha), "configuration")).not.toMatch(/✅/)
})
