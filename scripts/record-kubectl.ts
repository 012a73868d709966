/**
 * Records what a real kubectl makes of the Deployments in `test/support/kubectl/manifests.ts` against the fake API server:
 * the patch that it sends, or what it says where it sends none; and what it says of how far a rollout is. Tests compare with `test/support/kubectl/recorded.json`.
 *
 * Run `node scripts/record-kubectl.ts [KUBECTL]` after changing a manifest, with the one of Debian's `kubernetes-client`
 * (1.20.2), so that what is recorded is the same everywhere.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import type { Workload } from "../demo/peers/kubernetes/namespace.ts"
import { startKubernetes } from "../demo/peers/kubernetes.ts"
import { ANSWERED, BARE, OTHERWISE, ofStatus, PATCHED, STATUSES, UNKNOWN } from "../test/support/kubectl/manifests.ts"

const TARGET = join(import.meta.dirname, "../test/support/kubectl/recorded.json")
const [kubectl = "kubectl"] = process.argv.slice(2)
const run = promisify(execFile)
const home = mkdtempSync(join(tmpdir(), "kubectl-"))
const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, "none") }

/** What it says, or why it does not, and what it sent. */
async function ask(deployment: Workload, sets: readonly Workload[], ...args: readonly string[]) {
  const peer = await startKubernetes()
  peer.place(deployment, sets)
  const all = ["--server", peer.url, "--namespace", "prod", "rollout", ...args]
  const said = await run(kubectl, all, { env, timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr?: string }) =>
      (error.stderr ?? String(error)).split("\n").find((line) => line.startsWith("error: ")) ?? "",
  )
  const patches = peer.asked.filter(({ method }) => method === "PATCH").map(({ type, body }) => ({ type, body }))
  await peer.close()
  return { said, patches }
}

const answers: { [name: string]: object } = {}
const statuses: { [name: string]: string } = {}
try {
  const { stdout } = await run(kubectl, ["version", "--client", "-o", "json"], { env })
  const { gitVersion } = (JSON.parse(stdout) as { clientVersion: { gitVersion: string } }).clientVersion
  for (const [name, { deployment, sets }] of Object.entries({ ...PATCHED, ...UNKNOWN, ...BARE, ...ANSWERED }))
    answers[name] = await ask(deployment, sets, "undo", "deployment/shop")
  for (const [name, status] of Object.entries({ ...STATUSES, ...OTHERWISE }))
    statuses[name] = (await ask(ofStatus(status), [], "status", "deployment/shop", "--watch=false")).said
  writeFileSync(TARGET, `${JSON.stringify({ kubectl: gitVersion, answers, statuses }, null, 2)}\n`)
  console.log(`recorded ${Object.keys({ ...answers, ...statuses }).length} Deployments with kubectl ${gitVersion}`)
} finally {
  rmSync(home, { recursive: true, force: true })
}
