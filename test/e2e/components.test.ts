import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A repository of several components: what touches one leaves the others alone. */
let stage: Stage

const CONFIG = `approvals: { required: 1 }
components:
  api: { path: "services/api/**" }
  web: { path: "services/web/**" }
`

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const build = async (
  name: string,
  config = CONFIG,
  files: { readonly [path: string]: string } = {},
): Promise<Place> => {
  const place = await stage.build(name, {
    ".github/slipway.yml": config,
    "services/api/a.txt": "1",
    "services/web/a.txt": "1",
    ...files,
  })
  await tag(place, "api-v1.2.0", "web-v0.4.0")
  return place
}

const tag = async (place: Place, ...names: string[]) => {
  const sha = await place.push("ana", "chore: tag", { "tagged.txt": names.join(" ") })
  for (const name of names) await stage.github.createTag({ repo: place.repo, by: "ana", name, sha })
  await stage.quiet()
}

const inFolder = (folder: string, title: string) => ({
  files: { [`services/${folder}/${title.replace(/\W+/g, "-")}.txt`]: title },
})

const tagsOf = (place: Place) =>
  place
    .releases()
    .map(({ tagName, draft }) => `${tagName}${draft ? " (draft)" : ""}`)
    .sort()

const page = (place: Place, component: string, sha?: string) => place.check(`Slipway / readiness (${component})`, sha)

const press = (place: Place, component: string, identifier: string, by: string, sha?: string) =>
  place.pressOn(page(place, component, sha), identifier, by)

const deploy = (place: Place, ref: string) => place.deploy("production", ref)

/** What the App asked of GitHub for this repository since they were last counted. */
const asked = (place: Place) =>
  stage.github.requests
    .filter(({ by, path }) => by === "installation" && path.startsWith(`/repos/${place.repo}/`))
    .map(
      ({ method, path }) =>
        `${method} ${path
          .replace(`/repos/${place.repo}/`, "")
          .replace(/\/\d+$/, "/N")
          .replace(/\?.*/, "")}`,
    )
    .sort()

describe("two components", () => {
  test("each has its own draft, tag, notes, version and page; a merge costs the one that it touches", async () => {
    const place = await build("two")
    const api = await place.merge("ben", "feat: pay by invoice", inFolder("api", "invoice"))
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)"])
    stage.github.resetRequests()
    const web = await place.merge("ben", "fix: a colour", inFolder("web", "colour"))
    expect(asked(place)).toEqual(["POST check-runs", "POST releases"])
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)", "web-v0.4.1 (draft)"])
    const [first, second] = place.releases()
    expect(first?.body).toMatch(/pay by invoice/)
    expect(first?.body).not.toMatch(/a colour/)
    expect(second?.body).not.toMatch(/pay by invoice/)
    expect(page(place, "api").headSha).toBe(api.sha)
    expect(page(place, "web").headSha).toBe(web.sha)
    expect(page(place, "api").summary).toMatch(
      /api \*\*1\.3\.0\*\*, after 1\.2\.0 · follows what lands in api on main at/,
    )
    expect(page(place, "api").summary).not.toMatch(/follows the head/)

    stage.github.resetRequests()
    await place.merge("ben", "fix: a rounding", inFolder("api", "rounding"))
    expect(asked(place)).toEqual(["PATCH releases/N", "POST check-runs"])
    expect(page(place, "web").headSha).toBe(web.sha)
  })

  test("a change touching two is in both", async () => {
    const place = await build("both")
    const files = { "services/api/b.txt": "b", "services/web/b.txt": "b" }
    const { sha } = await place.merge("ben", "feat: in both", { files })
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)", "web-v0.5.0 (draft)"])
    expect(place.releases().every(({ body }) => body?.includes("in both"))).toBe(true)
    expect(page(place, "api").headSha).toBe(sha)
    expect(page(place, "web").headSha).toBe(sha)
  })

  test("one is published at what was seen while the other waits; recovers after the state was lost", async () => {
    const place = await build("one-out")
    const api = await place.merge("ben", "feat: pay by invoice", inFolder("api", "invoice"))
    await place.merge("ben", "feat: a menu", inFolder("web", "menu"))
    await press(place, "api", "approve", "cleo")
    await press(place, "api", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "web-v0.5.0 (draft)"])
    expect(place.world().tags["api-v1.3.0"]).toBe(api.sha)
    expect(page(place, "api")).toMatchObject({ conclusion: "success", headSha: api.sha })

    await place.merge("ben", "fix: a rounding", inFolder("api", "rounding"))
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "api-v1.3.1 (draft)", "web-v0.5.0 (draft)"])
    await stage.restart("lost")
    await place.push("ana", "docs: a word", { "README.md": "a word" })
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "api-v1.3.1 (draft)", "web-v0.5.0 (draft)"])
    expect(place.releases().find(({ tagName }) => tagName === "api-v1.3.1")?.body).not.toMatch(/invoice/)
  })

  test("a click on one's page does nothing for the other on the same commit", async () => {
    const place = await build("same-commit")
    const files = { "services/api/b.txt": "b", "services/web/b.txt": "b" }
    await place.merge("ben", "feat: in both", { files })
    await press(place, "web", "approve", "cleo")
    await press(place, "web", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)", "web-v0.5.0"])
    expect(page(place, "api")).toMatchObject({ conclusion: "neutral" })
  })
})

describe("what lies outside", () => {
  test("all components is in nobody's notes, is said, and is covered by approvals all the same", async () => {
    const place = await build("outside")
    await place.merge("cleo", "feat: a build", { files: { "build.sh": "make" } })
    expect(tagsOf(place)).toEqual([])
    expect(place.readiness().summary).toMatch(/lies? outside all components/)
    await place.merge("ben", "feat: pay by invoice", inFolder("api", "invoice"))
    expect(place.releases()[0]?.body).not.toMatch(/a build/)
    expect(page(place, "api").summary).toMatch(/lies? outside all components/)
    await press(place, "api", "approve", "cleo")
    expect(page(place, "api").summary).toMatch(/by cleo still needs 1 approval of somebody else/)
    expect(page(place, "api").actions.map(({ identifier }) => identifier)).not.toContain("publish")
  })
})

describe("an environment", () => {
  test("holds one release of each component: a roll-back goes to the same component's last good one", async () => {
    const place = await build("environments")
    const out = async (component: string, title: string) => {
      const { sha } = await place.merge("ben", title, inFolder(component, title))
      await press(place, component, "approve", "cleo")
      await press(place, component, "publish", "cleo")
      const tagName = Object.entries(place.world().tags).find(([, at]) => at === sha)?.[0] ?? ""
      await deploy(place, tagName)
      return sha
    }
    await out("api", "feat: one")
    await out("web", "feat: two")
    const bad = await out("api", "feat: three")
    const run = place.check("Slipway / production (api)", bad)
    expect(run.summary).toMatch(/1\.3\.0/)
    expect(run.summary).not.toMatch(/0\.5\.0/)
    expect(place.check("Slipway / production (web)").title).toMatch(/live/i)
    expect(page(place, "web").summary).toMatch(/live since/)
  })

  test("Roll back takes back the one on whose page it is pressed, to a commit that the other was released from too", async () => {
    const place = await build("rolling-back")
    const both = { "services/api/b.txt": "b", "services/web/b.txt": "b" }
    const shared = await place.merge("ben", "feat: in both", { files: both })
    for (const component of ["api", "web"]) {
      await press(place, component, "approve", "cleo")
      await press(place, component, "publish", "cleo")
    }
    await deploy(place, "api-v1.3.0")
    await deploy(place, "web-v0.5.0")
    const bad = await place.merge("ben", "fix: worse", inFolder("api", "worse"))
    await press(place, "api", "approve", "cleo")
    await press(place, "api", "publish", "cleo")
    await deploy(place, "api-v1.3.1")
    const web = place.check("Slipway / production (web)")

    const api = place.check("Slipway / production (api)", bad.sha)
    await stage.github.click({ repo: place.repo, checkRunId: api.id, identifier: "rollback:production", by: "cleo" })
    await stage.quiet()
    const asked = place.world().deployments.filter(({ task }) => task === "rollback")
    expect(asked).toMatchObject([
      { sha: shared.sha, environment: "production", payload: { component: "api", tag: "api-v1.3.0", to: "1.3.0" } },
    ])
    for (const { id } of asked)
      await stage.github.setDeploymentStatus({ repo: place.repo, by: "ana", deploymentId: id, state: "success" })
    await stage.quiet()
    expect(place.check("Slipway / production (api)", bad.sha).summary).toMatch(/rolled back to 1\.3\.0/)
    expect(place.check("Slipway / production (api)", shared.sha).title).toMatch(/1\.3\.0 is live/)
    expect(place.check("Slipway / production (web)", shared.sha)).toEqual(web)
    expect(web.title).toMatch(/0\.5\.0 is live/)
    const issue = place.world().issues.find(({ author }) => author.endsWith("[bot]"))
    expect(issue?.body).toMatch(/\(api\)/)
  })
})

describe("the configuration", () => {
  test("takes a component away: its draft goes; one that comes starts from its own last tag", async () => {
    const place = await build("changing", CONFIG, { "services/jobs/a.txt": "1" })
    await tag(place, "jobs-v3.0.0")
    await place.merge("ben", "feat: pay by invoice", inFolder("api", "invoice"))
    await place.merge("ben", "feat: nightly", inFolder("jobs", "nightly"))
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)"])
    const other = `components:\n  web: { path: "services/web/**" }\n  jobs: { path: services/jobs }\n`
    await place.push("ana", "chore: other components", { ".github/slipway.yml": other })
    expect(tagsOf(place)).toEqual(["jobs-v3.1.0 (draft)"])
  })
})

const json = (value: object) => JSON.stringify(value, null, 2)

describe("a plan", () => {
  const plan = (release: string) =>
    `release: ${release}\ntesting: { unit_tests: passed, required: [unit_tests] }\nrollback_plan: { procedure: docs/rollback.md }\n`

  test("speaks of the component that it names; a version without one is nobody's, and no gate is lost by it", async () => {
    const place = await build("planned")
    const files = { "services/api/b.txt": "b", "services/web/b.txt": "b" }
    await place.merge("ben", "feat: in both", { files })
    await place.push("ana", "chore: a plan", { "release-plan.yml": plan("{ version: 3.0.0 }") })
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)", "web-v0.5.0 (draft)"])
    for (const component of ["api", "web"])
      expect(page(place, component).summary).toMatch(
        /❌ \*\*failed\*\* \| the plan says 3\.0\.0, but not of which component/,
      )

    await place.push("ana", "chore: for api", { "release-plan.yml": plan("{ component: api, version: 3.0.0 }") })
    expect(tagsOf(place)).toEqual(["api-v3.0.0 (draft)", "web-v0.5.0 (draft)"])
    expect(page(place, "web").summary).not.toMatch(/rollback plan/)
    await place.push("ana", "chore: for nobody", { "release-plan.yml": plan("{ component: apy }") })
    expect(page(place, "web").summary).toMatch(/is for the component “apy”, and there is none of that name/)
  })
})

describe("a workspace", () => {
  const packages = {
    "package.json": json({ private: true, workspaces: ["packages/*"] }),
    "packages/core/package.json": json({ name: "@acme/core", version: "1.0.0" }),
    "packages/shop/package.json": json({ name: "@acme/shop", dependencies: { "@acme/core": "^1.0.0" } }),
    "packages/docs/package.json": json({ name: "@acme/docs", devDependencies: { "@acme/core": "^1.0.0" } }),
  }
  const inPackage = (name: string, title: string) => ({ files: { [`packages/${name}/${title}.txt`]: title } })

  test("has its packages as components; who depends on a released one gets a patch with a line, once", async () => {
    const place = await stage.build("workspace", { ".github/slipway.yml": "workspaces: true\n", ...packages })
    await tag(place, "@acme/core@1.0.0", "@acme/shop@2.0.0", "@acme/docs@0.1.0")
    const core = await place.merge("ben", "feat: faster", inPackage("core", "faster"))
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0 (draft)"])
    await press(place, "core", "approve", "cleo")
    await press(place, "core", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0", "@acme/shop@2.0.1 (draft)"])
    const shop = place.releases().find(({ tagName }) => tagName.startsWith("@acme/shop"))
    expect(shop?.body).toMatch(/depends on core 1\.1\.0/)
    expect(page(place, "shop").headSha).toBe(core.sha)

    await press(place, "shop", "approve", "ben")
    expect(page(place, "shop").summary).toMatch(/by ben still needs 1 approval/)
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0", "@acme/shop@2.0.1 (draft)"])
    await press(place, "shop", "approve", "cleo")
    await press(place, "shop", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0", "@acme/shop@2.0.1"])
    await place.push("ana", "docs: a word", { "README.md": "a word" })
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0", "@acme/shop@2.0.1"])
  })

  test("what a package is built with is covered with it, though it is not released itself", async () => {
    const place = await stage.build("built-with", { ".github/slipway.yml": "workspaces: true\n", ...packages })
    await tag(place, "@acme/core@1.0.0", "@acme/shop@2.0.0")
    await place.merge("cleo", "feat: a back door", inPackage("core", "door"))
    await place.merge("ben", "fix: a colour", inPackage("shop", "colour"))
    await press(place, "shop", "approve", "cleo")
    expect(page(place, "shop").summary).toMatch(/by cleo still needs 1 approval/)
    await press(place, "shop", "approve", "ben")
    await press(place, "shop", "publish", "ben")
    expect(tagsOf(place)).toEqual(["@acme/core@1.1.0 (draft)", "@acme/shop@2.0.1"])
  })

  test("a new package is a component from its first change on, and a merge costs one reading of what changed", async () => {
    const place = await stage.build("growing", { ".github/slipway.yml": "workspaces: true\n", ...packages })
    await tag(place, "@acme/core@1.0.0")
    const files = { "packages/cart/package.json": json({ name: "@acme/cart", dependencies: { "@acme/core": "*" } }) }
    await place.merge("ben", "feat: a cart", { files })
    expect(tagsOf(place)).toContain("@acme/cart@0.1.0 (draft)")
    stage.github.resetRequests()
    const more = { "packages/core/package.json": json({ name: "@acme/core", version: "1.0.0", license: "MIT" }) }
    await place.merge("ben", "feat: a licence", { files: more })
    expect(asked(place)).toEqual(["GET contents/packages%2Fcore%2Fpackage.json", "POST check-runs", "POST releases"])
  })
})

describe("linked components", () => {
  test("keep one version: the untouched one is released too, and says why", async () => {
    const place = await build("linked", `linked: [api, web]\n${CONFIG}`)
    await place.merge("ben", "feat: pay by invoice", inFolder("api", "invoice"))
    expect(tagsOf(place)).toEqual(["api-v1.3.0 (draft)", "web-v1.3.0 (draft)"])
    const web = place.releases().find(({ tagName }) => tagName === "web-v1.3.0")
    expect(web?.body).toMatch(/keeps one version with api/)
    await press(place, "api", "approve", "cleo")
    await press(place, "api", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "web-v1.3.0 (draft)"])
    await press(place, "web", "approve", "cleo")
    await press(place, "web", "publish", "cleo")
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "web-v1.3.0"])
    await place.merge("ben", "fix: a colour", inFolder("web", "colour"))
    expect(tagsOf(place)).toEqual(["api-v1.3.0", "api-v1.3.1 (draft)", "web-v1.3.0", "web-v1.3.1 (draft)"])

    stage.github.resetRequests()
    await place.merge("ben", "fix: a rounding", inFolder("api", "rounding"))
    expect(asked(place), "a merge that leaves the version").toEqual([
      "PATCH releases/N",
      "POST check-runs",
      "POST check-runs",
    ])
    stage.github.resetRequests()
    await place.merge("ben", "feat: a basket", inFolder("api", "basket"))
    expect(asked(place), "a merge that moves it, for both").toEqual([
      "PATCH releases/N",
      "PATCH releases/N",
      "POST check-runs",
      "POST check-runs",
    ])
  })
})
