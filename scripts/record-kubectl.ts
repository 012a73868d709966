/**
 * Records what a real kubectl makes of the Deployments in `test/support/kubectl/manifests.ts` against the fake API server:
 * the patch that it sends, or what it says where it sends none. Tests compare with `test/support/kubectl/recorded.json`.
 *
 * Run `node scripts/record-kubectl.ts [KUBECTL]` after changing a manifest, with the one of Debian's `kubernetes-client`
 * (1.20.2), so that what is recorded is the same everywhere.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { startKubernetes } from "../demo/peers/kubernetes.ts"
import { ANSWERED, BARE, PATCHED, UNKNOWN } from "../test/support/kubectl/manifests.ts"

const TARGET = join(import.meta.dirname, "../test/support/kubectl/recorded.json")
const [kubectl = "kubectl"] = process.argv.slice(2)
const run = promisify(execFile)
const home = mkdtempSync(join(tmpdir(), "kubectl-"))
const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, "none") }

async function record(name: string): Promise<object> {
  const manifest = { ...PATCHED, ...UNKNOWN, ...BARE, ...ANSWERED }[name]
  if (!manifest) throw new Error(`there is no manifest ${name}`)
  const peer = await startKubernetes()
  peer.place(manifest.deployment, manifest.sets)
  const args = ["--server", peer.url, "--namespace", "prod", "rollout", "undo", "deployment/shop"]
  const said = await run(kubectl, args, { env, timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr?: string }) =>
      (error.stderr ?? String(error)).split("\n").find((line) => line.startsWith("error: ")) ?? "",
  )
  const patches = peer.asked.filter(({ method }) => method === "PATCH").map(({ type, body }) => ({ type, body }))
  await peer.close()
  return { said, patches }
}

const names = Object.keys({ ...PATCHED, ...UNKNOWN, ...BARE, ...ANSWERED })
const answers: { [name: string]: object } = {}
try {
  const { stdout } = await run(kubectl, ["version", "--client", "-o", "json"], { env })
  const { gitVersion } = (JSON.parse(stdout) as { clientVersion: { gitVersion: string } }).clientVersion
  for (const name of names) answers[name] = await record(name)
  writeFileSync(TARGET, `${JSON.stringify({ kubectl: gitVersion, answers }, null, 2)}\n`)
  console.log(`recorded ${names.length} Deployments with kubectl ${gitVersion}`)
} finally {
  rmSync(home, { recursive: true, force: true })
}
