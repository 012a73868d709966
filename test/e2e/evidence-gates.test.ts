import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { manifestGrants } from "../../demo/peers/github/manifest.ts"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What an environment asks of others: coverage, and addresses that answer. Each test is the next step of one story. */
let stage: Stage
let staging: Server
let answers: { status: number; body: string }
let asked: string[] = []
let released: string
let run: number

const MINUTE = 60_000

beforeAll(async () => {
  answers = { status: 200, body: "shop 1.0.0" }
  staging = createServer((request, response) => {
    asked.push(request.url ?? "")
    response.writeHead(answers.status).end(answers.body)
  })
  await new Promise<void>((listening) => staging.listen(0, "127.0.0.1", listening))
  const url = `http://127.0.0.1:${(staging.address() as AddressInfo).port}/version`
  stage = await setStage({
    env: { SLIPWAY_PROBE_PRIVATE: "127.0.0.1" },
    files: {
      ".github/slipway.yml": `impact: false
environments:
  production:
    coverage: { at-least: 80, from: codecov/project }
    smoke: [{ url: "${url}", contains: "shop {version}" }]
  lab:
    vulnerabilities: none critical
`,
    },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      for (const environment of ["production", "lab"]) github.protect("acme/shop", environment)
    },
  })
  released = (await stage.merge("ben", "feat: pay by invoice")).sha
  await stage.press("approve", "ana")
  await stage.press("publish", "ana")
})

afterAll(async () => {
  staging.closeAllConnections()
  staging.close()
  await stage.close()
})

const page = () => stage.check("Slipway / production", released)
const answer = () => stage.github.answersOf(stage.repo, run)[0]?.verdict
const covered = async (description: string) => {
  await stage.github.setStatus({
    repo: stage.repo,
    by: "ana",
    sha: released,
    state: "success",
    context: "codecov/project",
    description,
  })
  await stage.quiet()
}

test("it waits for coverage, and asks no address before the rest is passed", async () => {
  run = stage.github.startDeploying({ repo: stage.repo, by: "ben", ref: "v1.1.0", environment: "production" })
  await stage.quiet()
  expect(gate(page(), "coverage")).toContain("waits for a report of coverage named “codecov/project”")
  await covered("79.90% (-5.42%) compared to 1a2b3c4")
  expect(gate(page(), "coverage")).toContain("79.9 %, as codecov/project says; at least 80 % is asked for")
  expect(asked).toEqual([])
})

test("an old version that still answers passes nothing", async () => {
  await covered("85.32% (+0.10%) compared to 1a2b3c4")
  expect(gate(page(), "coverage")).toContain("85.32 %")
  expect(asked).toEqual(["/version"])
  expect(gate(page(), "smoke")).toContain("answered 200 without the text that it has to contain")
  expect(page().conclusion).toBe("failure")
  expect(answer()).toBeUndefined()
})

test("it is asked again by itself, also after a restart, and let in by what it answers then", async () => {
  answers = { status: 200, body: "shop 1.1.0" }
  asked = []
  await stage.restart()
  await stage.later(4 * MINUTE)
  expect([asked, answer()]).toEqual([[], undefined])
  await stage.later(2 * MINUTE)
  await stage.later(2_000)
  expect([asked, answer()]).toEqual([["/version"], "approved"])
  const said = stage.github.answersOf(stage.repo, run)[0]?.comment ?? ""
  expect(said).toContain("smoke")
  expect(said).toContain("coverage")
})

/** A timer asks for it, and the run behind that reads it: no key is woken twice within a second. */
async function readAgain(): Promise<void> {
  await stage.later(6 * MINUTE)
  await stage.later(2_000)
}

test("what GitHub found keeps it out until somebody set it aside, and is read without being asked for twice", async () => {
  const { github, repo } = stage
  const lab = () => stage.check("Slipway / lab", released)
  const waiting = github.startDeploying({ repo, by: "ben", ref: "v1.1.0", environment: "lab" })
  await stage.quiet()
  expect(gate(lab(), "vulnerabilities")).toContain("security_events: read")
  github.setPermissions("acme", {
    ...manifestGrants().permissions,
    security_events: "read",
    vulnerability_alerts: "read",
  })
  const alert = github.raiseAlert({ repo, of: "code-scanning", severity: "critical" })
  github.raiseAlert({ repo, of: "dependabot", severity: "high" })
  github.analyse({ repo, sha: released })
  await readAgain()
  expect(gate(lab(), "vulnerabilities")).toContain("CodeQL found 1 critical")
  expect(lab().conclusion).toBe("failure")
  github.endAlert({ repo, number: alert, state: "dismissed" })
  github.resetRequests()
  await readAgain()
  expect(github.answersOf(repo, waiting)[0]).toMatchObject({ verdict: "approved" })
  expect(gate(lab(), "vulnerabilities")).toContain("1 dismissed alert not counted")
  expect(github.requests.length).toBeLessThan(30)
})
