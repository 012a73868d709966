import { type Config, configSchema } from "../model/config.ts"
import { organisationSchema, type Stop } from "../model/organisation.ts"
import type { Problem } from "../model/problem.ts"
import { crowdedProblem } from "./crowded-problem.ts"
import { explain, phrase } from "./explain.ts"
import { holidayProblems } from "./holiday-problems.ts"
import { linkedProblems } from "./linked-problems.ts"
import { manifestProblems } from "./manifest-problems.ts"
import { parseYaml } from "./parse-yaml.ts"

/** An organisation's file: what it says to every repository that extends it. */
export interface OrganisationFile {
  /** With every default filled in: what the repositories may not go below. */
  readonly floor: Config
  /** As it is written, without `stop`: what they take where they say nothing themselves. */
  readonly written: { readonly [key: string]: unknown }
  readonly stop?: Pick<Stop, "because" | "except">
}

/**
 * Reads an organisation's `slipway.yml`.
 * @param file how it is named in problems
 * @returns what it says, or every mistake with its place; never throws
 */
export function readOrganisation(
  text: string,
  file: string,
): { ok: true; value: OrganisationFile } | { ok: false; problems: Problem[] } {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  const all = document.empty ? {} : document.value
  const crowded = crowdedProblem(all, document, file)
  if (crowded) return { ok: false, problems: [crowded] }
  const read = organisationSchema.safeParse(all, { error: phrase })
  if (!read.success) return { ok: false, problems: explain(read.error.issues, document, file) }
  const { stop, ...config } = read.data
  const problems = [
    ...manifestProblems(config, document, file),
    ...linkedProblems(config, document, file),
    ...holidayProblems(config, document, file),
  ]
  if (problems.length > 0) return { ok: false, problems }
  const { stop: _, ...written } = all as { readonly [key: string]: unknown }
  return { ok: true, value: { floor: configSchema.parse(written), written, ...(stop ? { stop } : {}) } }
}
