import { spawn } from "node:child_process"

/** The unprivileged user as whom Postgres runs when Slipway itself is root. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

/**
 * Runs a Postgres tool to its end, as `runAs` if given. Its folder is `/` and its environment nearly empty: the
 * unprivileged user may reach neither ours, and `PG*` variables of the operator must not steer our own cluster.
 *
 * @returns exit code and what it printed; never throws for a non-zero code, only when it cannot be run at all
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  runAs?: RunAs,
): Promise<{ code: number; output: string }> {
  const child = spawn(file, args, {
    cwd: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
  })
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  return await new Promise((resolve, reject) => {
    child.once("error", reject)
    // "exit", not "close": a daemon that the tool started may hold the pipes open for as long as it lives.
    child.once("exit", (code, signal) => {
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ code: code ?? -1, output: signal ? `${output}\nended by ${signal}` : output })
    })
  })
}
