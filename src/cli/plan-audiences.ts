import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { readConfig } from "../config/read-config.ts"
import { unknownAudiences } from "../decide/informing/audience.ts"
import type { PlacedAudience } from "../model/communication.ts"
import type { Problem } from "../model/problem.ts"
import { CONFIG_PATH } from "../model/written-paths.ts"
import { rootOf } from "./plan-gates.ts"

/**
 * Whom a plan wants to tell, and the configuration in the clone around it does not know. Without one that can be read, and
 * where an organisation's file says more than is here, nothing is said of it.
 * @param path of the plan's file
 */
export async function unknownHere(placed: readonly PlacedAudience[], path: string): Promise<readonly Problem[]> {
  const text = await readFile(join(await rootOf(dirname(path)), CONFIG_PATH), "utf8").catch(() => undefined)
  const read = text === undefined ? undefined : readConfig(text, CONFIG_PATH)
  return read?.ok && read.config.extends === undefined ? unknownAudiences(read.config, placed) : []
}
