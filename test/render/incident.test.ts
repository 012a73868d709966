import { expect, test } from "vitest"
import type { IncidentStands } from "../../src/model/incident.ts"
import { renderIncident } from "../../src/render/incident.ts"
import { tagsOf, toHtml } from "./github-markdown.ts"
import { HOSTILE } from "./pages.ts"

const CHECK = "https://github.com/acme/shop/runs/1"
const ROLLBACK = {
  rollback: "3",
  release: "9",
  place: "production",
  from: "1.4.2",
  to: "1.4.1",
  by: "ben and dora",
  check: CHECK,
}
const WAITS = { place: "production", release: "9", version: "1.4.2", until: "2026-11-30T11:14:00Z", check: CHECK }
const body = (stands: IncidentStands, by = "ben") => renderIncident({ repositoryId: "11", issue: 7, by, stands })

test.each<[IncidentStands, RegExp]>([
  [
    { is: "refused", because: "it names no release" },
    /Nothing is rolled back\*\*, though ben labelled .*: it names no release\./,
  ],
  [{ is: "taken back", by: "cleo" }, /cleo took the label off before anything was begun/],
  [
    { is: "waits", ...WAITS },
    /ben asks to roll production back\*\* from 1\.4\.2\. A second person .* until 2026-11-30 11:14 UTC/,
  ],
  // The label is on this issue already: whoever took it off would take the first word back.
  [
    { is: "waits", ...WAITS },
    /or by an incident issue of their own, .* Taking the label off .* takes back what was asked/,
  ],
  [
    { is: "lapsed", ...WAITS, because: "no second person asked for it in time" },
    /Nothing is rolled back\*\* from production: no second/,
  ],
  [
    { is: "running", ...ROLLBACK },
    /production is being rolled back\*\* from 1\.4\.2 to 1\.4\.1, asked for by ben and dora\./,
  ],
  [
    { is: "done", ...ROLLBACK, ended: "2026-11-30T10:18:00Z", postMortem: 8 },
    /was rolled back.* on 2026-11-30 10:18 UTC\. The post-mortem is #8\./,
  ],
  [{ is: "done", ...ROLLBACK, detail: "a flag was switched off" }, /1\.4\.1: a flag was switched off\./],
  [{ is: "failed", ...ROLLBACK, detail: "no runner is free" }, /\*\*failed\*\*: no runner is free\./],
])("says what came of it: %j", (stands, says) => {
  const text = body(stands)
  expect(text).toMatch(says)
  expect(text.split("\n")[0]).toBe("<!-- slipway:incident repo=11 issue=7 -->")
  expect(text).not.toContain("@")
})

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("hostile text comes out as text: %j", (_, text) => {
  const stands: IncidentStands[] = [
    { is: "refused", because: text },
    { is: "taken back", by: text },
    { is: "waits", ...WAITS, place: text, version: text, check: text },
    { is: "lapsed", place: text, version: text, because: text },
    { is: "failed", ...ROLLBACK, place: text, from: text, to: text, by: text, detail: text, check: text },
  ]
  const calm = new Set(["p", "strong", "a", "em", "code", "!"].flatMap((tag) => [`<${tag}`, `</${tag}`]))
  for (const one of stands) {
    const html = toHtml(body(one, text))
    expect(tagsOf(html).filter((tag) => !calm.has(tag))).toEqual([])
    expect(html).not.toMatch(/@[A-Za-z]/)
    expect(html).not.toMatch(/(?:href|src)="(?!https:\/\/github\.com\/)/)
  }
})
