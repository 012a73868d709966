import { expect, test } from "vitest"
import { hostUrl, issueUrl, pageUrl, releaseUrl } from "../../src/decide/links.ts"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { REPO } from "./support/truth.ts"
import { world } from "./support/world.ts"

const enterprise = { ...REPO, url: "https://ghe.acme.example/acme/shop" }

test.each([
  ["on github.com", REPO, "https://github.com"],
  ["on GitHub Enterprise Server", enterprise, "https://ghe.acme.example"],
])("links of a repository %s", (_, repo, host) => {
  const release = { ...world().merge(12, "feat: a").run().release(), tag: "api/v1.0.0+1" }
  expect(pageUrl(repo)).toBe(`${host}/acme/shop`)
  expect(pageUrl(repo, "releases")).toBe(`${host}/acme/shop/releases`)
  expect(hostUrl(repo)).toBe(host)
  expect(issueUrl(repo, "#7")).toBe(`${host}/acme/shop/issues/7`)
  expect(issueUrl(repo, "acme/other#8")).toBe(`${host}/acme/other/issues/8`)
  expect(releaseUrl(repo, release)).toBe(`${host}/acme/shop/releases/tag/api%2Fv1.0.0%2B1`)
})

test("everything that a release shows leads to the repository's own host", () => {
  const w = world((it) => (it.repo = enterprise))
    .merge(12, "feat: a")
    .run()
  w.click("approve", "ben").run().click("publish", "ann").run()
  w.deploy("production", w.truth.head, "success").run()
  const pages = w.applied.flatMap((effect) => (effect.kind === "check" ? [renderCheck(effect.content)] : []))
  const messages = w.applied.flatMap((effect) =>
    effect.kind === "thread" ? [renderAnnouncement(effect.content.announcement)] : [],
  )
  const written = JSON.stringify([w.applied, pages, messages])
  expect(written).toContain("https://ghe.acme.example/acme/shop/compare/v1.0.0...v1.1.0")
  expect(written).toContain("https://ghe.acme.example/acme/shop/releases/tag/v1.1.0")
  expect(written).not.toContain("https://github.com")
})
