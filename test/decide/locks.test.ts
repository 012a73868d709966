import { describe, expect, test } from "vitest"
import { Deploying } from "./support/deploying.ts"
import { config } from "./support/truth.ts"

const sre = { approvals: { required: 0, from: ["@acme/sre", "@ben"] } }
const buttons = (it: Deploying, at: string) => it.page(at).buttons.map(({ identifier }) => identifier)
const locks = (it: Deploying) => Object.values(it.w.known.locks ?? {})
const replies = (it: Deploying) => it.w.applied.flatMap((e) => (e.kind === "reply" ? [e.content.reply] : []))

/** 1.0.1 is live in production; 1.0.2 is out. */
function live(production: object = sre) {
  const it = new Deploying(production)
  const first = it.release(11)
  it.tell(it.ask(first), "success")
  return { it, first, second: it.release(12) }
}

describe("a lock by hand", () => {
  test("keeps everything out until somebody who may approve there unlocks it", () => {
    const { it, first, second } = live()
    expect(buttons(it, first)).toEqual(["rollback:production", "lock"])
    it.press("lock", "dora", first)
    expect(locks(it)).toMatchObject([{ by: "dora", because: "by the button on the page of 1.0.1" }])
    expect(buttons(it, first)).toEqual(["rollback:production", "unlock"])
    const run = it.ask(second)
    expect(it.verdict(run)).toBe("waits")
    expect(it.gate(second, "locked")).toMatchObject({
      state: "failed",
      because: expect.stringMatching(
        /^locked by dora since .*: by the button on the page of 1\.0\.1; Unlock opens it$/,
      ),
    })
    expect(buttons(it, second)).toEqual(["approve", "unlock"])
    it.press("unlock", "ben", second)
    expect(it.verdict(run)).toBe("approved")
    expect(locks(it)).toEqual([])
    expect(it.w.audit.filter(({ what }) => /locked$/.test(what)).map(({ what, by }) => [what, by])).toEqual([
      ["locked", "dora"],
      ["unlocked", "ben"],
    ])
    expect(replies(it).filter(({ is }) => /locked$/.test(is))).toMatchObject([
      { is: "locked", environment: "production", by: "dora" },
      { is: "unlocked", environment: "production", by: "ben", lockedBy: "dora" },
    ])
  })

  test.each(["lock", "unlock"])("%s counts for nothing by somebody who may not approve there", (button) => {
    const { it, first } = live()
    if (button === "unlock") it.press("lock", "ben", first)
    it.press(button, "cleo", first)
    expect(locks(it)).toHaveLength(button === "unlock" ? 1 : 0)
    expect(it.w.known.environments.production?.answers.at(-1)).toMatchObject({
      by: "cleo",
      counted: false,
      because: expect.stringContaining("they are not among"),
    })
  })

  test("a press on the page of an earlier lock does not open a later one", () => {
    const { it, first } = live()
    it.press("lock", "ben", first)
    const old = it.page(first)
    it.press("unlock", "ben", first).later(1).press("lock", "dora", first)
    it.w.click("unlock", "ben", old)
    it.settle()
    expect(locks(it)).toMatchObject([{ by: "dora" }])
    expect(it.w.known.environments.production?.answers.at(-1)).toMatchObject({
      counted: false,
      because: expect.stringContaining("locked anew"),
    })
  })

  test("it is not locked twice, and nothing is unlocked twice", () => {
    const { it, first } = live()
    it.press("lock", "ben", first)
    const locked = it.page(first)
    it.press("lock", "dora", first)
    expect(locks(it)).toMatchObject([{ by: "ben" }])
    it.press("unlock", "dora", first)
    it.w.click("unlock", "ben", locked)
    it.settle()
    expect(it.w.known.environments.production?.answers.at(-1)?.because).toBe("it is not locked any more")
  })

  test("an approval that was given before the lock is still there after it", () => {
    const { it, second } = live({ approvals: { required: 2, from: ["@acme/sre", "@ben"] } })
    const run = it.ask(second)
    it.press("approve", "ben", second).press("lock", "ben", second).press("unlock", "dora", second)
    it.press("approve", "dora", second)
    expect(it.verdict(run)).toBe("approved")
  })

  test("the same environment in other letters is locked as well", () => {
    const { it, first, second } = live()
    it.press("lock", "ben", first)
    expect(it.verdict(it.ask(second, {}, "Production"))).toBe("waits")
  })

  test("it is offered where it keeps something out, and nowhere else", () => {
    const it = new Deploying({})
    const at = it.release(11)
    it.w.deploy("preview", at, "success")
    it.settle()
    expect(it.page(at, "preview").buttons).toHaveLength(1)
  })
})

describe("a rollback", () => {
  function back() {
    const { it, first, second } = live()
    it.tell(it.ask(second), "failure")
    it.press("rollback:production", "ben", second)
    return { it, first, second }
  }

  test("locks by itself, and goes through its own lock", () => {
    const { it, first, second } = back()
    const way = it.ask(first, { event: "deployment" })
    expect(it.verdict(way)).toBe("approved")
    it.w.deploy("production", first, "success", { rollback: "1" })
    it.settle()
    expect(locks(it)).toMatchObject([{ by: "ben", because: "rolled back from 1.0.2" }])
    expect([first, second].map((at) => buttons(it, at))).toEqual([
      ["rollback:production", "unlock"],
      ["approve", "unlock"],
    ])
    const page = it.page(second).page
    expect(page.is === "environment" && page.detail.join("; ")).toContain("locked by ben since")
  })

  test("what was bad does not come again, nor does anything newer, before a person says so", () => {
    const { it, first, second } = back()
    it.w.deploy("production", first, "success", { rollback: "1" })
    it.settle()
    const [again, newer] = [it.ask(second), it.ask(it.release(13))]
    expect([again, newer].map((run) => it.verdict(run))).toEqual(["waits", "waits"])
    it.later(60 * 24 * 3)
    expect([again, newer].map((run) => it.verdict(run))).toEqual(["waits", "waits"])
    it.press("unlock", "dora", first)
    expect(it.verdict(newer)).toBe("approved")
  })

  test("that took too long may still come: its own lock keeps everything out but its goal", () => {
    const { it, first, second } = back()
    it.later(6)
    expect(it.w.known.environments.production?.rollback?.is).toBe("failed")
    const [way, again] = [it.ask(first, { event: "deployment" }), it.ask(second)]
    expect([way, again].map((run) => it.verdict(run))).toEqual(["approved", "waits"])
    it.w.deploy("production", first, "success", { rollback: "1" })
    it.settle()
    expect(it.w.known.environments.production).toMatchObject({ live: { version: "1.0.1" }, rollback: { is: "done" } })
  })

  test("that failed leaves it locked: a person looks first", () => {
    const { it, second } = back()
    it.later(61)
    expect(it.w.known.environments.production?.rollback?.is).toBe("failed")
    expect(locks(it)).toHaveLength(1)
    expect(buttons(it, second)).toEqual(["rollback:production", "approve", "unlock"])
  })
})

describe("a lock by the configuration", () => {
  const locked = (more: object) => ({ locked: { by: "@lea", because: "the database moves", ...more } })
  const write = (it: Deploying, production: object) =>
    it.w.commitFiles({ config: config({ environments: { staging: null, production } }) })

  test("counts from the commit on that brings it, and ends by the clock", () => {
    const { it, second } = live({})
    write(it, locked({ until: "2026-11-03T09:00:00Z" }))
    const run = it.ask(second)
    expect(it.gate(second, "locked")).toMatchObject({
      state: "failed",
      because: "@lea locks it until 2026-11-03 09:00 UTC, by the configuration: the database moves",
    })
    expect(it.verdict(run)).toBe("waits")
    it.w.now = new Date("2026-11-03T09:00:00.000Z")
    it.settle()
    expect(it.verdict(run)).toBe("approved")
  })

  test("is not taken out by a change that nobody approved", () => {
    const { it, second } = live(locked({}))
    write(it, {})
    expect(it.verdict(it.ask(second))).toBe("waits")
  })
})
