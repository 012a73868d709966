import { run } from "../../src/cli/dispatch.ts"

export interface Called {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Calls the command line as a shell would, in a folder; only the process is missing. */
export async function call(directory: string, ...args: readonly string[]): Promise<Called> {
  let out = ""
  let err = ""
  const code = await run(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    colours: false,
    directory,
    now: new Date("2026-11-21T12:00:00Z"),
  })
  return { code, out, err }
}

/** What `--json` printed. */
export async function callJson(directory: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await call(directory, ...args, "--json")
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`)
  return JSON.parse(out)
}
