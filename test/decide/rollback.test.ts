import { expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import { publish } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 is live in production since 9:00, then 1.0.2 failed there. */
function failing(prepare?: (w: World) => void) {
  const w = publish(world(prepare), 11)
  const first = w.truth.head
  w.deploy("production", first, "success").run().later(10)
  publish(w, 12)
  const second = w.truth.head
  w.later(10).deploy("production", second, "failure").run().later(1)
  return { w, first, second }
}

const production = (w: World): Environment => {
  const found = w.known.environments.production
  if (!found) throw new Error("nothing was deployed to production")
  return found
}
const page = (w: World, at: string) => w.check(`check:environment:production:${at}`)
const press = (w: World, login: string, at: string) => w.click("rollback:production", login, page(w, at))
const applied = (w: World, kind: string) => w.applied.filter((e) => e.kind === kind)

test("the button goes back to the last known good release, and tells everybody", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run()
  expect(applied(w, "deployment")).toMatchObject([
    {
      key: "rollback:1",
      content: {
        environment: "production",
        sha: first,
        from: { version: "1.0.2" },
        to: { version: "1.0.1" },
        by: "ben",
      },
    },
  ])
  expect(page(w, second)).toMatchObject({ conclusion: "action_required", buttons: [], page: { state: "rolling back" } })

  w.later(3).deploy("production", first, "in_progress", { rollback: "1", url: "https://ci.acme.dev/7" }).run()
  w.deploy("production", first, "in_progress", { rollback: "1" }).run()
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(production(w)).toMatchObject({ live: { release: "1" }, rollback: { is: "done" } })
  expect(production(w).failed).toBeUndefined()
  expect(w.replies("2").slice(-5)).toEqual(["failed", "rolling back", "rollback step", "rolled back", "post-mortem"])
  expect(applied(w, "reply").map((e) => e.kind === "reply" && e.content.reply)).toContainEqual(
    expect.objectContaining({
      is: "rollback step",
      state: "running",
      says: "1.0.1 is being deployed",
      url: "https://ci.acme.dev/7",
    }),
  )
  expect(page(w, second)).toMatchObject({ conclusion: "neutral", buttons: [], page: { state: "rolled back" } })
  expect(page(w, first)).toMatchObject({ conclusion: "success", page: { state: "live" } })
  expect(w.draft("2")).toMatchObject({
    published: true,
    banner: expect.stringContaining("Rolled back from production to 1.0.1 by ben"),
  })
  expect(w.check(`check:readiness:${second}`)).toMatchObject({ conclusion: "neutral", page: { phase: "rolled back" } })
  expect(w.times.map((t) => t.what)).toEqual(expect.arrayContaining(["rollback-begun", "rollback-ended"]))
})

test("the post-mortem has the whole timeline in order", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run().later(4).deploy("production", first, "success", { rollback: "1" }).run()
  const [issue] = applied(w, "post-mortem")
  const report = issue?.kind === "post-mortem" ? issue.content.report : undefined
  expect(report?.timeline.map((t) => t.what.replace(/ at [0-9a-f]{7}/, ""))).toEqual([
    "1.0.2 was cut by ben",
    "approved by ben",
    "published by cleo",
    "its deployment to production failed",
    "rollback to 1.0.1 begun by ben",
    "1.0.1 is live in production again",
  ])
  expect(report?.changes).toEqual([{ text: "number 12", number: 12, author: "ann" }])
  expect(report?.notice).toMatchObject({
    service: "acme/shop",
    from: { version: "1.0.2" },
    to: { version: "1.0.1" },
    by: "ben",
    because: "deployment of 1.0.2 failed",
  })
})

test("a release that is live can be judged bad, too", () => {
  const { w, first, second } = failing()
  w.deploy("production", second, "success").run()
  press(w, "ben", second).run().later(1).deploy("production", first, "success", { rollback: "1" }).run()
  const [issue] = applied(w, "post-mortem")
  const report = issue?.kind === "post-mortem" ? issue.content.report : undefined
  expect(report?.notice.because).toBe("1.0.2 was judged bad")
  expect(report?.timeline.map((t) => t.what)).toContain("it went live in production")
  expect(production(w).good.map((g) => g.release)).toEqual(["1"])
})

test.each<[string, (w: World) => void, string, boolean, string]>([
  ["somebody with write permission", () => {}, "ann", true, "1.0.1 is being deployed again"],
  ["somebody who reads", () => {}, "rosa", false, "they have “read”"],
  ["a bot", () => {}, "robo[bot]", false, "is no person"],
  [
    "somebody outside the environment's team",
    (w) => (w.truth.config = config({ environments: { production: { approvals: { from: ["@acme/sre"] } } } })),
    "ben",
    false,
    "not among @acme/sre",
  ],
  [
    "a member of the environment's team",
    (w) => (w.truth.config = config({ environments: { production: { approvals: { from: ["@acme/sre"] } } } })),
    "dora",
    true,
    "is being deployed",
  ],
])("a rollback asked for by %s", (_, prepare, login, counted, because) => {
  const { w, second } = failing((it) => {
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    prepare(it)
  })
  press(w, login, second).run()
  expect(production(w).answers.at(-1)).toMatchObject({ by: login, counted, because: expect.stringContaining(because) })
  expect(applied(w, "deployment")).toHaveLength(counted ? 1 : 0)
})

test("with no last known good it says so and does nothing else", () => {
  const w = publish(world(), 11)
  w.deploy("production", w.truth.head, "failure").run()
  const before = w.applied.length
  press(w, "ben", w.truth.head).run()
  expect(production(w).answers.at(-1)).toMatchObject({
    counted: false,
    because: expect.stringContaining("nothing known to be good"),
  })
  expect(w.applied.slice(before).map((e) => e.kind)).toEqual(["check"])
})

test("a second press while one runs is answered", () => {
  const { w, second } = failing()
  const shown = page(w, second)
  w.click("rollback:production", "ben", shown).click("rollback:production", "ann", shown).run()
  expect(production(w).answers.map((a) => a.because)).toEqual([
    "1.0.1 is being deployed again",
    "a rollback to 1.0.1 is under way already",
  ])
  expect(applied(w, "deployment")).toHaveLength(1)
})

test("a press that was decided on late has its whole time from then on", () => {
  const { w, second } = failing()
  press(w, "ben", second).later(30).run()
  expect(applied(w, "deployment")).toHaveLength(1)
  expect(production(w).rollback?.is).toBe("running")
  w.later(5).run()
  expect(production(w).rollback?.is).toBe("failed")
})

test("a rollback that fails is said, and the button stays", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run().later(1).deploy("production", first, "failure", { rollback: "1" }).run()
  expect(w.replies("2").slice(-2)).toEqual(["rollback failed", "post-mortem"])
  expect(page(w, second)).toMatchObject({
    conclusion: "failure",
    page: { detail: expect.arrayContaining([expect.stringContaining("ended as “failure”")]) },
  })
  expect(page(w, second).buttons).toHaveLength(1)
  press(w.later(1), "ben", second).run()
  expect(applied(w, "deployment").map((e) => e.key)).toEqual(["rollback:1", "rollback:2"])
  w.later(1).deploy("production", first, "success", { rollback: "2" }).run()
  expect(production(w).rollback).toMatchObject({ id: "2", is: "done" })
})

test("one that failed and was tried again by whoever deploys comes to its end", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run().later(1).deploy("production", first, "failure", { rollback: "1" }).run()
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(production(w)).toMatchObject({ rollback: { is: "done" }, live: { release: "1" } })
  expect(w.replies("2").slice(-3)).toEqual(["rollback failed", "post-mortem", "rolled back"])
  w.later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(applied(w, "post-mortem")).toHaveLength(1)
})

test("GitHub refuses the deployment", () => {
  const { w, second } = failing()
  w.refusing.set("deployment", { is: "refused", code: "forbidden", because: "the App lacks `deployments: write`" })
  press(w, "ben", second).run()
  expect(production(w).rollback).toMatchObject({ is: "failed", detail: "the App lacks “deployments: write”" })
  expect(w.replies("2")).toContain("rollback failed")
})

test("a deployment that nobody takes up gives the button back after five minutes", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run()
  const begun = production(w).rollback?.begun ?? ""
  expect(w.revisitAt).toBe(new Date(Date.parse(begun) + 5 * 60_000).toISOString())
  w.later(5).decide().run()
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: expect.stringContaining("no status within 5 minutes"),
  })
  expect(page(w, second).buttons).toHaveLength(1)
  w.later(3).deploy("production", first, "success", { rollback: "1" }).run()
  expect(production(w)).toMatchObject({ rollback: { is: "done" }, live: { release: "1" } })
})

test("one that is deployed for too long is given up, after the time that the environment sets", () => {
  const { w, first, second } = failing((it) => {
    it.truth.config = config({ environments: { production: { rollback: { within: "20m" } } } })
  })
  press(w, "ben", second).run().deploy("production", first, "in_progress", { rollback: "1" }).run()
  w.later(19).decide().run()
  expect(production(w).rollback?.is).toBe("running")
  w.later(1).decide().run()
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: "its deployment has not ended within 20 minutes; look at the workflow that runs it",
  })
})

test("a release that was rolled back is no last known good, until it is live and well again", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run().later(1).deploy("production", first, "success", { rollback: "1" }).run()
  publish(w, 13)
  const third = w.truth.head
  w.later(1).deploy("production", third, "failure").run()
  expect(page(w, third)).toMatchObject({ page: { lastKnownGood: { version: "1.0.1" } } })

  w.later(1).deploy("production", second, "success", { deployment: "again" }).run()
  expect(w.release("2").rolledBack).toEqual([])
  expect(w.draft("2")).not.toHaveProperty("banner")
  expect(w.check(`check:readiness:${second}`)).toMatchObject({ conclusion: "success" })
  w.later(1).deploy("production", third, "failure", { deployment: "third again" }).run()
  expect(page(w, third)).toMatchObject({ page: { lastKnownGood: { version: "1.0.2" } } })
})

test("a post-mortem that cannot be opened is said on the page", () => {
  const { w, first, second } = failing()
  w.refusing.set("post-mortem", { is: "refused", code: "gone", because: "issues are disabled" })
  press(w, "ben", second).run().later(1).deploy("production", first, "success", { rollback: "1" }).run()
  expect(page(w, second).page).toMatchObject({
    detail: expect.arrayContaining(["no post-mortem issue could be opened: issues are disabled"]),
  })
})

test("a button of an environment that nothing is known of changes nothing", () => {
  const { w, second } = failing()
  const pages = w.applied.length
  w.click("rollback:elsewhere", "ben", page(w, second)).run()
  expect(w.applied).toHaveLength(pages)
  expect(w.audit.at(-1)).toMatchObject({
    what: "click did not count",
    facts: { because: "nothing is known of this environment" },
  })
})

test("an environment of a long name has a button that fits", () => {
  const name = "production-europe-west-1"
  const w = publish(world(), 11)
  const first = w.truth.head
  w.deploy(name, first, "success").run().later(1)
  publish(w, 12)
  w.deploy(name, w.truth.head, "failure").run()
  const shown = w.check(`check:environment:${name}:${w.truth.head}`)
  const identifier = shown.buttons[0]?.identifier ?? ""
  expect(identifier).toMatch(/^rollback:[0-9a-f]{11}$/)
  w.click(identifier, "ben", shown).run()
  expect(w.known.environments[name]?.rollback).toMatchObject({ is: "running", to: { version: "1.0.1" } })
})

test.each([
  ["carries another commit", (_good: string, bad: string) => ({ at: bad, deployment: undefined })],
  ["is not the one that GitHub made for it", (good: string) => ({ at: good, deployment: "999999" })],
])("a deployment with a rollback's number that %s does not end it", (_, forged) => {
  const { w, first, second } = failing()
  press(w, "ben", second).run()
  const { at, deployment } = forged(first, second)
  w.later(1)
    .deploy("production", at, "success", { rollback: "1", ...(deployment ? { deployment } : {}) })
    .run()
  expect(production(w).rollback?.is).toBe("running")
  expect(applied(w, "post-mortem")).toEqual([])
})

test("a change of the configuration that waits for its approval lets nobody roll back", () => {
  const { w, second } = failing()
  w.commitFiles({ config: config({ approvals: { required: 1, from: ["@mallory"] } }) }).run()
  press(w, "mallory", second).run()
  expect(production(w).rollback).toBeUndefined()
  expect(production(w).answers.at(-1)).toMatchObject({ by: "mallory", counted: false })
})

test("a way back that is told of after a newer release is live takes nobody's place", () => {
  const { w, first, second } = failing()
  press(w, "ben", second).run()
  w.later(6).run()
  expect(production(w).rollback?.is).toBe("failed")
  const late = w.now.toISOString()
  w.later(5)
  publish(w, 13)
  w.deploy("production", w.truth.head, "success").run().later(1)
  w.deploy("production", first, "success", { rollback: "1", at: late }).run()
  expect(production(w).live).toMatchObject({ version: "1.0.3" })
})

test.each<[string, (w: World) => void]>([
  ["the decision", (w) => void w.run()],
  ["the end of its time", (w) => void w.act().run()],
])("a deployment that could not be asked for in its time is never asked for, whether %s comes first", (_, goesOn) => {
  const { w, second } = failing()
  press(w, "ben", second).decide()
  const begun = Date.parse(production(w).rollback?.begun ?? "")
  const [asked] = w.outbox.filter(({ kind }) => kind === "deployment")
  expect(asked?.guard).toEqual({ notAfter: new Date(begun + 5 * 60_000).toISOString() })
  w.later(10)
  goesOn(w)
  expect(production(w).rollback).toMatchObject({
    is: "failed",
    detail: "GitHub could not be asked for its deployment within 5 minutes, or did not answer",
  })
  expect(w.handles["deployment:1"]).toBeUndefined()
})
