import { spawn } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { GitHubPeer } from "../../demo/peers/github.ts"

const MAIN = join(import.meta.dirname, "../../gate/main.js")

type Permissions = Parameters<GitHubPeer["jobToken"]>[1]

interface Ended {
  readonly code: number | null
  readonly log: string
  readonly summary: string
  readonly output: string
}

/** What a job on a commit starts the action with: it waits for production, with the job's own token, and not for long. */
export const jobAt = (
  github: GitHubPeer,
  repo: string,
  sha: string,
  permissions: Permissions = { checks: "read" },
) => ({
  GITHUB_API_URL: github.url,
  GITHUB_REPOSITORY: repo,
  GITHUB_SHA: sha,
  INPUT_ENVIRONMENT: "production",
  "INPUT_APP-ID": github.app.id,
  "INPUT_TIMEOUT-MINUTES": "0.01",
  "INPUT_INTERVAL-SECONDS": "1",
  INPUT_TOKEN: github.jobToken(repo, permissions),
})

/** The action's own entry point as a process of its own, as GitHub's runner starts it: inputs by environment. */
export async function runGate(env: { readonly [name: string]: string }): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-gate-"))
  const files = { GITHUB_STEP_SUMMARY: join(folder, "summary"), GITHUB_OUTPUT: join(folder, "output") }
  await Promise.all(Object.values(files).map((file) => writeFile(file, "")))
  try {
    const child = spawn(process.execPath, [MAIN], { env: { ...files, ...env }, stdio: ["ignore", "pipe", "pipe"] })
    let log = ""
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text))
    const code = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject))
    const [summary = "", output = ""] = await Promise.all(Object.values(files).map((file) => readFile(file, "utf8")))
    return { code, log, summary, output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
