import fc from "fast-check"
import { expect, test } from "vitest"
import { statedIn } from "../../src/model/stated-in.ts"

const says = (body: string) => statedIn(body, "acme/app")
const override = (block: string) => `Why.\n\nBEGIN_COMMIT_OVERRIDE\n${block}\nEND_COMMIT_OVERRIDE\n\nMore.`

test.each([
  ["nothing", "", {}],
  ["words", "Adds a button.\n\n- [ ] tested", {}],
  ["an override", override("fix: a\n\nfeat(b): c"), { override: "fix: a\n\nfeat(b): c" }],
  ["an override by Windows", override("fix: a").replaceAll("\n", "\r\n"), { override: "fix: a" }],
  ["an override in a fence", override("```\nfix: a\n```"), { override: "fix: a" }],
  ["an override that is never closed", "x\nBEGIN_COMMIT_OVERRIDE\nfix: a", { override: "fix: a" }],
  ["the first of two overrides", override("fix: a") + override("feat: b"), { override: "fix: a" }],
  ["an empty override", override(" "), {}],
  ["a template that explains overrides", `<!-- ${override("fix: a")} -->\nDone.`, {}],
  ["a comment that is never closed", `<!--\n${override("fix: a")}`, {}],
  ["a comment between", "slipway: <!-- or major -->minor", { footers: "slipway: minor" }],
  ["NUL in an override", override("fix: a\0b"), { override: "fix: ab" }],
  ["footers", "Why\n\nRelease-As: 2.0.0 \nslipway: skip", { footers: "Release-As: 2.0.0\nslipway: skip" }],
  ["a footer by #", "release-as #2.0.0", { footers: "release-as #2.0.0" }],
  ["a footer in prose", "See Release-As: 2.0.0, or Release-As: 2.0.0", {}],
  ["a footer with more behind it", "Release-As: 2.0.0 if we may", {}],
  ["a quoted footer", "> Release-As: 2.0.0", {}],
  ["a footer in code", "```yaml\nslipway: major\n```", {}],
  ["a footer behind code", "~~~\nx\n~~~\nslipway: major", { footers: "slipway: major" }],
  ["another word for it", "slipways: major", {}],
  ["GitHub's revert", "Reverts acme/app#12", { reverts: [12] }],
  ["GitHub's revert in any case", "Reverts Acme/App#12", { reverts: [12] }],
  ["a short revert, twice", "Reverts #12\nReverts #12\nReverts #13", { reverts: [12, 13] }],
  ["a revert elsewhere", "Reverts acme/other#12", {}],
  ["a revert in prose", "It Reverts acme/app#12", {}],
])("reads %s", (_, body, expected) => {
  expect(says(body)).toEqual(expected)
})

test("keeps a bounded part, whatever the text", () => {
  const line = fc.constantFrom("BEGIN_COMMIT_OVERRIDE", "END_COMMIT_OVERRIDE", "<!--", "-->", "```", "slipway: major")
  const soup = fc.array(fc.oneof(line, fc.string({ unit: "binary", maxLength: 20 }))).map((lines) => lines.join("\n"))
  fc.assert(
    fc.property(soup, (body) => {
      const said = says(body)
      expect(JSON.stringify(said)).not.toContain("\\u0000")
      expect(says(body)).toEqual(said)
    }),
  )
  const large = "Release-As: 2.0.0\nReverts #1\n".repeat(30_000) + override("x".repeat(1_000_000))
  expect(JSON.stringify(says(large)).length).toBeLessThan(20_000)
  for (const bait of ["<!--", "<!-- -->", "```\n", "slipway: ", "Reverts #"]) says(bait.repeat(1_000_000 / bait.length))
})
