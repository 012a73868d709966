import { expect, test } from "vitest"
import type { Organisation, Stop } from "../../src/model/organisation.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const ABOVE = "acme/.github"
const SET = { by: "ana", at: "2026-11-02T08:30:00Z", sha: "a".repeat(40) }
const stopped = (stop: Partial<Stop> = {}): Organisation => ({
  is: "read",
  blob: "b1",
  stop: { because: "payments are down", except: [], set: SET, ...stop },
})
const goes: Organisation = { is: "read", blob: "b0" }

/** A release that has all it needs, in a repository that extends the organisation's file. */
const ready = (organisation: Organisation | undefined, extended = ABOVE): World => {
  const w = world((it) => {
    it.truth.config = config({ extends: extended })
    it.truth.organisations = organisation ? { [ABOVE]: organisation } : {}
  })
  w.merge(12, "feat: a").run()
  return w.click("approve", "cleo").run()
}
const hear = (w: World, organisation: Organisation): World => {
  w.truth.organisations = { [ABOVE]: organisation }
  return w.hear({ kind: "organisation", because: `slipway.yml of ${ABOVE} was changed` }).run()
}

test.each<[string, Organisation | undefined, string, string]>([
  ["nothing is stopped", goes, "passed", "acme/.github stops no releases"],
  [
    "all is stopped",
    stopped(),
    "failed",
    "acme/.github stops all releases since 2026-11-02 08:30 UTC, by ana: payments are down",
  ],
  [
    "nobody knows who stopped",
    { is: "read", blob: "b", stop: { because: "why", except: [] } },
    "failed",
    "acme/.github stops all releases: why",
  ],
  [
    "another repository goes on",
    stopped({ except: ["acme/other", "hotfix", "evil/shop"] }),
    "failed",
    "acme/.github stops all releases since 2026-11-02 08:30 UTC, by ana: payments are down",
  ],
  [
    "this one goes on",
    stopped({ except: ["ACME/Shop"] }),
    "passed",
    "acme/.github stops releases, but not those of acme/shop: payments are down",
  ],
  ["it cannot be read", { is: "unread", because: "no access" }, "unknown", "no access"],
  ["it was not read yet", undefined, "unknown", "what acme/.github says was not read yet"],
])("%s", (_, organisation, state, because) => {
  const w = ready(organisation)
  expect(w.gate("stop")).toMatchObject({ state, because })
  expect(w.page().phase).toBe(state === "passed" ? "ready" : "cut")
})

test("the gate links to the commit that set the stop", () => {
  expect(ready(stopped()).gate("stop").evidence).toEqual([
    { text: "acme/.github@aaaaaaa", url: `https://github.com/acme/.github/commit/${SET.sha}` },
  ])
})

test("a stop holds a release that is ready, is said on its page, and goes by itself; the approval stays", () => {
  const w = ready(goes)
  expect(w.page().phase).toBe("ready")
  hear(w, stopped())
  expect(w.page()).toMatchObject({
    phase: "cut",
    todo: [expect.stringMatching(/^Wait for the organisation: .*payments are down\.$/)],
  })
  w.click("publish", "cleo").run()
  expect([...w.truth.tags.keys()]).toEqual(["v1.0.0"])
  hear(w, goes)
  expect(w.page().phase).toBe("ready")
  expect(w.replies("1").filter((is) => is.startsWith("stop"))).toEqual(["stopped", "stop lifted"])
  expect(w.audit.filter(({ what }) => what.includes("stop"))).toMatchObject([
    {
      what: "releases stopped",
      by: "ana",
      facts: { organisation: ABOVE, because: "payments are down", since: SET.at },
    },
    { what: "stop lifted", facts: { organisation: ABOVE } },
  ])
  w.click("publish", "cleo").run()
  expect([...w.truth.tags.keys()]).toEqual(["v1.0.0", "v1.1.0"])
})

test("a stop that cannot be read any more is not said to be lifted, and holds", () => {
  const w = hear(ready(stopped()), { is: "unread", because: "no access" })
  expect(w.gate("stop").state).toBe("unknown")
  expect(w.replies("1")).not.toContain("stop lifted")
})

test("a stop whose file could not be read for a while is said once, and that it was lifted, too", () => {
  const w = hear(ready(goes), stopped())
  hear(w, { is: "unread", because: "GitHub did not answer" })
  hear(w, stopped())
  hear(w, { is: "unread", because: "GitHub did not answer" })
  hear(w, goes)
  expect(w.replies("1").filter((is) => is.startsWith("stop"))).toEqual(["stopped", "stop lifted"])
  expect(w.audit.filter(({ what }) => what.includes("stop"))).toHaveLength(2)
})

test("a stop of which only the file's other words change is said once", () => {
  const w = hear(ready(goes), stopped())
  hear(w, { ...stopped({ except: ["acme/other"] }), blob: "b3" } as Organisation)
  expect(w.replies("1").filter((is) => is === "stopped")).toHaveLength(1)
})

test("without `extends` there is no such gate", () => {
  const w = world((it) => (it.truth.config = config()))
    .merge(12, "feat: a")
    .run()
  expect(() => w.gate("stop")).toThrow("there is no gate stop")
})

test("taking `extends` out lifts no stop", () => {
  const w = ready(stopped())
  w.commitFiles({ config: config(), author: "cleo" }).run()
  expect(w.gate("stop").state).toBe("failed")
  expect(w.gate("configuration")).toMatchObject({
    because: expect.stringContaining("the gates in slipway.yml or in acme/.github were changed"),
  })
})

test("a floor that rises voids the approval, and the change of the gates is asked for", () => {
  const w = ready(goes)
  w.truth.config = config({ extends: ABOVE, approvals: { required: 2 } })
  hear(w, { ...goes, blob: "b2" })
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.gate("configuration")).toMatchObject({ state: "pending" })
})

test("what nobody extends any more is forgotten", () => {
  const w = ready(goes)
  expect(Object.keys(w.known.organisations ?? {})).toEqual([ABOVE])
  w.click("publish", "cleo").run()
  w.commitFiles({ config: config() }).merge(13, "feat: b").run()
  w.click("approve", "cleo").run().click("publish", "cleo").run()
  expect(w.known.organisations).toEqual({})
})
