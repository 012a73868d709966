import { describe, expect, test } from "vitest"
import type { Ran } from "../../src/model/signal.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { renderReply } from "../../src/render/reply.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** What follows a publication: a workflow that is started and followed, and those who are told. */
const released = (
  written: object,
  prepare: (it: World) => void = (it) => void it.merge(12, "feat: pay by invoice"),
) => {
  const it = world((at) => {
    at.truth.config = config({ approvals: { required: 0 }, ...written })
  })
  prepare(it)
  it.run().click("approve", "cleo").run().click("publish", "cleo").run()
  return it
}
const out = (it: World) => {
  const release = it.known.releases.find(({ phase }) => phase.is === "published")
  if (release?.phase.is !== "published") throw new Error("nothing is published")
  return { ...release, sha: release.phase.candidate.sha }
}
const shown = (it: World) => renderCheck(it.check(`check:readiness:${out(it).sha}`))
const said = (it: World) =>
  it.applied.flatMap((e) =>
    e.kind === "reply" && e.content.reply.is === "followed" ? [renderReply(e.content.reply).text] : [],
  )
const of = (it: World, kind: "dispatch" | "dispatch-look" | "comment") => it.applied.filter((e) => e.kind === kind)

const WORKFLOW = { publish: { dispatch: { workflow: "package.yml", within: "30m" } } }
const ran = (it: World, more: Partial<Ran> = {}): Ran => ({
  kind: "ran",
  run: "900",
  path: ".github/workflows/package.yml",
  event: "workflow_dispatch",
  title: "package",
  ref: "v1.1.0",
  sha: out(it).sha,
  state: "running",
  word: "queued",
  attempt: 1,
  url: "https://github.com/acme/shop/actions/runs/900",
  began: it.now.toISOString(),
  at: it.now.toISOString(),
  ...more,
})

describe("a workflow", () => {
  test("that is never started is looked for once when its time has passed, and then said", () => {
    const it = released(WORKFLOW)
    expect(of(it, "dispatch")).toHaveLength(1)
    expect(shown(it).summary).toContain("package.yml was asked for on 2026-11-02")
    expect(it.revisitAt).toBeDefined()
    it.later(29).run()
    expect(of(it, "dispatch-look")).toHaveLength(0)
    it.later(2).run().later(60).run()
    expect(of(it, "dispatch-look")).toHaveLength(1)
    expect(said(it)).toEqual([
      expect.stringMatching(/was not started\* for `1\.1\.0`: no run of it began within 30 minutes/),
    ])
    expect(it.check(`check:readiness:${out(it).sha}`).conclusion).toBe("failure")
    expect(shown(it).title).toContain("package.yml never started")
  })

  test("that does not end in time is said to be late, and to succeed when it does", () => {
    const it = released(WORKFLOW)
    it.hear(ran(it)).run().later(31).run()
    expect(said(it)).toEqual([
      expect.stringMatching(/takes too long\* for `1\.1\.0`: it has not ended within 30 minutes/),
    ])
    expect(shown(it).title).toContain("has not ended in time")
    it.hear(ran(it, { state: "succeeded", word: "success" })).run()
    expect(said(it)).toHaveLength(2)
    expect(it.check(`check:readiness:${out(it).sha}`).conclusion).toBe("success")
  })

  test("whose end is told twice, or late, is said once", () => {
    const it = released(WORKFLOW)
    const failed = ran(it, { state: "failed", word: "timed_out" })
    it.hear(failed).run().hear(ran(it), failed).run()
    expect(said(it)).toEqual([expect.stringMatching(/package\.yml failed\* for `1\.1\.0`: timed out/)])
    expect(shown(it).summary).toContain("package.yml failed: timed out")
  })

  test.each<[string, (it: World) => Partial<Ran>]>([
    ["another workflow", () => ({ path: ".github/workflows/other.yml" })],
    ["another tag", () => ({ ref: "main" })],
    ["another commit", () => ({ sha: "f".repeat(40) })],
    ["a run from before", () => ({ began: "2026-11-01T09:00:00.000Z" })],
    ["a repository_dispatch", () => ({ event: "repository_dispatch" })],
  ])("is not confused with %s", (_, other) => {
    const it = released(WORKFLOW)
    it.hear(ran(it, { state: "failed", word: "failure", ...other(it) })).run()
    expect(said(it)).toEqual([])
  })

  test("that GitHub refuses to start is said with the reason, and starts no clock", () => {
    const because = "package.yml could not be started: it has no trigger workflow_dispatch"
    const it = released(WORKFLOW, (at) => {
      at.merge(12, "feat: pay by invoice")
      at.refusing.set("dispatch", { is: "refused", code: "invalid", because })
    })
    expect(said(it)).toEqual([expect.stringContaining(because)])
    expect(shown(it).title).toContain("package.yml was not started")
    it.later(60).run()
    expect(of(it, "dispatch-look")).toHaveLength(0)
  })
})

test("an event is sent; runs that answer it are followed, and none has to", () => {
  const it = released({ publish: { dispatch: { event: "released" } } })
  expect(of(it, "dispatch")[0]?.content).toMatchObject({ to: { event: "released" }, inputs: { version: "1.1.0" } })
  expect(shown(it).summary).toContain("no run has answered it")
  it.later(600).run()
  expect(said(it)).toEqual([])
  const answer = { event: "repository_dispatch", title: "released", ref: "main", sha: "f".repeat(40) } as const
  it.hear(ran(it, answer), ran(it, { ...answer, run: "901", path: ".github/workflows/b.yml" })).run()
  it.hear(ran(it, { ...answer, run: "901", path: ".github/workflows/b.yml", state: "failed", word: "failure" })).run()
  expect(said(it)).toEqual([expect.stringMatching(/b\.yml failed/)])
  expect(shown(it).summary).toMatch(/pending: \[package\.yml is running\][\s\S]*failed\*\*: \[b\.yml failed: failure\]/)
})

test("an event that has to be answered in time, and is not, is said never to have started anything", () => {
  const it = released({ publish: { dispatch: { event: "released", within: "30m" } } })
  expect(shown(it).summary).toContain("has 30 minutes to end")
  it.later(31).run()
  expect(said(it)).toEqual([expect.stringMatching(/released was not started\* for `1\.1\.0`: no run of it began/)])
  expect(shown(it).title).toContain("released never started")
})

test("an event that is sent for one release after the other is answered for the last one", () => {
  const it = released({ publish: { dispatch: { event: "released", within: "30m" } } })
  it.later(5).merge(13, "fix: rounding").run().click("approve", "cleo").run().click("publish", "cleo").run()
  const answer = { event: "repository_dispatch", title: "released", state: "failed", word: "failure" } as const
  it.hear(ran(it, answer)).run()
  expect(said(it)).toEqual([expect.stringMatching(/package\.yml failed\* for `1\.1\.1`/)])
})

test("without `publish.dispatch` nothing is started", () => {
  expect(of(released({}), "dispatch")).toEqual([])
})

describe("those who are told", () => {
  const told = (it: World) =>
    of(it, "comment").map((e) => (e.kind === "comment" ? [e.content.number, e.content.by] : []))

  test("each pull request once, and each issue that it closes, also of a direct commit", () => {
    const it = released({}, (at) => {
      at.merge(12, "feat: a\n\nCloses #3 and fixes #4")
      at.merge(13, "fix: b\n\nCloses #3")
      at.push("fix: c\n\nCloses #5")
    })
    it.later(1).run()
    expect(told(it)).toEqual([
      [12, undefined],
      [13, undefined],
      [3, 12],
      [4, 12],
      [5, undefined],
    ])
    const comments = it.applied.length
    it.later(60).run()
    expect(it.applied.length).toBe(comments)
  })

  test("not what cancels itself out within the release", () => {
    const it = released({}, (at) => {
      at.merge(12, "feat: a\n\nCloses #3")
      const undone = at.truth.head
      at.merge(13, "fix: b").merge(14, `Revert "feat: a"\n\nThis reverts commit ${undone}.`)
    })
    expect(told(it.later(1).run())).toEqual([[13, undefined]])
  })

  test("many are told slowly, four at a time, and all of them", () => {
    const it = released({}, (at) => {
      for (let number = 100; number < 130; number++) at.merge(number, `fix: change ${number}`)
    })
    expect(told(it)).toHaveLength(4)
    it.later(0.1).run()
    expect(told(it)).toHaveLength(4)
    for (let turn = 0; turn < 20; turn++) it.later(0.5).run()
    expect(told(it)).toHaveLength(30)
    expect(new Set(told(it).map(([number]) => number)).size).toBe(30)
    expect(out(it).after?.telling).toBeUndefined()
    expect(Object.keys(it.handles).filter((target) => target.startsWith("comment:"))).toEqual([])
  })

  test("nobody, where it is switched off", () => {
    expect(told(released({ publish: { comments: false } }))).toEqual([])
  })

  test("a refusal is shown once, however many there are", () => {
    const it = released({}, (at) => {
      at.merge(12, "feat: a").merge(13, "fix: b")
      at.refusing.set("comment", { is: "refused", code: "forbidden", because: "the App needs issues: write" })
    })
    it.later(1).run()
    expect(it.known.refused).toEqual({ [`comments:${out(it).id}`]: "the App needs issues: write" })
    expect(shown(it).summary).toContain("could be told of its release: the App needs issues: write")
  })
})
