import { z } from "zod"
import { configSchema } from "../model/config.ts"
import { organisationSchema } from "../model/organisation.ts"
import { planSchema } from "../model/plan.ts"

/**
 * JSON Schemas (draft 2020-12) of what people write, by the name of their file. They say less than the zod schemas:
 * references between entries, time zones, calendar dates and SemVer are checked only by Slipway itself.
 */
export const jsonSchemas = (): { readonly [name: string]: string } => ({
  "slipway.schema.json": written(configSchema, "Slipway's configuration, .github/slipway.yml"),
  "organisation.schema.json": written(organisationSchema, "An organisation's defaults for Slipway, slipway.yml"),
  "release-plan.schema.json": written(planSchema, "A release plan of Slipway, release-plan.yml"),
})

function written(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" })
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`
}
