import { vi } from "vitest"
import type { Command } from "../../../src/cli/command.ts"
import { token } from "../../../src/cli/token.ts"
import type { Stage } from "./stage.ts"

/** Runs a command beside the Slipway of a stage, with its database and its address; `vi.unstubAllEnvs` afterwards. */
export async function call(stage: Stage, command: Command, ...args: readonly string[]) {
  vi.stubEnv("DATABASE_URL", stage.env()["DATABASE_URL" as string])
  vi.stubEnv("SLIPWAY_URL", stage.app.url)
  let [out, err] = ["", ""]
  const terminal = { colours: false, directory: ".", now: stage.clock.now() }
  const say = (text: string) => {
    out += text
  }
  const code = await command.run(args, { ...terminal, out: say, err: () => undefined }).catch((error: Error) => {
    err = error.message
    return 1
  })
  return { code, out, err }
}

/** A token that `slipway token create` made. */
export async function madeToken(stage: Stage, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await call(stage, token, "create", ...args)
  if (code !== 0) throw new Error(err)
  return out.trim()
}
