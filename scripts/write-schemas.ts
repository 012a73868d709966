/** Writes the JSON Schemas that editors use for `slipway.yml` and release plans: `node scripts/write-schemas.ts`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { jsonSchemas } from "../src/config/json-schemas.ts"

for (const [name, text] of Object.entries(jsonSchemas())) {
  const file = fileURLToPath(new URL(`../schemas/${name}`, import.meta.url))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote schemas/${name}`)
}
