import { type ChildProcess, fork } from "node:child_process"
import { createRequire } from "node:module"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { Load, Measured } from "./ack-load.ts"
import type { BenchRow } from "./row.ts"
import { SECRET, startRunningApp } from "./running-app.ts"

const OWNER = "acme"
const MANAGER = "ana"
const REPOSITORIES = 10
const PER_SECOND = 200
const P99_LIMIT_MS = 50
const SECONDS = 8
const AT_ONCE = 16

/**
 * How soon a webhook is answered, and how many a second: `check_run.completed` of CI, the event that comes most often,
 * with a payload of real size, over ten repositories that Slipway knows and works on meanwhile. Slipway has checked
 * the signature and has inbox row and wake on disk when it answers; a bare Probot app, in a process of its own in the
 * same run, has checked the signature and done nothing.
 */
export async function run(): Promise<readonly BenchRow[]> {
  const bare = await startBare()
  const slipway = await measureSlipway()
  const probot = await measure({ url: bare.url, payloads: payloads([]) })
  await end(bare.child)
  return [
    {
      ...row(`Slipway at ${PER_SECOND}/s`, slipway.steady),
      limit: `p99 < ${P99_LIMIT_MS} ms`,
      ok: keeps(slipway.steady),
    },
    row(`bare Probot at ${PER_SECOND}/s`, probot.steady),
    row(`Slipway, ${AT_ONCE} at once`, slipway.flood),
    row(`bare Probot, ${AT_ONCE} at once`, probot.flood),
  ]
}

const keeps = ({ p99, refused }: Measured): boolean => p99 < P99_LIMIT_MS && refused === 0

const row = (name: string, { perSecond, p50, p99, refused }: Measured): BenchRow => ({
  bench: "ack",
  case: name,
  figure: `${Math.round(perSecond).toLocaleString("en")}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${refused ? `, ${refused} REFUSED` : ""}`,
})

async function measureSlipway(): Promise<{ steady: Measured; flood: Measured }> {
  const running = await startRunningApp()
  const { github, app, quiet } = running
  try {
    github.createUser(MANAGER)
    github.createOrganization(OWNER, { owners: [MANAGER] })
    const names = Array.from({ length: REPOSITORIES }, (_, i) => `repo-${i}`)
    for (const name of names)
      await github.createRepository({ owner: OWNER, name, by: MANAGER, files: { "README.md": `# ${name}\n` } })
    const url = `${app.url}/api/github/webhooks`
    github.setWebhookUrl(url)
    github.installApp(OWNER)
    for (const name of names) while (github.checkRuns(`${OWNER}/${name}`).length === 0) await delay(50)
    await quiet()
    // What GitHub itself says of each repository and its head, taken from the check run that Slipway has made there.
    const sources = github.deliveries
      .filter((each) => each.event === "check_run")
      .map((each) => each.payload as unknown as Source)
    const known = [...new Map(sources.map((source) => [source.repository.name, source])).values()]
    const measured = await measure({ url, payloads: payloads(known) })
    await quiet()
    return measured
  } finally {
    await running.close()
  }
}

async function measure(of: Pick<Load, "url" | "payloads">): Promise<{ steady: Measured; flood: Measured }> {
  const fixed = { ...of, secret: SECRET, seconds: SECONDS }
  await load({ ...fixed, seconds: 1, pace: { is: "steady", perSecond: PER_SECOND } }) // warm up
  const steady = await load({ ...fixed, pace: { is: "steady", perSecond: PER_SECOND } })
  const flood = await load({ ...fixed, pace: { is: "flood", atOnce: AT_ONCE } })
  return { steady, flood }
}

/** The sender is a process of its own: what it waits for must not wait for it. */
export async function load(order: Load): Promise<Measured> {
  const child = fork(fileURLToPath(new URL("ack-load.ts", import.meta.url)), { execArgv: [] })
  const measured = message<Measured>(child)
  child.send(order)
  return await measured
}

async function startBare(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(new URL("ack-bare.ts", import.meta.url)), {
    execArgv: [],
    env: { ...process.env, SECRET },
  })
  return { child, url: await message<string>(child) }
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  await gone
}

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once("message", (said) => resolve(said as T))
    child.once("exit", (code) => reject(new Error(`a process of the benchmark ended with ${code}`)))
  })

export interface Source {
  readonly repository: { readonly name: string }
  readonly installation: unknown
  readonly check_run: { readonly head_sha: string }
}

/** GitHub's own example, about 11 kB, made to speak of our repositories. */
export function payloads(sources: readonly Source[]): readonly string[] {
  const families: readonly { name: string; examples: readonly Example[] }[] = createRequire(import.meta.url)(
    "@octokit/webhooks-examples",
  )
  const example = families.find(({ name }) => name === "check_run")?.examples[0]
  if (!example) throw new Error("@octokit/webhooks-examples holds no check_run any more")
  if (sources.length === 0) return [JSON.stringify({ ...example, action: "completed" })]
  return sources.map(({ repository, installation, check_run: { head_sha } }, i) => {
    const check_run = { ...example.check_run, id: 10_000 + i, name: "ci", head_sha }
    return JSON.stringify({ ...example, action: "completed", repository, installation, check_run })
  })
}

interface Example {
  readonly check_run: { readonly [field: string]: unknown }
}

if (import.meta.filename === process.argv[1]) console.table(await run())
