import { describe, expect, test } from "vitest"
import { Deploying } from "./support/deploying.ts"
import { pageOf, press, publish, settle, stands } from "./support/environments.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** Presses that come long after they were made: Slipway was down, GitHub was asked for them, or somebody revived a dead delivery. */

/** Somebody pressed a button so many minutes ago, and it comes only now. */
function late(w: World, minutes: number, button: string, login: string, on = w.readiness()): World {
  w.later(-minutes).click(button, login, on).later(minutes)
  return settle(w)
}

const LATE = expect.stringMatching(/^it was pressed .* UTC, more than an hour before it was decided on: press it again/)

describe("Roll back", () => {
  function live(rollback: object) {
    const w = world((it) => {
      it.truth.config = config({ environments: { production: { rollback } } })
    })
    const heads = [11, 12].map((number) => {
      const { head } = publish(w, number).truth
      w.later(10).deploy("production", head, "success", { deployment: `d${number}` })
      settle(w)
      return head
    })
    const page = w.later(90).check(`check:environment:production:${heads[1]}`)
    const rollBack = (minutes: number, login: string) => late(w, minutes, "rollback:production", login, page)
    return { w, rollBack, environment: () => w.known.environments.production }
  }

  // Without the guard: what is live and well on Monday goes back, since somebody pressed on Friday.
  test("of more than an hour ago takes nothing back, and says so", () => {
    const { rollBack, environment } = live({ levels: ["application"] })
    rollBack(61, "ben")
    expect(environment()?.rollback).toBeUndefined()
    expect(environment()?.answers.at(-1)).toMatchObject({ by: "ben", did: "roll back", counted: false, because: LATE })
  })

  test("of an hour ago counts, and its way back has all of its time", () => {
    const { w, rollBack, environment } = live({ levels: ["application"] })
    const now = w.now.toISOString()
    rollBack(59, "ben")
    expect(environment()?.rollback).toMatchObject({ is: "running", by: "ben", steps: [{ begun: now }] })
  })

  test("a first word of hours ago agrees with nobody's of now", () => {
    const { rollBack, environment } = live({ levels: ["application"], required: 2 })
    rollBack(8 * 60, "cleo")
    rollBack(0, "ben")
    expect(environment()).toMatchObject({ asked: { by: { login: "ben" } } })
    expect(environment()?.rollback).toBeUndefined()
  })

  test("and the other way round: one that comes after the word of now is none with it", () => {
    const { rollBack, environment } = live({ levels: ["application"], required: 2 })
    rollBack(0, "ben")
    rollBack(8 * 60, "cleo")
    expect(environment()).toMatchObject({ asked: { by: { login: "ben" } } })
    expect(environment()?.rollback).toBeUndefined()
  })
})

test.each([
  ["lock", 0],
  ["unlock", 1],
] as const)("%s of more than an hour ago changes nothing", (button, before) => {
  const it = new Deploying({ approvals: { required: 0, from: ["@ben"] } })
  const first = it.release(11)
  it.tell(it.ask(first), "success")
  if (before === 1) it.press("lock", "ben", first)
  it.w.later(90)
  late(it.w, 61, button, "ben", it.page(first))
  expect(Object.values(it.w.known.locks ?? {})).toHaveLength(before)
  expect(it.w.known.environments.production?.answers.at(-1)).toMatchObject({ counted: false, because: LATE })
  late(it.w, 59, button, "ben", it.page(first))
  expect(Object.values(it.w.known.locks ?? {})).toHaveLength(1 - before)
})

describe("on the page of a release", () => {
  const approved = () => world().merge(11, "fix: it").run().click("approve", "ben").run().later(90)

  test("Publish of more than an hour ago publishes nothing", () => {
    const w = approved()
    late(w, 61, "publish", "cleo")
    expect(w.release().phase.is).toBe("cut")
    expect(w.answer()).toMatchObject({ by: "cleo", counted: false, because: LATE })
    late(w, 59, "publish", "cleo")
    expect(w.known.releases[0]?.phase.is).toBe("published")
  })

  test("Re-cut of more than an hour ago takes no approval away", () => {
    const w = approved().merge(12, "fix: more").run()
    late(w, 61, "recut", "cleo")
    expect(w.answer()).toMatchObject({ counted: false, because: LATE })
    expect(w.release().approvals).toHaveLength(1)
  })

  test("Approve that was pressed before a hold does not lift it", () => {
    const w = approved()
    const page = w.readiness()
    w.click("hold", "ben", page).run()
    late(w, 5, "approve", "ben", page)
    expect(w.answer()).toMatchObject({ counted: false, because: "they held it after it was pressed" })
    late(w, 5, "approve", "cleo", page)
    expect(w.release()).toMatchObject({ hold: { by: { login: "ben" } }, approvals: [{ by: { login: "cleo" } }] })
    w.later(1).click("approve", "cleo", page).run()
    expect(w.release().hold).toBeUndefined()
  })

  test("Hold holds however late it comes, but not over what its own person said since", () => {
    const w = approved()
    late(w, 95, "hold", "ben")
    expect(w.answer()).toMatchObject({ counted: false, because: "they approved after it was pressed" })
    expect(w.release()).toMatchObject({ approvals: [{ by: { login: "ben" } }] })
    late(w, 95, "hold", "cleo")
    expect(w.release()).toMatchObject({ hold: { by: { login: "cleo" } } })
  })
})

describe("on the page of what waits to enter", () => {
  test("Approve that was pressed before a hold does not lift it, and Hold takes no later approval away", () => {
    const { w, at } = stands({ approvals: { required: 2, from: ["@acme/sre", "@ben"] } })
    w.ask("production", at)
    settle(w)
    const lead = () => Object.values(w.known.requests ?? {})[0]
    w.later(30)
    press(w, "hold", "ben", at)
    late(w, 5, "approve", "ben", pageOf(w, at))
    expect(lead()).toMatchObject({ hold: { by: { login: "ben" } }, approvals: [] })
    late(w, 5, "approve", "dora", pageOf(w, at))
    expect(lead()).toMatchObject({ hold: { by: { login: "ben" } }, approvals: [{ by: { login: "dora" } }] })
    w.later(5)
    press(w, "approve", "ben", at)
    late(w, 1, "hold", "ben", pageOf(w, at))
    expect(lead()?.hold).toBeUndefined()
  })
})
