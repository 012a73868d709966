import { type ChildProcess, spawn } from "node:child_process"
import { createWriteStream } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

/** Slipway as a process of its own, as an operator runs it. */
export interface AppProcess {
  readonly url: string
  readonly pid: number
  /** Ends it as an operator does, and waits for its exit code. */
  stop(): Promise<number | null>
}

const inClone = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
/** As `npm start` does: a small young generation of the heap, for less memory at rest (docs/measurements.md). */
const FLAGS = ["--max-semi-space-size=2", "--import", inClone("bin/compile-cache.js")]
const MAIN = inClone("src/main.ts")
/** Where it has to be small (the container), the C library's allocator has one arena. */
const SURROUNDINGS = { LOG_FORMAT: "json", MALLOC_ARENA_MAX: "1" } as const

/**
 * Starts `src/main.ts` and waits until it says where it listens.
 * @param group `own`: Ctrl-C in the terminal does not reach it, so that who started it can end it in order
 * @throws with its output if it ends before that
 */
export async function startApp(
  env: { readonly [name: string]: string },
  logFile: string,
  group: "own" | "shared" = "shared",
): Promise<AppProcess> {
  const child = spawn(process.execPath, [...FLAGS, MAIN], {
    env: { ...SURROUNDINGS, PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: group === "own",
  })
  const log = createWriteStream(logFile)
  child.stdout.pipe(log, { end: false })
  let complaint = ""
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString()
    log.write(chunk)
  })
  // Whatever ends this process in the middle, none of what it started stays behind.
  const last = () => void child.kill("SIGTERM")
  process.once("exit", last)
  const ended = new Promise<number | null>((resolve) =>
    child.once("exit", (code) => {
      process.off("exit", last)
      resolve(code)
    }),
  )
  const url = await Promise.race([listening(child), ended])
  if (typeof url !== "string") throw new Error(`Slipway ended before it was up:\n${complaint}`)
  return {
    url,
    pid: child.pid ?? 0,
    stop() {
      child.kill("SIGTERM")
      return ended
    },
  }
}

/** The line in the log that names the address. */
async function listening(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /"url":"(http:[^"]+)"/.exec(line)
    if (match?.[1]) return match[1]
  }
  return undefined
}
