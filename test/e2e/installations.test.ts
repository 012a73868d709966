import { afterEach, beforeEach, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** Installations that change while no webhook tells of it, or the webhooks come in the wrong order. */
let stage: Stage
beforeEach(async () => {
  stage = await setStage({ slack: false })
  await stage.merge("ben", "feat: pay by invoice")
})
afterEach(() => stage.close())

/** Does what GitHub then tells nobody of, and never tells again. */
async function unheard(act: () => unknown): Promise<void> {
  stage.github.filterDeliveries(() => false)
  await act()
  stage.github.intercept(({ operationId }) =>
    operationId === "apps/list-webhook-deliveries" ? { status: 200, body: [] } : undefined,
  )
  await stage.app.catchUp()
  await stage.quiet()
  stage.github.filterDeliveries(undefined)
}

const asked = (name = "/shop/") =>
  stage.github.requests.filter(({ by, path }) => by === "installation" && path.includes(name))
const push = (message: string) =>
  stage.github.pushCommit({ repo: stage.repo, by: "ana", message, files: { [`${message}.txt`]: "x\n" } })

test("suspended: nothing is asked any more; woken: what was missed is read", async () => {
  await unheard(() => stage.github.suspendInstallation("acme", "ana"))
  stage.github.resetRequests()
  await stage.later(24 * 60 * 60_000)
  expect(asked()).toEqual([])
  await unheard(async () => {
    stage.github.unsuspendInstallation("acme", "ana")
    await push("fix: while nobody listened")
  })
  expect(stage.releases()[0]?.body).toContain("while nobody listened")
})

test("a repository that was taken from the installation, and given back", async () => {
  await unheard(() => stage.github.changeInstalledRepositories("acme", { removed: [stage.repo], by: "ana" }))
  stage.github.resetRequests()
  await stage.later(24 * 60 * 60_000)
  expect(asked()).toEqual([])
  await unheard(() => stage.github.changeInstalledRepositories("acme", { added: [stage.repo], by: "ana" }))
  expect(asked().length).toBeGreaterThan(0)
  await stage.merge("cleo", "fix: back again")
  expect(stage.releases()[0]?.body).toContain("back again")
})

test("a repository that came is looked at for the first time", async () => {
  await unheard(() =>
    stage.github.createRepository({ owner: "acme", name: "new", files: { "README.md": "# new\n" }, by: "ana" }),
  )
  await expect
    .poll(() => stage.github.latestCheck("acme/new", "Slipway / readiness"), { timeout: 20_000 })
    .toBeDefined()
})

test("uninstalled and installed anew: it is reached through the new installation", async () => {
  await unheard(() => {
    stage.github.uninstall("acme")
    stage.github.installApp("acme")
  })
  await stage.merge("cleo", "fix: through the other door")
  expect(stage.releases()).toHaveLength(1)
  expect(stage.releases()[0]?.body).toContain("through the other door")
})

test("a suspension that is told after its end does not last", async () => {
  stage.github.pauseDeliveries()
  stage.github.suspendInstallation("acme", "ana")
  stage.github.unsuspendInstallation("acme", "ana")
  stage.github.resumeDeliveries((held) => held.toReversed())
  await stage.quiet()
  await stage.app.catchUp()
  await stage.quiet()
  await stage.merge("cleo", "fix: awake")
  expect(stage.releases()[0]?.body).toContain("awake")
})

test("a list that does not come says nothing: no repository is taken for gone", async () => {
  stage.github.intercept(({ operationId }) =>
    operationId === "apps/list-repos-accessible-to-installation" ? { status: 502, body: { message: "no" } } : undefined,
  )
  await stage.app.catchUp()
  stage.github.intercept(undefined)
  await stage.merge("cleo", "fix: still here")
  expect(stage.releases()[0]?.body).toContain("still here")
})
