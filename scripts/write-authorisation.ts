/** Writes the tables of docs/authorisation.md as the rules have them; whether they should be so is for who reads the difference. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { drawMatrix, RULES } from "../test/decide/support/authorisation.ts"

const file = join(import.meta.dirname, "../docs/authorisation.md")
let page = readFileSync(file, "utf8")
for (const [rule, named] of Object.entries(RULES)) {
  const heading = `## With \`${rule}\`\n`
  const start = page.indexOf(heading)
  if (start < 0) throw new Error(`docs/authorisation.md has no heading ${heading}`)
  const table = page.indexOf("\n| role ", start)
  const end = page.indexOf("\n\n", table + 1)
  page = `${page.slice(0, table)}\n${drawMatrix(named)}${page.slice(end)}`
}
writeFileSync(file, page)
