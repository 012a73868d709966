import { describe, expect, test } from "vitest"
import type { Reply } from "../../src/model/message.ts"
import { settle } from "./support/environments.ts"
import { OFFER, showing } from "./support/ready-release.ts"
import { config, plan, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** The clock of a world begins on Monday, 2026-11-02 at 09:00 UTC; the train departs an hour before that in Berlin's terms. */
const TRAIN = { every: "tue,thu 10:00", zone: "Europe/Berlin", cutoff: "2h" }
const [CUTOFF, DUE, NEXT] = ["2026-11-03T07:00:00.000Z", "2026-11-03T09:00:00.000Z", "2026-11-05T09:00:00.000Z"]

const railway = (more: object = {}, prepare: (w: World) => void = () => undefined) =>
  world((w) => {
    w.truth.config = config({ train: TRAIN, approvals: { required: 0 }, ...more })
    prepare(w)
  })

/** At an instant, and whatever the clock alone brings then. */
function at(w: World, instant: string): World {
  w.now = new Date(instant)
  return settle(w)
}
const replies = (w: World, id = "1"): readonly Reply[] =>
  w.applied.flatMap((e) => (e.kind === "reply" && e.content.thread === `thread:${id}` ? [e.content.reply] : []))

describe("a train", () => {
  test("cuts at its cutoff, departs when it is due, and asks nothing in between", () => {
    const w = railway().merge(11, "feat: in time").run()
    const head = w.truth.head
    expect(w.revisitAt).toBe(CUTOFF)
    expect(w.page().todo.join()).toContain(
      "It is cut by itself on 2026-11-03 07:00 UTC, for the train of 2026-11-03 09:00",
    )
    at(w, CUTOFF)
    expect(w.release("1")).toMatchObject({
      phase: { is: "cut", candidate: { sha: head, by: "the train of 2026-11-03 09:00 UTC" } },
      train: { is: "boards", due: DUE, cut: head },
    })
    expect(w.page("1").todo.join()).toContain("it departs by itself on 2026-11-03 09:00 UTC")
    expect(w.revisitAt).toBe(DUE)
    w.merge(12, "feat: for the next one").run()
    at(w, DUE)
    expect(w.release("1").phase).toMatchObject({
      is: "published",
      candidate: { sha: head },
      by: "the train of 2026-11-03 09:00 UTC",
    })
    expect(replies(w).map(({ is }) => is)).toEqual(["cut", "ready", "published"])
    expect(w.release().phase.is).toBe("drafted")
    expect(w.revisitAt).toBe("2026-11-05T07:00:00.000Z")
  })

  test("without a cutoff the head is cut at the departure", () => {
    const { cutoff: _, ...train } = TRAIN
    const w = railway({ train }).merge(11, "feat: a").run()
    at(w, DUE)
    expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { sha: w.truth.head } })
  })

  test("with nothing to release it departs empty, without a word", () => {
    const w = railway()
    at(w, CUTOFF)
    at(w, DUE)
    expect(w.known.releases).toEqual([])
    expect(w.audit.map(({ what }) => what)).not.toContain("missed the train")
    expect(w.revisitAt).toBe("2026-11-05T07:00:00.000Z")
  })

  test.each<[string, object, (w: World) => void, RegExp]>([
    ["approvals", { approvals: { required: 1 } }, () => undefined, /^approvals is pending/],
    [
      "checks",
      {},
      (w) => w.truth.checks.set(w.truth.head, [report("e2e", { state: "failed" })]),
      /^checks is failed: .*e2e/,
    ],
    ["hold", {}, (w) => void w.click("hold", "cleo").run(), /^hold is failed: cleo holds/],
  ])(
    "is missed by the gate “%s”, which the thread, the page and the audit name, with the next one",
    (_, more, obstruct, says) => {
      const w = railway(more).merge(11, "feat: a").run()
      at(w, CUTOFF)
      obstruct(w)
      at(w, DUE)
      const because = expect.stringMatching(says)
      expect(w.release("1")).toMatchObject({
        phase: { is: "cut" },
        train: { is: "missed", due: DUE, because, next: NEXT },
      })
      expect(replies(w).filter(({ is }) => is === "missed the train")).toMatchObject([
        { due: DUE, next: NEXT, because },
      ])
      expect(w.page("1").warnings.join()).toMatch(
        /missed the train of 2026-11-03 09:00 UTC: .*next one departs on 2026-11-05 09:00/,
      )
      expect(w.audit.filter(({ what }) => what === "missed the train")).toMatchObject([
        { facts: { due: DUE, next: NEXT } },
      ])
      expect(w.truth.tags.has("v1.1.0")).toBe(false)
    },
  )

  test("what is approved between cutoff and departure goes; what is approved after it, with the next one", () => {
    for (const [pressed, out] of [
      ["2026-11-03T08:00:00.000Z", DUE],
      ["2026-11-03T09:30:00.000Z", NEXT],
    ] as const) {
      const w = railway({ approvals: { required: 1 } })
        .merge(11, "feat: a")
        .run()
      at(w, CUTOFF)
      for (const instant of [DUE, pressed, "2026-11-05T07:00:00.000Z", NEXT].toSorted()) {
        if (instant === pressed) w.click("approve", "ben", w.readiness("1"))
        at(w, instant)
      }
      expect(w.release("1").phase).toMatchObject({ is: "published", at: expect.stringContaining(out.slice(0, 13)) })
    }
  })
})

describe("what the cutoff does", () => {
  test("what landed after it is not in, though nobody was there to cut", () => {
    const w = railway().merge(11, "feat: in time").run()
    const inTime = w.truth.head
    w.now = new Date("2026-11-03T08:30:00.000Z")
    w.merge(12, "feat: late", { at: w.now.toISOString() })
    at(w, "2026-11-03T08:31:00.000Z")
    expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: inTime } })
  })

  test("a candidate of a person is left as it is, and boards", () => {
    const w = railway({ approvals: { required: 1 } })
      .merge(11, "feat: a")
      .run()
      .click("approve", "ben")
      .run()
    const pinned = w.truth.head
    w.merge(12, "feat: b").run()
    at(w, CUTOFF)
    expect(w.release("1")).toMatchObject({ phase: { candidate: { sha: pinned } }, train: { is: "boards" } })
    expect(w.known.releases.filter(({ phase }) => phase.is === "cut")).toHaveLength(1)
    at(w, DUE)
    expect(w.release("1").phase.is).toBe("published")
  })

  test("a held draft is not cut, and has missed the train", () => {
    const w = railway().merge(11, "feat: a").run().click("hold", "cleo").run()
    at(w, CUTOFF)
    expect(w.release("1").phase.is).toBe("drafted")
    at(w, DUE)
    expect(w.release("1").train).toMatchObject({ is: "missed", because: expect.stringContaining("hold is failed") })
  })

  test("a plan with a code freeze to come says itself when it is cut", () => {
    const freeze = "2026-11-04T12:00:00.000Z"
    const w = railway({}, (it) => {
      it.truth.plan = plan({ release: { version: "1.1.0" }, timeline: { code_freeze: freeze } })
      it.truth.files.add("docs/rollback.md")
    })
    w.merge(11, "feat: a").run()
    at(w, CUTOFF)
    expect(w.release("1").phase.is).toBe("drafted")
    at(w, freeze)
    expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { by: "the plan's code freeze" } })
  })

  const missing = () => {
    const w = railway({ approvals: { required: 1 } })
      .merge(11, "feat: a")
      .run()
    at(w, CUTOFF)
    at(w, DUE)
    return w.merge(12, "feat: b").run()
  }

  test("what the train cut and what missed it takes in what came since, for the next one", () => {
    const w = missing()
    const head = w.truth.head
    at(w, "2026-11-05T07:00:00.000Z")
    expect(w.release("1")).toMatchObject({
      phase: { is: "cut", candidate: { sha: head } },
      train: { is: "boards", due: NEXT },
    })
    expect(replies(w).slice(-2)).toMatchObject([{ is: "recut", sha: head }, { is: "approval asked" }])
    expect(w.known.releases).toHaveLength(1)
  })

  test.each<[string, (w: World) => void]>([
    ["is ready", (w) => void w.click("approve", "cleo", w.readiness("1")).run()],
    ["is held", (w) => void w.click("hold", "cleo", w.readiness("1")).run()],
  ])("… but not what %s", (_, happens) => {
    const w = missing()
    const pinned = w.release("1").phase
    happens(w)
    at(w, "2026-11-05T07:00:00.000Z")
    expect(w.release("1").phase).toEqual(pinned)
    expect(w.known.releases).toHaveLength(2)
  })
})

describe("what no gate knows", () => {
  test("a process that was down departs late within an hour", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, "2026-11-03T09:59:00.000Z")
    expect(w.release("1").phase).toMatchObject({ is: "published" })
  })

  test("after that it has missed the train, and says why; of several, the last one", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, "2026-11-05T10:00:01.000Z")
    expect(w.release("1")).toMatchObject({
      phase: { is: "cut" },
      train: {
        is: "missed",
        due: NEXT,
        because: "Slipway was not there when it departed",
        next: "2026-11-10T09:00:00.000Z",
      },
    })
    expect(replies(w).filter(({ is }) => is === "missed the train")).toHaveLength(1)
    at(w, "2026-11-10T09:00:00.000Z")
    expect(w.release("1").phase.is).toBe("published")
  })

  test("what cannot be read delays it, and is tried again; within the hour it departs", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, CUTOFF)
    w.omitted.add("ci")
    at(w, DUE)
    expect(w.release("1")).toMatchObject({ phase: { is: "cut" }, unattended: { is: "stopped", times: 1 } })
    w.omitted.clear()
    at(w, w.revisitAt ?? "")
    expect(w.release("1").phase.is).toBe("published")
  })

  test("for longer than that it has missed it", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, CUTOFF)
    w.omitted.add("ci")
    at(w, DUE)
    for (let turn = 0; turn < 8 && w.release("1").train?.is === "departs"; turn++) at(w, w.revisitAt ?? "")
    expect(w.release("1").train).toMatchObject({
      is: "missed",
      because: "could not be read: which checks are required",
      next: NEXT,
    })
    expect(w.release("1").unattended).toBeUndefined()
    expect(w.now.toISOString() <= "2026-11-03T10:00:02.000Z").toBe(true)
  })

  test("one that is taken out of the file while it departs is missed, and there is no next one", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, CUTOFF)
    w.omitted.add("ci")
    at(w, DUE)
    w.omitted.clear()
    w.commitFiles({ config: config({ approvals: { required: 0 } }) })
    at(w, w.revisitAt ?? "")
    expect(w.release("1")).toMatchObject({ phase: { is: "cut" }, train: { is: "missed", next: null } })
    expect(w.truth.tags.has("v1.1.0")).toBe(false)
    expect(w.page("1").warnings.join()).toMatch(/09:00 UTC: slipway\.yml has no train for it any more\.(?! The next)/)
  })

  test("a publication that GitHub refuses is tried again until the hour is over", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, CUTOFF)
    w.refusing.set("publish", { is: "refused", code: "invalid", because: "a ruleset restricts tags" })
    at(w, DUE)
    expect(w.release("1")).toMatchObject({ train: { is: "departs" }, unattended: { is: "stopped", times: 1 } })
    w.refusing.clear()
    at(w, w.revisitAt ?? "")
    expect(w.release("1").phase.is).toBe("published")
  })
})

describe("the timetable", () => {
  test("a new one counts from now on: what would have departed before is not missed", () => {
    const w = world((it) => {
      it.truth.config = config({ approvals: { required: 0 } })
    })
    w.merge(11, "feat: a").run()
    w.now = new Date("2026-11-03T09:30:00.000Z")
    w.commitFiles({ config: config({ approvals: { required: 0 }, train: TRAIN }) }).run()
    expect(w.release("1").train).toBeUndefined()
    expect(w.revisitAt).toBe("2026-11-05T07:00:00.000Z")
  })

  test("one that is taken out departs no more", () => {
    const w = railway().merge(11, "feat: a").run()
    at(w, CUTOFF)
    w.commitFiles({ config: config({ approvals: { required: 0 } }) }).run()
    at(w, DUE)
    expect(w.release("1").phase.is).toBe("cut")
    expect(w.known.lines.main?.trains).toBeUndefined()
  })

  test("a component has its own", () => {
    const components = {
      api: { path: "api/**", train: { every: "wed 12:00" } },
      web: { path: "web/**" },
    }
    const w = railway({ components })
      .merge(11, "feat: both", { files: ["api/a", "web/b"] })
      .run()
    const out = () => w.known.releases.flatMap((r) => (r.phase.is === "published" ? [r.component] : []))
    at(w, CUTOFF)
    at(w, DUE)
    expect(out()).toEqual(["web"])
    at(w, "2026-11-04T12:00:00.000Z")
    expect(out().toSorted()).toEqual(["api", "web"])
  })
})

test("a train whose row stopped is missed, and nothing is asked again before the next one", () => {
  const w = railway({}, (it) => {
    it.neighbours = { "acme/api": showing({ offers: [OFFER] }) }
    it.truth.plan = plan({
      release: { version: "1.1.0" },
      testing: { required: [] },
      repositories: [{ repo: "acme/api", version: "1.4.0" }],
    })
  })
  w.merge(11, "feat: a").run()
  at(w, CUTOFF)
  at(w, DUE)
  const row = w.release("1").row
  expect(row).toMatchObject({ is: "asking" })
  const answer = { row: row?.id ?? "", sha: OFFER.sha, is: "not ready" as const, because: "hold is failed" }
  w.neighbours = { "acme/api": showing({ offers: [{ ...OFFER, answer }] }) }
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  w.neighbours = { "acme/api": showing({ offers: [OFFER] }) }
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  at(w, "2026-11-03T09:20:00.000Z")
  expect(w.release("1")).toMatchObject({
    row: { id: row?.id, is: "stopped" },
    train: { is: "missed", due: DUE, next: NEXT, because: expect.stringContaining("acme/api 1.4.0 is not ready") },
  })
})
