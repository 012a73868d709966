import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { tableOf } from "../tables.ts"
import { DEEDS, prepared, ROLES, RULES, tryOut } from "./support/authorisation.ts"

/** Every cell of docs/authorisation.md, by the real rules. */
const page = readFileSync(join(import.meta.dirname, "../../docs/authorisation.md"), "utf8")

describe.each(Object.entries(RULES))("with %s", (rule, named) => {
  const section = page.split(/^(?=## )/m).find((one) => one.startsWith(`## With \`${rule}\`\n`)) ?? ""
  const rows = tableOf(section, "role")
  const head = section.split("\n").find((line) => line.startsWith("| role |"))

  test("the page has every role and every deed", () => {
    expect(rows.map(([role]) => role)).toEqual(Object.keys(ROLES))
    expect(head).toBe(`| role | ${Object.keys(DEEDS).join(" | ")} |`)
    expect(new Set(rows.flatMap(([, ...cells]) => cells))).toEqual(new Set(["yes", "no"]))
  })

  test.each(Object.keys(DEEDS))("who may do what: %s", (deed) => {
    const at = Object.keys(DEEDS).indexOf(deed) + 1
    const said = rows.map((cells) => [cells[0] ?? "", cells[at] ?? ""] as const)
    // Who is refused changes nothing: all of them try in one world. Whoever is not has one of their own.
    const shared = prepared(deed, named)
    const found = said.map(([role, cell]) => [role, tryOut(deed, role, named, cell === "no" ? shared : undefined)])
    expect(found).toEqual(said)
    expect(said.some(([, cell]) => cell !== "no")).toBe(true)
  })
})
