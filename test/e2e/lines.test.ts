import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Several branches of one repository that release side by side. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const SLIPWAY = ".github/slipway.yml"
let repositories = 0

/** A repository with this configuration, and a last release of main. */
async function build(slipway: string, tag: string): Promise<Place> {
  repositories += 1
  const place = await stage.build(`lines-${repositories}`, { [SLIPWAY]: slipway })
  const sha = place.world().branches.main ?? ""
  await stage.github.createTag({ repo: place.repo, by: "ana", name: tag, sha })
  await stage.github.createRelease({ repo: place.repo, by: "ana", tagName: tag })
  await stage.quiet()
  return place
}

async function branch(place: Place, name: string, at: string): Promise<void> {
  await stage.github.pushForce({ repo: place.repo, by: "ana", branch: name, to: at })
  await stage.quiet()
}

/** Merges a pull request of ben's into a branch. */
async function merge(place: Place, base: string, title: string): Promise<string> {
  const { number } = await stage.github.openPullRequest({
    repo: place.repo,
    by: "ben",
    base,
    title,
    commits: [{ message: title, files: { [`${title.replace(/\W+/g, "-")}.txt`]: title }, author: "ben" }],
  })
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "squash" })
  await stage.quiet()
  return sha
}

/** Merges a whole branch into main, by a merge commit. */
async function mergeBranch(place: Place, head: string): Promise<string> {
  const { number } = await stage.github.openPullRequest({
    repo: place.repo,
    by: "ana",
    head,
    title: `Merge ${head}`,
    commits: [],
  })
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "merge" })
  await stage.quiet()
  return sha
}

async function release(place: Place, sha: string): Promise<void> {
  await place.press("approve", "cleo", sha)
  const page = await place.press("publish", "cleo", sha)
  expect(page.title).toMatch(/is published/)
}

const drafts = (place: Place) =>
  place
    .releases()
    .filter(({ draft }) => draft)
    .map(({ tagName }) => tagName)

const released = (place: Place, tag: string) => place.releases().find(({ tagName, draft }) => tagName === tag && !draft)

describe("a channel", () => {
  test("counts its candidates, is promoted by a merge, and goes on above what it became", async () => {
    const place = await build("branches: [main, { name: next, channel: rc }]\n", "v1.4.1")
    await branch(place, "next", place.world().branches.main ?? "")
    const first = await merge(place, "next", "feat!: begin anew")
    expect(place.releases()).toMatchObject([{ tagName: "v1.4.1" }, { tagName: "v2.0.0-rc.1", prerelease: true }])
    await release(place, first)
    const second = await merge(place, "next", "fix: a slip")
    await release(place, second)
    expect(place.world()).toMatchObject({
      tags: { "v2.0.0-rc.1": first, "v2.0.0-rc.2": second },
      latest: "v1.4.1",
    })
    const notes = released(place, "v2.0.0-rc.2")?.body
    expect(notes).toMatch(/a slip/)
    expect(notes).not.toMatch(/begin anew/)

    const promoted = await mergeBranch(place, "next")
    expect(drafts(place)).toEqual(["v2.0.0"])
    const whole = place.releases().find(({ tagName }) => tagName === "v2.0.0")
    expect(whole).toMatchObject({ prerelease: false, body: expect.stringMatching(/begin anew[\s\S]*a slip/) })
    await release(place, promoted)
    expect(place.world()).toMatchObject({ tags: { "v2.0.0": promoted }, latest: "v2.0.0" })

    const third = await merge(place, "next", "fix: another slip")
    expect(drafts(place)).toEqual(["v2.0.1-rc.1"])
    await release(place, third)
    expect(place.world().latest).toBe("v2.0.0")
  })

  test("is promoted by a fast-forward too: one commit, two releases", async () => {
    const place = await build("branches: [main, { name: next, channel: beta }]\n", "v1.4.1")
    await branch(place, "next", place.world().branches.main ?? "")
    const sha = await merge(place, "next", "feat: pay by invoice")
    await release(place, sha)
    await branch(place, "main", sha)
    expect(drafts(place)).toEqual(["v1.5.0"])
    await release(place, sha)
    expect(place.world().tags).toMatchObject({ "v1.5.0-beta.1": sha, "v1.5.0": sha })
    await merge(place, "next", "fix: a slip")
    expect(drafts(place)).toEqual(["v1.5.1-beta.1"])
  })
})

describe("a maintenance branch", () => {
  test("makes versions of its range alone, and never the latest release", async () => {
    const place = await build('branches: [main, { name: "1.x", maintenance: true }]\n', "v1.4.1")
    const old = place.world().branches.main ?? ""
    const breaking = await merge(place, "main", "feat!: begin anew")
    await release(place, breaking)
    await branch(place, "1.x", old)
    const fix = await merge(place, "1.x", "fix: a slip")
    expect(drafts(place)).toEqual(["v1.4.2"])
    await release(place, fix)
    expect(place.world()).toMatchObject({ tags: { "v1.4.2": fix }, latest: "v2.0.0" })

    const refused = await merge(place, "1.x", "feat!: drop it all")
    expect(drafts(place)).toEqual(["v1.5.0"])
    const page = await place.press("approve", "cleo", refused)
    expect(page.conclusion).toBe("failure")
    expect(page.actions).not.toContainEqual(expect.objectContaining({ identifier: "publish" }))
    expect(gate(page, "version")).toMatch(/feat!: drop it all.*3\.0\.0 is outside 1\.x/)
    expect(Object.keys(place.world().tags).sort()).toEqual(["v1.4.1", "v1.4.2", "v2.0.0"])
  })
})

describe("a hotfix branch", () => {
  test("makes a patch of the tag that it was made from; main, which would have taken it, moves on", async () => {
    const place = await build("hotfix: { branches: hotfix/* }\n", "v2.1.0")
    const tagged = place.world().branches.main ?? ""
    const ahead = await merge(place, "main", "fix: on main")
    expect(drafts(place)).toEqual(["v2.1.1"])
    await branch(place, "hotfix/login", tagged)
    const fix = await merge(place, "hotfix/login", "fix: let them in")
    expect(drafts(place)).toEqual(["v2.1.1", "v2.1.1"])
    await place.press("approve", "cleo", fix)
    expect(drafts(place).sort()).toEqual(["v2.1.1", "v2.1.2"])
    expect((await place.press("publish", "cleo", fix)).title).toMatch(/2\.1\.1 is published/)
    expect(released(place, "v2.1.1")?.body).not.toMatch(/on main/)
    expect(place.readiness(ahead).title).toMatch(/2\.1\.2/)

    const merged = await mergeBranch(place, "hotfix/login")
    await stage.github.deleteBranch({ repo: place.repo, by: "ana", branch: "hotfix/login" })
    await stage.quiet()
    expect(drafts(place)).toEqual(["v2.1.2"])
    const next = place.releases().find(({ tagName }) => tagName === "v2.1.2")
    expect(next?.body).toMatch(/on main/)
    expect(next?.body).not.toMatch(/let them in/)
    await release(place, merged)
    expect(place.world().tags).toEqual({ "v2.1.0": tagged, "v2.1.1": fix, "v2.1.2": merged })
  })

  test("that is deleted is forgotten with its draft; one that no pattern names releases nothing", async () => {
    const place = await build("hotfix: { branches: hotfix/* }\n", "v1.0.0")
    const tagged = place.world().branches.main ?? ""
    await branch(place, "hotfix/a", tagged)
    await merge(place, "hotfix/a", "fix: one")
    await branch(place, "patch/b", tagged)
    await merge(place, "patch/b", "fix: two")
    expect(drafts(place)).toEqual(["v1.0.1"])
    await stage.github.deleteBranch({ repo: place.repo, by: "ana", branch: "hotfix/a" })
    await stage.quiet()
    expect(drafts(place)).toEqual([])
    await branch(place, "hotfix/a", tagged)
    await merge(place, "hotfix/a", "feat: too much")
    const page = place.readiness(place.world().branches["hotfix/a"])
    expect(gate(page, "version")).toMatch(/feat: too much.*1\.1\.0 is no patch of 1\.0\.0/)
  })
})

describe("the tag of a release", () => {
  test("that was moved or deleted is said, and its version is never given again", async () => {
    const place = await build("{}\n", "v1.0.0")
    const first = await merge(place, "main", "feat: pay by invoice")
    await release(place, first)
    const second = await merge(place, "main", "fix: a slip")
    await stage.github.createTag({ repo: place.repo, by: "ben", name: "v1.1.0", sha: second })
    await stage.quiet()
    const warned = plainly(place.readiness(first).summary)
    expect(warned).toMatch(
      new RegExp(
        `tag v1.1.0 was moved from ${first.slice(0, 7)} to ${second.slice(0, 7)}: what people fetch.*\\[ben\\]`,
      ),
    )
    expect(drafts(place)).toEqual(["v1.1.1"])
    await stage.github.deleteTag({ repo: place.repo, by: "ben", name: "v1.1.0" })
    await stage.quiet()
    expect(plainly(place.readiness(first).summary)).toMatch(/tag v1\.1\.0 was deleted/)
    expect(drafts(place)).toEqual(["v1.1.1"])
    await stage.github.createTag({ repo: place.repo, by: "ana", name: "v1.1.0", sha: first })
    await stage.quiet()
    const check = place.readiness(first)
    expect(check.conclusion).toBe("success")
    expect(plainly(check.summary)).toMatch(/~~The tag v1\.1\.0 was deleted.*~~.*☑️ The tag v1\.1\.0 was put back/)
  })

  test("that Slipway did not make: when it goes, versions count from the one before, and the page says so", async () => {
    const place = await build("{}\n", "v1.0.0")
    const sha = await merge(place, "main", "feat: pay by invoice")
    await stage.github.createTag({ repo: place.repo, by: "ben", name: "v1.2.0", sha })
    await stage.quiet()
    const later = await merge(place, "main", "fix: a slip")
    expect(drafts(place)).toEqual(["v1.2.1"])
    await stage.github.deleteTag({ repo: place.repo, by: "ben", name: "v1.2.0" })
    await stage.quiet()
    expect(drafts(place)).toEqual(["v1.1.0"])
    expect(plainly(place.readiness(later).summary)).toMatch(
      /tag v1\.2\.0 was deleted by ben: changes count from v1\.0\.0/,
    )
  })

  test("that is taken on another branch is stepped over before anybody presses a button", async () => {
    const place = await build("{}\n", "v1.0.0")
    await branch(place, "elsewhere", place.world().branches.main ?? "")
    const stray = await merge(place, "elsewhere", "fix: elsewhere")
    const sha = await merge(place, "main", "fix: here")
    expect(drafts(place)).toEqual(["v1.0.1"])
    await stage.github.createTag({ repo: place.repo, by: "ben", name: "v1.0.1+build.5", sha: stray })
    await stage.quiet()
    expect(drafts(place)).toEqual(["v1.0.2"])
    await release(place, sha)
    expect(place.world().tags["v1.0.2"]).toBe(sha)
  })

  test("beside another one on the same commit: the higher one is the release", async () => {
    const place = await build("{}\n", "v1.0.0")
    const sha = place.world().branches.main ?? ""
    await stage.github.createTag({ repo: place.repo, by: "ana", name: "v1.3.0", sha })
    await stage.quiet()
    await merge(place, "main", "fix: a slip")
    expect(drafts(place)).toEqual(["v1.3.1"])
  })
})

describe("the default branch", () => {
  test("that was renamed goes on with its draft, its release and its gates", async () => {
    const place = await build("approvals: { required: 1 }\n", "v1.0.0")
    const sha = await merge(place, "main", "feat: pay by invoice")
    const before = place.releases()
    await branch(place, "trunk", sha)
    stage.github.setDefaultBranch(place.repo, "trunk", "ana")
    await stage.github.deleteBranch({ repo: place.repo, by: "ana", branch: "main" })
    await stage.quiet()
    expect(place.releases().map(({ id, tagName }) => [id, tagName])).toEqual(before.map((r) => [r.id, r.tagName]))
    const next = await merge(place, "trunk", "fix: a slip")
    expect(drafts(place)).toEqual(["v1.1.0"])
    expect(place.releases().at(-1)?.body).toMatch(/pay by invoice[\s\S]*a slip/)
    await release(place, next)
    expect(place.world().tags["v1.1.0"]).toBe(next)
  })
})

test("a release branch that was force-pushed: what is gone is out of its next candidate, and what is out stays out", async () => {
  const place = await build("branches: [main, { name: next, channel: rc }]\n", "v1.0.0")
  const start = place.world().branches.main ?? ""
  await branch(place, "next", start)
  const first = await merge(place, "next", "feat: kept")
  await release(place, first)
  await merge(place, "next", "feat!: lost")
  expect(drafts(place)).toEqual(["v2.0.0-rc.1"])
  await branch(place, "next", first)
  expect(drafts(place)).toEqual([])
  await branch(place, "next", start)
  await merge(place, "next", "feat: anew")
  expect(drafts(place)).toEqual(["v1.1.0-rc.2"])
})
