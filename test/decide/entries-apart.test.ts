import { describe, expect, test } from "vitest"
import { pageOf, pass, publish, settle, stands } from "./support/environments.ts"
import { config, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** What one deployment may do says nothing of the next one, of another component, or of another environment. */

/** api-v1.0.1 and web-v1.0.1 are out, of one commit. `meanwhile`: before the end of a publication is told. */
function twoOut(production: object, meanwhile?: (w: World, component: string) => void) {
  const w = world((it) => {
    const components = { api: { path: "api" }, web: { path: "web" } }
    it.truth.config = config({ components, environments: { staging: null, production } })
    it.truth.tags.clear()
    for (const tag of ["api-v1.0.0", "web-v1.0.0"]) it.truth.tags.set(tag, { sha: sha(1), version: "1.0.0" })
  })
  w.push("fix: both", { files: ["api/a.txt", "web/a.txt"] }).run()
  for (const component of ["api", "web"])
    for (const button of ["approve", "publish"]) {
      const open = w.known.releases.find((one) => one.component === component && one.phase.is !== "published")
      w.click(button, "ben", w.readiness(open?.id))
      if (button === "publish" && meanwhile) {
        const ends = w.decide().act().take()
        meanwhile(w, component)
        w.hear(...ends)
      }
      w.run()
    }
  settle(w)
  return { w, at: w.truth.head }
}

const conclusion = (w: World, at: string, environment?: string) => pageOf(w, at, environment).conclusion
const around = (w: World) => (w.known.findings ?? []).filter(({ kind }) => kind === "deployed around")
function verdict(w: World, run: string) {
  const end = w.known.requests?.[`${run}:production`]?.end
  return end?.is === "answered" ? end.verdict : "waits"
}
const ASKS = { approvals: { required: 1 } }

describe("an approval", () => {
  test("that was given before a run asked does not let that run in", () => {
    const { w, at } = stands({ ...ASKS, soak: "1h" })
    const first = w.ask("production", at)
    settle(w)
    settle(w.click("approve", "ben", pageOf(w, at)))
    const later = w.later(10).ask("production", at)
    settle(w)
    pass(w, 70)
    expect([verdict(w, first), verdict(w, later)]).toEqual(["approved", "waits"])
  })

  test("of one component does not let in another one of the same commit", () => {
    const { w, at } = twoOut(ASKS)
    const api = w.ask("production", at, { ref: "api-v1.0.1" })
    const web = w.ask("production", at, { ref: "web-v1.0.1" })
    settle(w)
    settle(w.click("approve", "ben", pageOf(w, at, "production (api)")))
    expect([verdict(w, api), verdict(w, web)]).toEqual(["approved", "waits"])
    settle(w.click("approve", "ben", pageOf(w, at, "production (web)")))
    expect(verdict(w, web)).toBe("approved")
  })

  test("that let one component in is none for another that enters unasked", () => {
    const { w, at } = twoOut(ASKS)
    w.ask("production", at, { ref: "api-v1.0.1" })
    settle(w)
    settle(w.click("approve", "ben", pageOf(w, at, "production (api)")))
    settle(w.deploy("production", at, "success", { ref: "web-v1.0.1" }))
    expect(around(w)).toHaveLength(1)
  })
})

describe("a commit that several components were released from", () => {
  const live = (w: World) =>
    Object.values(w.known.environments).flatMap(({ component, live }) => (live ? [`${component} ${live.version}`] : []))
  const unnamed = (w: World) => (w.known.findings ?? []).filter(({ kind }) => kind === "deployed unnamed")
  const TAGS = { api: "api-v1.0.1", web: "web-v1.0.1" }

  test.each([
    ["its branch", "main"],
    ["its SHA", ""],
  ])("deployed by %s is live as none of them, and says which way is meant", (_, ref) => {
    const { w, at } = twoOut({})
    w.deploy("production", at, "created", { ref, deployment: "d1" })
    w.deploy("production", at, "in_progress", { ref, deployment: "d1" })
    w.deploy("production", at, "success", { ref, deployment: "d1" })
    settle(w)
    expect(live(w)).toEqual([])
    expect(unnamed(w)).toMatchObject([
      {
        says: `${at.slice(0, 7)} is being deployed to production, from which api-v1.0.1 and web-v1.0.1 were released: which of them is live there is not known.`,
        todo: `Deploy the tag of the one that is meant${ref === "" ? "" : ", and not main"}.`,
      },
    ])
    expect(w.audit.filter(({ what }) => what === "went round")).toHaveLength(1)
  })

  test("deployed to an environment that the configuration does not name is in the audit alone", () => {
    const { w, at } = twoOut({})
    w.deploy("preview", at, "success", { ref: "main" })
    settle(w)
    expect([live(w), unnamed(w)]).toEqual([[], []])
    expect(w.audit.filter(({ what }) => what === "deployed unnamed")).toHaveLength(1)
  })

  test.each(Object.entries(TAGS))("deployed by the tag of %s is live as that one alone", (component, tag) => {
    const { w, at } = twoOut({})
    w.deploy("production", at, "success", { ref: tag })
    settle(w)
    expect(live(w)).toEqual([`${component} 1.0.1`])
    expect(unnamed(w)).toEqual([])
  })

  test("deployed by the tag of the one that is just coming out waits for it, and enters as that one", () => {
    const asked: string[] = []
    const { w, at } = twoOut({}, (w, component) => {
      if (component === "api") return
      w.deploy("production", w.truth.head, "success", { ref: TAGS.web })
      asked.push(w.ask("production", w.truth.head, { ref: TAGS.web }))
      w.decide()
      expect(live(w)).toEqual([])
      expect(verdict(w, asked[0] ?? "")).toBe("waits")
    })
    expect(live(w)).toEqual(["web 1.0.1"])
    const { release, end } = w.known.requests?.[`${asked[0]}:production`] ?? {}
    expect([w.known.releases.find(({ id }) => id === release)?.component, end?.is]).toEqual(["web", "answered"])
    expect(w.known.environments["production (web)"]?.live?.sha).toBe(at)
  })
})

describe("what happened in an environment", () => {
  test("is not washed by going round the gates a second time", () => {
    const { w, at } = stands(ASKS)
    settle(w.deploy("production", at, "success"))
    expect(conclusion(w, at)).toBe("action_required")
    settle(w.later(1).deploy("production", at, "success"))
    expect(around(w)).toHaveLength(2)
    expect(conclusion(w, at)).toBe("action_required")
  })

  test("is one story however its name is written", () => {
    const w = world((it) => {
      it.truth.config = config({ environments: { staging: null, production: { after: "staging" } } })
    })
    const at = settle(publish(w, 11)).truth.head
    settle(w.deploy("staging", at, "success"))
    expect(conclusion(w, at)).toBe("success")
    settle(w.later(1).deploy("Staging", at, "failure"))
    expect(conclusion(w, at)).not.toBe("success")
  })

  test("is not forgotten because another release failed there", () => {
    const { w, at: first } = stands({})
    settle(w.deploy("production", first, "failure"))
    const second = settle(publish(w, 12)).truth.head
    settle(w.later(1).deploy("production", second, "failure"))
    expect(conclusion(w, first)).toBe("failure")
  })

  test("nor in the environment before", () => {
    const w = world((it) => {
      it.truth.config = config({ environments: { staging: null, production: { after: "staging" } } })
    })
    const first = settle(publish(w, 11)).truth.head
    settle(w.deploy("staging", first, "success"))
    settle(w.later(1).deploy("staging", first, "failure"))
    const second = settle(publish(w, 12)).truth.head
    settle(w.later(1).deploy("staging", second, "failure"))
    expect(conclusion(w, first)).not.toBe("success")
  })

  test("keeps the digests of what a rollback brings back", () => {
    const { w, at: first } = stands({})
    const artifact = { is: "digests" as const, digests: [`sha256:${"a".repeat(64)}`] }
    settle(w.deploy("production", first, "success", { artifact }))
    const second = settle(publish(w.later(5), 12)).truth.head
    settle(w.deploy("production", second, "success"))
    settle(w.click("rollback:production", "ben", pageOf(w, second)))
    settle(w.later(5).deploy("production", first, "success", { rollback: "1" }))
    expect(w.known.environments.production?.live).toMatchObject({ sha: first, artifact: artifact.digests })
  })
})

describe("a check that failed", () => {
  const failed = (w: World, at: string, run: string) => {
    const unit = report("unit", { id: "500", at: w.now.toISOString() })
    const url = `https://github.com/acme/shop/actions/runs/${run}/job/1`
    const more = { id: "501", state: "failed" as const, app: "github-actions", url, at: w.now.toISOString() }
    const all = [unit, report("integration", more)]
    for (const one of all) w.hear({ kind: "evidence", sha: at, report: one })
    w.truth.checks.set(at, all)
    settle(w)
  }

  test("counts though its own run waits to enter", () => {
    const { w, at } = stands({ checks: ["*"] })
    failed(w, at, "7777")
    expect(conclusion(w, at)).toBe("failure")
    w.ask("production", at, { run: "7777" })
    settle(w)
    expect(verdict(w, "7777")).toBe("waits")
  })

  test("counts though its run waits somewhere else", () => {
    const { w, at } = stands({ checks: ["*"] })
    failed(w, at, "7777")
    settle(w.click("hold", "ben", pageOf(w, at, "staging")))
    w.ask("staging", at, { run: "7777" })
    settle(w)
    expect(conclusion(w, at)).toBe("failure")
  })
})
