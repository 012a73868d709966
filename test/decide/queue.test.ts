import { describe, expect, test } from "vitest"
import { Deploying } from "./support/deploying.ts"
import { config } from "./support/truth.ts"

const one = { concurrency: 1 }

/** 1.0.1 is being deployed, and two releases after it wait for their turn. */
function queue(production: object = one) {
  const it = new Deploying(production)
  const [first, second, third] = [it.release(11), it.release(12), it.release(13)]
  const running = it.ask(first)
  const next = it.ask(second)
  const last = it.ask(third)
  return { it, first, second, third, running, next, last }
}

describe("the queue of an environment", () => {
  test("one deployment is under way, the others wait and see their place", () => {
    const { it, second, third, running, next, last } = queue()
    expect([running, next, last].map((run) => it.verdict(run))).toEqual(["approved", "waits", "waits"])
    expect(it.gate(second, "concurrency")).toMatchObject({
      state: "pending",
      because: expect.stringMatching(`^its place is 2 of 3; before it: run ${running} \\(v1\\.0\\.1\\), let in on `),
    })
    expect(it.gate(third, "concurrency")?.because).toMatch(
      new RegExp(`^its place is 3 of 3; before it: run ${running} .* and run ${next} \\(v1\\.0\\.2\\)$`),
    )
    expect(it.comments()).toHaveLength(2)
  })

  test.each(["success", "failure", "error", "inactive"] as const)("the next goes in when it ends as %s", (end) => {
    const { it, third, running, next, last } = queue()
    it.tell(running, "in_progress")
    expect(it.verdict(next)).toBe("waits")
    it.tell(running, end)
    expect([next, last].map((run) => it.verdict(run))).toEqual(["approved", "waits"])
    expect(it.gate(third, "concurrency")?.because).toMatch(/^its place is 2 of 2/)
    it.tell(next, "success")
    expect(it.verdict(last)).toBe("approved")
  })

  test("who asks at the same moment goes in by turns", () => {
    const it = new Deploying(one)
    const [first, second] = [it.release(11), it.release(12)]
    const runs = [it.w.ask("production", first), it.w.ask("production", second)]
    it.settle()
    expect(runs.map((run) => it.verdict(run))).toEqual(["approved", "waits"])
  })

  test("a job that was cancelled leaves the queue", () => {
    const { it, third, running, next, last } = queue()
    it.tell(next, "error")
    expect(it.gate(third, "concurrency")?.because).toMatch(/^its place is 2 of 2/)
    it.tell(running, "success")
    expect(it.verdict(last)).toBe("approved")
  })

  test("who waits for people holds nobody behind it up", () => {
    const { it, second, running, next, last } = queue()
    it.press("hold", "ben", second)
    it.tell(running, "success")
    expect([next, last].map((run) => it.verdict(run))).toEqual(["waits", "approved"])
    it.press("approve", "ben", second)
    expect(it.verdict(next)).toBe("waits")
    it.tell(last, "success")
    expect(it.verdict(next)).toBe("approved")
  })

  test("as many as it takes", () => {
    const { it, third, running, next, last } = queue({ concurrency: 2 })
    expect([running, next, last].map((run) => it.verdict(run))).toEqual(["approved", "approved", "waits"])
    expect(it.gate(third, "concurrency")?.because).toMatch(/^its place is 3 of 3/)
  })

  test("without it nobody waits for anybody", () => {
    const { it, running, next, last } = queue({})
    expect([running, next, last].map((run) => it.verdict(run))).toEqual(["approved", "approved", "approved"])
  })

  test("another environment has a queue of its own", () => {
    const { it, second } = queue()
    expect(it.verdict(it.ask(second, {}, "staging"))).toBe("approved")
  })

  test("the jobs of one run do not wait for each other, and all of them are waited for", () => {
    const it = new Deploying(one)
    const [first, second] = [it.release(11), it.release(12)]
    const run = it.w.ask("production", first)
    const { deployment } = { deployment: "9900" }
    it.w.ask("production", first, { run, deployment })
    it.settle()
    const next = it.ask(second)
    const again = it.ask(first, { run, deployment: "9901" })
    expect([again, next].map((one) => it.verdict(one))).toEqual(["approved", "waits"])
    const inside = it.request(run).inside?.map((one) => one.deployment) ?? []
    expect(inside).toHaveLength(3)
    for (const ended of inside.slice(1)) it.tell(run, "success", ended)
    expect(it.verdict(next)).toBe("waits")
    it.tell(run, "success", inside[0])
    expect(it.verdict(next)).toBe("approved")
  })

  test("an answer that GitHub did not take let nobody in", () => {
    const it = new Deploying(one)
    const [first, second] = [it.release(11), it.release(12)]
    it.w.refusing.set("protection-answer", { is: "refused", code: "forbidden", because: "no permission" })
    it.ask(first)
    it.w.refusing.clear()
    expect(it.verdict(it.ask(second))).toBe("approved")
  })
})

describe("a deployment that says nothing more", () => {
  test("is asked for when somebody waits, and its place is given on when it has ended", () => {
    const { it, running, next } = queue()
    it.later(29)
    it.w.endedSilently.add(it.request(running).deployment)
    expect(it.verdict(next)).toBe("waits")
    it.later(2)
    expect(it.verdict(next)).toBe("approved")
  })

  test("goes on holding its place while GitHub says that it is under way", () => {
    const { it, next } = queue()
    it.later(31).later(31).later(600)
    expect(it.verdict(next)).toBe("waits")
  })

  test("is not known to have ended while it cannot be read", () => {
    const { it, second, next } = queue()
    it.w.unreadable.set("deployment:", "the App lacks a permission")
    it.later(31)
    expect(it.gate(second, "concurrency")).toMatchObject({
      state: "unknown",
      because: expect.stringContaining("the App lacks a permission"),
    })
    expect(it.verdict(next)).toBe("waits")
    it.w.unreadable.clear()
    it.w.endedSilently.add(it.w.known.unknown[0]?.what.slice("deployment:".length) ?? "")
    it.later(31)
    expect(it.verdict(next)).toBe("approved")
    expect(it.w.known.unknown).toEqual([])
  })

  test("holds nobody for longer than GitHub lets a job run", () => {
    const { it, next } = queue()
    it.w.unreadable.set("deployment:", "the App lacks a permission")
    it.later(6 * 24 * 60 - 5)
    expect(it.verdict(next)).toBe("waits")
    // It is looked at again within the hour.
    it.later(65)
    expect(it.verdict(next)).toBe("approved")
  })

  test("is asked for by nobody while nobody waits", () => {
    const it = new Deploying(one)
    const run = it.ask(it.release(11))
    it.w.later(120).run()
    expect(it.request(run).inside?.[0]?.look).toBeUndefined()
  })
})

test("turning the queue on counts what was let in before", () => {
  const it = new Deploying({})
  const first = it.ask(it.release(11))
  expect(it.verdict(first)).toBe("approved")
  it.w.commitFiles({ config: config({ environments: { staging: null, production: one } }) })
  const second = it.ask(it.release(12))
  expect(it.verdict(second)).toBe("waits")
  it.tell(first, "success")
  expect(it.verdict(second)).toBe("approved")
})
