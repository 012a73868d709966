import type { Stage } from "./stage.ts"

/** Merges a change by ben, releases it as cleo and ana do, and has it live in an environment. @returns its commit */
export async function releaseTo(stage: Stage, environment: string, title: string): Promise<string> {
  const { sha } = await stage.merge("ben", title)
  await stage.press("approve", "cleo")
  await stage.press("publish", "ana")
  await stage.deploy(environment, sha, "ana", "success")
  return sha
}
