import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Components on several branches: each has its own versions on each of them. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const COMPONENTS = `components:
  api: { path: "services/api/**" }
  web: { path: "services/web/**" }
`

async function build(name: string, config: string, tags: readonly string[]): Promise<Place> {
  const place = await stage.build(name, { ".github/slipway.yml": config + COMPONENTS, "services/api/a.txt": "1" })
  const sha = place.world().branches.main ?? ""
  for (const tag of tags) await stage.github.createTag({ repo: place.repo, by: "ana", name: tag, sha })
  await stage.quiet()
  return place
}

async function branch(place: Place, name: string, at = place.world().branches.main ?? ""): Promise<void> {
  await stage.github.pushForce({ repo: place.repo, by: "ana", branch: name, to: at })
  await stage.quiet()
}

/** Merges a pull request of ben's, which touches one component, into a branch. */
async function merge(place: Place, base: string, component: string, title: string): Promise<string> {
  const files = { [`services/${component}/${title.replace(/\W+/g, "-")}.txt`]: title }
  const commits = [{ message: title, files, author: "ben" }]
  const { number } = await stage.github.openPullRequest({ repo: place.repo, by: "ben", base, title, commits })
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "squash" })
  await stage.quiet()
  return sha
}

async function release(place: Place, component: string, sha: string): Promise<void> {
  const name = `Slipway / readiness (${component})`
  for (const identifier of ["approve", "publish"]) {
    await stage.github.click({ repo: place.repo, checkRunId: place.check(name, sha).id, identifier, by: "cleo" })
    await stage.quiet()
  }
  expect(place.check(name, sha).title).toMatch(/is published/)
}

const tagsOf = (place: Place) =>
  place
    .releases()
    .map(({ tagName, draft, prerelease }) => `${tagName}${draft ? " (draft)" : ""}${prerelease ? " (pre)" : ""}`)
    .sort()

describe("a channel", () => {
  test("counts the candidates of each component, and its merge promotes both", async () => {
    const config = "branches: [main, { name: next, channel: rc }]\n"
    const place = await build("channel", config, ["api-v1.2.0", "web-v0.4.0"])
    await branch(place, "next")
    const api = await merge(place, "next", "api", "feat!: begin anew")
    const web = await merge(place, "next", "web", "fix: a colour")
    expect(tagsOf(place)).toEqual(["api-v2.0.0-rc.1 (draft) (pre)", "web-v0.4.1-rc.1 (draft) (pre)"])
    await release(place, "api", api)
    const again = await merge(place, "next", "api", "fix: a slip")
    expect(tagsOf(place)).toEqual([
      "api-v2.0.0-rc.1 (pre)",
      "api-v2.0.0-rc.2 (draft) (pre)",
      "web-v0.4.1-rc.1 (draft) (pre)",
    ])
    const second = place.releases().find(({ tagName }) => tagName === "api-v2.0.0-rc.2")
    expect(second?.body).toMatch(/a slip/)
    expect(second?.body).not.toMatch(/begin anew|a colour/)
    await release(place, "web", web)
    await release(place, "api", again)

    const { number } = await stage.github.openPullRequest({
      repo: place.repo,
      by: "ana",
      head: "next",
      title: "Merge next",
      commits: [],
    })
    await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "merge" })
    await stage.quiet()
    expect(tagsOf(place).filter((tag) => tag.includes("draft"))).toEqual(["api-v2.0.0 (draft)", "web-v0.4.1 (draft)"])
    const whole = place.releases().find(({ tagName }) => tagName === "api-v2.0.0")?.body
    expect(whole).toMatch(/begin anew/)
    expect(whole).toMatch(/a slip/)
    expect(whole).not.toMatch(/a colour/)
    await stage.restart("lost")
    await stage.quiet()
    await merge(place, "main", "web", "fix: a shade")
    expect(tagsOf(place).filter((tag) => tag.includes("draft"))).toEqual(["api-v2.0.0 (draft)", "web-v0.4.1 (draft)"])
  })
})

describe("a maintenance branch", () => {
  test("keeps each component in the range, and an older line is never the latest", async () => {
    const config = 'branches: [main, { name: "1.x", maintenance: true }]\n'
    const place = await build("maintenance", config, ["api-v1.2.0", "web-v1.4.0"])
    await branch(place, "1.x")
    const main = await merge(place, "main", "api", "feat!: begin anew")
    await release(place, "api", main)
    expect(place.world().latest).toBe("api-v2.0.0")
    const mended = await merge(place, "1.x", "api", "fix: a slip")
    await merge(place, "1.x", "web", "feat!: too much")
    expect(tagsOf(place)).toEqual(["api-v1.2.1 (draft)", "api-v2.0.0", "web-v1.5.0 (draft)"])
    await release(place, "api", mended)
    expect(place.world().latest).toBe("api-v2.0.0")
    expect(place.check("Slipway / readiness (web)").summary).toMatch(/2\.0\.0 is outside 1\.x/)
  })
})

describe("a hotfix branch", () => {
  test("makes a patch of the component's tag that it was made from, and of no other", async () => {
    const place = await build("hotfix", 'hotfix: { branches: ["hotfix/*"] }\n', ["api-v1.2.0", "web-v0.4.0"])
    const at = place.world().branches.main ?? ""
    await merge(place, "main", "api", "feat: go on")
    await branch(place, "hotfix/api", at)
    const mended = await merge(place, "hotfix/api", "api", "fix: a slip")
    expect(tagsOf(place)).toEqual(["api-v1.2.1 (draft)", "api-v1.3.0 (draft)"])
    await release(place, "api", mended)
    expect(tagsOf(place)).toEqual(["api-v1.2.1", "api-v1.3.0 (draft)"])
  })
})
