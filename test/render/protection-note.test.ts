import { expect, test } from "vitest"
import type { ProtectionNote } from "../../src/model/protection.ts"
import { renderProtectionNote } from "../../src/render/protection-note.ts"

const note = (more: Partial<ProtectionNote> = {}): ProtectionNote => ({
  is: "waits",
  environment: "production",
  version: "1.5.0",
  because: "",
  gates: [
    { name: "soak", state: "pending", because: "live in staging for 30 minutes on 2026-11-21 10:30 UTC" },
    { name: "approvals", state: "pending", because: "1 of 2 approvals" },
  ],
  page: "https://github.com/acme/shop/runs/1",
  ...more,
})

test("says what is waited for, and where all of it stands", () => {
  expect(renderProtectionNote(note())).toBe(
    [
      "**1.5.0** waits to enter production:",
      "",
      "- **soak** pending: live in staging for 30 minutes on 2026-11-21 10:30 UTC",
      "- **approvals** pending: 1 of 2 approvals",
      "",
      "[The check run shows all of it](https://github.com/acme/shop/runs/1)",
    ].join("\n"),
  )
})

test("the last one says so", () => {
  expect(renderProtectionNote(note({ last: true }))).toContain("GitHub takes no further comment here")
})

test("a rejection of what is no release", () => {
  const {
    version: _,
    page: __,
    ...bare
  } = note({ is: "rejected", because: "aaaaaaa is not the commit of a release", gates: [] })
  expect(renderProtectionNote(bare)).toBe("may not enter production: aaaaaaa is not the commit of a release")
})

test("never more than GitHub takes, and nobody is called", () => {
  const because = `@everybody ${"<b>ä</b> ".repeat(400)}`
  const gates = Array.from({ length: 12 }, () => ({ name: "checks" as const, state: "failed" as const, because }))
  const text = renderProtectionNote(note({ gates, because, last: true }))
  expect(text.length).toBeLessThanOrEqual(1_024)
  expect(text).not.toContain("@everybody")
  expect(text).toContain("The check run shows all of it")
})
