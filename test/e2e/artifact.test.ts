import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { manifestGrants } from "../../demo/peers/github/manifest.ts"
import { type Claims, type Sigstore, startSigstore } from "../peers/sigstore.ts"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What was built is what is deployed, and is vouched for; each test is the next step of one story. */
let stage: Stage
let released: string
let waiting: number
let directory: string
let sigstore: Sigstore & AsyncDisposable

const CONFIG = `impact: false
environments:
  staging: {}
  production:
    after: staging
    artifact: { from: image, attestation: { workflow: .github/workflows/build.yml } }
`
const digest = (hex: string) => `sha256:${hex.repeat(64)}`
const [BUILT, OTHER] = [digest("a"), digest("b")]

beforeAll(async () => {
  sigstore = await startSigstore("private")
  directory = await mkdtemp(join(tmpdir(), "slipway-trusted-"))
  const roots = join(directory, "trusted-root.jsonl")
  await writeFile(roots, sigstore.root)
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": CONFIG },
    env: { SLIPWAY_TRUSTED_ROOT: roots },
    grants: { permissions: { ...manifestGrants().permissions, attestations: "read" } },
    before: async (github) => github.protect("acme/shop", "production"),
  })
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await says(BUILT)
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
})
afterAll(async () => {
  await stage.close()
  await sigstore[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

/** What the build says that it made of the commit. */
async function says(built: string) {
  const status = { context: "image", state: "success", description: `ghcr.io/acme/shop@${built}` }
  await stage.github.setStatus({ repo: stage.repo, sha: released, by: "ben", ...status })
  await stage.quiet()
}
async function deploy(environment: string): Promise<number> {
  const run = stage.github.startDeploying({ repo: stage.repo, by: "ben", ref: "v0.1.0", environment })
  await stage.quiet()
  return run
}
const answerOf = (run: number) => stage.github.answersOf(stage.repo, run)[0]
const page = () => stage.check("Slipway / production", released)

async function attest(more: Partial<Claims> = {}) {
  const id = await stage.github
    .as("ben")
    .rest.repos.get({ owner: "acme", repo: "shop" })
    .then(({ data }) => String(data.id))
  const claims = {
    iss: `${stage.github.url}/_services/token`,
    host: stage.github.url,
    repository: "acme/shop",
    repository_id: id,
    sha: released,
    job_workflow_ref: "acme/shop/.github/workflows/build.yml@refs/heads/main",
    ...more,
  }
  stage.github.attest(stage.repo, BUILT, (await sigstore.attest(BUILT, claims)) as Record<string, unknown>)
}

test("waits until the very artifact is live in staging, and is attested", async () => {
  waiting = await deploy("production")
  expect(gate(page(), "artifact")).toContain("sha256:aaaaaaaaaaaa, once it is live in staging")
  expect(gate(page(), "attestation")).toContain("was not read yet")
  const staged = await deploy("staging")
  stage.github.endDeploying({ repo: stage.repo, runId: staged, state: "success" })
  await stage.quiet()
  expect(gate(page(), "artifact")).toContain("sha256:aaaaaaaaaaaa, as it is live in staging")
  expect(gate(page(), "attestation")).toContain("sha256:aaaaaaaaaaaa has no attestation")
  expect(answerOf(waiting)?.verdict).toBeUndefined()
})

test("an attestation for another commit does not let it in", async () => {
  await attest({ sha: "f".repeat(40) })
  stage.pass(11 * 60_000)
  await stage.quiet()
  expect(gate(page(), "attestation")).toContain("it was built from fffffff, and not from")
  expect(answerOf(waiting)?.verdict).toBeUndefined()
})

test("an artifact that was built anew is not the one that staging saw", async () => {
  await says(OTHER)
  expect(gate(page(), "artifact")).toContain("deploys sha256:bbbbbbbbbbbb, and sha256:aaaaaaaaaaaa is live in staging")
  await says(BUILT)
})

test("the attestation of the workflow that is named lets it in", async () => {
  await attest()
  stage.pass(11 * 60_000)
  await stage.quiet()
  expect(answerOf(waiting)).toMatchObject({ verdict: "approved" })
})
