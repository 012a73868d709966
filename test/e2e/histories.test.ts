import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Repositories and branches in every state but the usual one. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      await github.createRepository({ owner: "acme", name: "empty", files: {}, by: "ana" })
    },
  })
})
afterAll(() => stage.close())

describe("tags", () => {
  test("none: the first version is the initial one", async () => {
    const place = await stage.build("untagged")
    await place.merge("ben", "feat!: begin anew")
    expect(place.releases()).toMatchObject([{ tagName: "v0.1.0", draft: true }])
  })

  test.each([
    ["a latest tag that is no SemVer", ["v1.4.1", "release-2026-11", "nightly", "v2", "v2.0"], "v1.5.0"],
    ["tags of another template", ["1.9.0", "api-v3.0.0"], "v0.1.0"],
    ["a prerelease above the last release", ["v1.4.1", "v2.0.0-rc.1"], "v2.0.0"],
  ])("%s", async (what, tags, next) => {
    const place = await stage.build(what.replace(/\W+/g, "-"))
    for (const name of tags) {
      const sha = await place.push("ana", `chore: ${name}`, { [`${name}.txt`]: name })
      await stage.github.createTag({ repo: place.repo, by: "ana", name, sha })
    }
    await stage.quiet()
    await place.merge("ben", "feat: pay by invoice")
    expect(place.releases()).toMatchObject([{ tagName: next, draft: true }])
  })
})

describe("an empty repository", () => {
  test("has no page and no draft, and is no error; recovers after its first push", async () => {
    expect(stage.github.world()["acme/empty"]).toMatchObject({ releases: [], checkRuns: [] })
    const sha = await stage.github.pushCommit({
      repo: "acme/empty",
      by: "ana",
      message: "feat: begin",
      files: { "README.md": "# empty\n" },
      author: "ana",
    })
    await stage.quiet()
    expect(stage.github.world()["acme/empty"]?.releases).toMatchObject([{ tagName: "v0.1.0", draft: true }])
    expect(stage.github.checkRuns("acme/empty", { sha, name: "Slipway / readiness" })).toHaveLength(1)
    expect(stage.lines.filter(({ level }) => level >= 50)).toEqual([])
  })
})

describe("a branch", () => {
  test("that was force-pushed: what is gone is out of the notes, and a candidate on it is given back", async () => {
    const place = await stage.build("forced")
    const kept = await place.merge("ben", "feat: kept")
    const lost = await place.merge("ben", "feat: lost")
    expect((await place.press("approve", "cleo", lost.sha)).conclusion).toBe("success")
    await stage.github.pushForce({ repo: place.repo, by: "ana", to: kept.sha })
    await stage.quiet()
    expect(place.releases()).toHaveLength(1)
    expect(place.releases()[0]?.body).toMatch(/kept \(#1\)/)
    expect(place.releases()[0]?.body).not.toMatch(/lost/)
    expect(place.readiness(kept.sha).conclusion).toBe("neutral")
    const old = place.readiness(lost.sha)
    expect(old).toMatchObject({ conclusion: "neutral", actions: [], title: "No longer the current check" })
    await stage.github.clickAnyway({ repo: place.repo, checkRunId: old.id, identifier: "publish", by: "cleo" })
    await stage.quiet()
    expect(place.world().tags).toEqual({})
  })

  test("that was deleted: said on the page, nothing is published; recovers after it was pushed again", async () => {
    const place = await stage.build("deleted")
    const { sha } = await place.merge("ben", "feat: pay by invoice")
    await place.press("approve", "cleo", sha)
    await stage.github.deleteBranch({ repo: place.repo, by: "ana", branch: "main" })
    await stage.quiet()
    expect(place.readiness(sha).conclusion).not.toBe("success")
    expect(plainly(place.readiness(sha).summary)).toMatch(/main was deleted|no branch “main”/)
    expect(place.world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
    await stage.github.pushForce({ repo: place.repo, by: "ana", to: sha })
    await stage.quiet()
    const page = place.readiness(sha)
    expect(page.conclusion).toBe("success")
    expect((await place.press("publish", "cleo", sha)).title).toBe("0.1.0 is published")
    expect(place.world().tags).toEqual({ "v0.1.0": sha })
  })
})

describe("clocks that are wrong", () => {
  test("order is where a commit stands, not what its date says, as webhooks tell it and read back alike", async () => {
    const place = await stage.build("skewed")
    const commit = (message: string, date: string) =>
      stage.github.pushCommit({
        repo: place.repo,
        by: "ben",
        message,
        files: { [message.replace(/\W+/g, "-")]: message },
        author: "ben",
        date,
      })
    const tagged = await commit("feat: from 2099", "2099-01-01T00:00:00Z")
    await stage.github.createTag({ repo: place.repo, by: "ana", name: "v1.0.0", sha: tagged })
    await commit("fix: from 1999", "1999-01-01T00:00:00Z")
    await stage.quiet()
    await place.merge("ben", "feat: of today")
    await commit("fix: from 1970", "1970-01-01T00:00:00Z")
    await stage.quiet()
    const told = place.releases().find(({ draft }) => draft)
    expect(told?.tagName).toBe("v1.1.0")
    expect(told?.body).toMatch(/of today \(#1\)[\s\S]*from 1999[\s\S]*from 1970/)
    expect(told?.body).not.toMatch(/from 2099/)
    stage.github.filterDeliveries(() => false)
    await commit("fix: unheard", "1971-01-01T00:00:00Z")
    stage.github.filterDeliveries(undefined)
    await commit("fix: heard", "2098-01-01T00:00:00Z")
    await stage.quiet()
    const read = place.releases().find(({ draft }) => draft)
    expect(read?.tagName).toBe("v1.1.0")
    expect(read?.body).toMatch(/of today \(#1\)[\s\S]*from 1999[\s\S]*from 1970[\s\S]*unheard[\s\S]*heard/)
  })
})

describe("webhooks that never came", () => {
  test("the next one shows the gap: all of it is read back", async () => {
    const place = await stage.build("gaps")
    stage.github.filterDeliveries(() => false)
    await place.merge("ben", "feat: unheard")
    await stage.github.pushCommit({
      repo: place.repo,
      by: "cleo",
      message: "fix: direct",
      files: { d: "d" },
      author: "cleo",
    })
    stage.github.filterDeliveries(undefined)
    const { sha } = await place.merge("cleo", "fix: heard")
    expect(place.releases()).toHaveLength(1)
    expect(place.releases()[0]?.body).toMatch(/unheard \(#1\)[\s\S]*direct[\s\S]*heard \(#2\)/)
    expect(place.readiness(sha).title).toMatch(/0\.1\.0/)
  })

  test("a click shows it too: it speaks of the commit that was on the page", async () => {
    const place = await stage.build("gaps-clicked")
    const { sha } = await place.merge("ben", "feat: heard")
    stage.github.filterDeliveries((delivery) => delivery.event === "check_run")
    const unheard = await place.merge("ben", "feat: unheard")
    stage.github.filterDeliveries(undefined)
    expect((await place.press("approve", "cleo", sha)).conclusion).toBe("success")
    expect(place.readiness(unheard.sha)).toMatchObject({
      conclusion: "neutral",
      title: expect.stringContaining("0.2.0"),
    })
    await place.press("publish", "cleo", sha)
    expect(place.world().tags).toEqual({ "v0.1.0": sha })
    expect(place.releases().find((r) => r.tagName === "v0.1.0")?.body).not.toMatch(/unheard/)
  })
})

describe("the App, last of all since it leaves every repository", () => {
  test("uninstalled: nothing is done and nothing crashes; installed again: all is caught up, nothing twice", async () => {
    const place = await stage.build("left")
    await place.merge("ben", "feat: before")
    stage.github.uninstall("acme")
    await stage.quiet()
    stage.github.resetRequests()
    await place.merge("cleo", "fix: in between")
    await stage.later(10 * 60_000)
    expect(stage.github.requests.filter((r) => r.path.startsWith(`/repos/${place.repo}`))).toEqual([])
    stage.github.installApp("acme")
    await stage.quiet()
    const { sha } = await place.merge("cleo", "fix: after")
    expect(place.releases()).toHaveLength(1)
    expect(place.releases()[0]?.body).toMatch(/before \(#1\)[\s\S]*in between \(#2\)[\s\S]*after \(#3\)/)
    expect(place.readiness(sha).conclusion).toBe("neutral")
    expect(stage.lines.filter(({ level }) => level >= 50)).toEqual([])
  })
})
