import { expect, test } from "vitest"
import { type AlertsRead, noAlerts } from "../../src/model/alerts.ts"
import { gateOf, pass, publish, settle } from "./support/environments.ts"
import { alertsRead, config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 is out and asks to enter production. */
function asking(vulnerabilities: unknown, found: { [kind: string]: AlertsRead }) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production: { vulnerabilities } } })
  })
  publish(w, 11)
  const at = w.truth.head
  w.truth.alerts[at] = found
  w.ask("production", at)
  settle(w)
  return { w, at }
}

const verdict = (w: World) => {
  const end = Object.values(w.known.requests ?? {})[0]?.end
  return end?.is === "answered" ? end.verdict : "waits"
}
function said(w: World, at: string): string {
  const gate = gateOf(w, at, "vulnerabilities")
  return `${gate?.state}: ${gate?.because}`
}
const CLEAN = { "code-scanning": alertsRead("CodeQL"), dependabot: alertsRead("Dependabot") }

test.each<[string, unknown, { [kind: string]: AlertsRead }]>([
  ["nothing was found", "none low", CLEAN],
  [
    "what was found is not so bad",
    "none critical",
    { ...CLEAN, dependabot: alertsRead("Dependabot", { open: { ...noAlerts, high: 3 } }) },
  ],
  ["the other kind is not asked for", { dependabot: "low" }, { dependabot: alertsRead("Dependabot") }],
])("it enters where %s", (_, asked, found) => {
  expect(verdict(asking(asked, found).w)).toBe("approved")
})

test.each<[string, unknown, AlertsRead, string]>([
  ["one as bad", "none high", alertsRead("CodeQL", { open: { ...noAlerts, high: 1 } }), "failed: CodeQL found 1 high"],
  [
    "worse ones, and more",
    "none medium",
    alertsRead("CodeQL", { open: { ...noAlerts, medium: 2, critical: 1 }, more: true }),
    "failed: CodeQL found 1 critical and 2 medium and more",
  ],
  [
    "more than is read",
    "none critical",
    alertsRead("CodeQL", { more: true }),
    "unknown: CodeQL found more than can be",
  ],
  [
    "it cannot be read",
    "none critical",
    { is: "unknown", because: "GitHub does not tell" },
    "unknown: GitHub does not",
  ],
  ["it was not analysed", "none critical", { is: "waits", because: "not analysed" }, "pending: not analysed"],
])("it waits where there is %s, and is read again by itself", (_, asked, scanning, says) => {
  const { w, at } = asking(asked, { ...CLEAN, "code-scanning": scanning })
  expect([verdict(w), said(w, at)]).toEqual(["waits", expect.stringContaining(says)])
  w.truth.alerts[at] = CLEAN
  pass(w, 6)
  expect(verdict(w)).toBe("approved")
})

test("a kind that was not read is not passed", () => {
  const { w, at } = asking("none critical", { dependabot: alertsRead("Dependabot") })
  expect([verdict(w), said(w, at)]).toEqual(["waits", "unknown: was not read yet"])
})

test.each<unknown>(["none", "none awful", "critical", {}, { "code-scanning": "worst" }, { secrets: "high" }])(
  "%j is no limit",
  (vulnerabilities) => {
    expect(() => config({ environments: { production: { vulnerabilities } } })).toThrow()
  },
)
