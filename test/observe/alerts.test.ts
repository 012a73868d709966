import pino from "pino"
import { Probot } from "probot"
import { afterEach, beforeEach, expect, test } from "vitest"
import { manifestGrants } from "../../demo/peers/github/manifest.ts"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type Alerts, noAlerts } from "../../src/model/alerts.ts"
import type { Repository } from "../../src/model/repository.ts"
import { type AlertsAsked, readAlerts } from "../../src/observe/alerts.ts"
import { createReader } from "../../src/observe/reader.ts"
import { createGitHub } from "../../src/peers/github.ts"
import { slipwayOctokit } from "../../src/peers/github-octokit.ts"

const SHOP = "acme/shop"
let github: GitHubPeer
let repo: Repository
let now: Date
let sha: string
let alerts: (more?: Partial<AlertsAsked>) => Promise<Alerts>

const PERMISSIONS = { security_events: "read", vulnerability_alerts: "read" }

beforeEach(async () => {
  now = new Date("2026-11-02T09:00:00.000Z")
  github = await startGitHub({ webhookSecret: "secret", now: () => now })
  github.createUser("lea")
  github.createOrganization("acme", { owners: ["lea"] })
  const row = await github.createRepository({ owner: "acme", name: "shop", files: { "a.js": "1" }, by: "lea" })
  const installation = String(github.installApp("acme"))
  grant({ ...manifestGrants().permissions, ...PERMISSIONS })
  const probot = new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKeyPem,
    secret: "secret",
    baseUrl: github.url,
    Octokit: slipwayOctokit({ version: "0.0.0", requestTimeoutMs: 5_000 }),
    log: pino({ level: "silent" }),
  })
  repo = { id: String(row.id), owner: "acme", name: "shop", defaultBranch: "main", private: false, installation }
  sha = await push()
  const client = await createGitHub(probot).for(repo)
  alerts = async (more = {}) => {
    const reader = createReader(client, repo, new AbortController().signal)
    const asked: AlertsAsked = {
      sha,
      branch: "main",
      cut: now.toISOString(),
      "code-scanning": true,
      dependabot: "high",
      ...more,
    }
    const { alerts: read } = await readAlerts(reader, [asked], now)
    const found = read?.[sha]
    if (!found) throw new Error("nothing was read")
    return found
  }
})

afterEach(async () => {
  const { problems } = github
  await github.close()
  expect(problems).toEqual([])
})

const grant = (permissions: Record<string, string>) => github.setPermissions("acme", permissions)
const pass = (minutes = 1) => {
  now = new Date(now.getTime() + minutes * 60_000)
}
let pushes = 0
async function push(): Promise<string> {
  pass()
  pushes += 1
  return github.pushCommit({
    repo: SHOP,
    branch: "main",
    by: "lea",
    message: "fix: a",
    files: { "a.js": `${pushes}x` },
  })
}
const analyse = (more: Partial<Parameters<GitHubPeer["analyse"]>[0]> = {}) => {
  pass()
  github.analyse({ repo: SHOP, sha, ...more })
}
const raise = (of: "code-scanning" | "dependabot", severity: "medium" | "high" | "critical") =>
  github.raiseAlert({ repo: SHOP, of, severity })
const end = (number: number, state: "fixed" | "dismissed") => {
  pass()
  github.endAlert({ repo: SHOP, number, state })
}

test("nothing was found in a commit that was analysed", async () => {
  analyse()
  expect(await alerts()).toEqual({
    at: now.toISOString(),
    "code-scanning": {
      is: "read",
      by: "CodeQL",
      open: noAlerts,
      fixedSince: noAlerts,
      dismissed: noAlerts,
      more: false,
    },
    dependabot: {
      is: "read",
      by: "Dependabot",
      open: noAlerts,
      fixedSince: noAlerts,
      dismissed: noAlerts,
      more: false,
    },
  })
})

test("what is open and what was dismissed is counted by severity, and only what is asked for is read", async () => {
  analyse()
  raise("code-scanning", "critical")
  raise("code-scanning", "medium")
  raise("dependabot", "high")
  raise("dependabot", "medium")
  end(raise("dependabot", "critical"), "dismissed")
  const { "code-scanning": scanning, dependabot } = await alerts()
  expect(scanning).toMatchObject({ open: { critical: 1, high: 0, medium: 1, low: 0 } })
  expect(dependabot).toMatchObject({
    open: { critical: 0, high: 1, medium: 0, low: 0 },
    dismissed: { critical: 1 },
  })
  github.resetRequests()
  await alerts({ "code-scanning": false })
  expect(github.requests.map(({ operationId }) => operationId)).not.toContain("code-scanning/list-alerts-for-repo")
})

test("what the commit itself fixed is not in it, and what a later one fixed is", async () => {
  const [before, later] = [raise("code-scanning", "high"), raise("code-scanning", "critical")]
  const [update, afterwards] = [raise("dependabot", "high"), raise("dependabot", "critical")]
  analyse()
  end(before, "fixed")
  end(update, "fixed")
  expect(await alerts()).toMatchObject({
    "code-scanning": { fixedSince: noAlerts, open: { critical: 1 } },
    dependabot: { fixedSince: noAlerts, open: { critical: 1 } },
  })
  const next = await push()
  analyse({ sha: next })
  end(later, "fixed")
  end(afterwards, "fixed")
  expect(await alerts()).toMatchObject({
    "code-scanning": { open: noAlerts, fixedSince: { ...noAlerts, critical: 1 } },
    dependabot: { open: noAlerts, fixedSince: { ...noAlerts, critical: 1 } },
  })
})

test("the analysis of another commit says nothing of this one", async () => {
  const next = await push()
  analyse({ sha: next })
  expect((await alerts())["code-scanning"]).toEqual({
    is: "waits",
    because: `code scanning has not analysed ${sha.slice(0, 7)} on main`,
  })
})

test("a tool that failed on the commit leaves it unknown, until it is run again", async () => {
  analyse()
  analyse({ category: "/language:go", error: "could not be built" })
  expect((await alerts())["code-scanning"]).toMatchObject({
    is: "unknown",
    because: expect.stringContaining("CodeQL could not analyse"),
  })
  analyse({ category: "/language:go" })
  expect((await alerts())["code-scanning"]).toMatchObject({ is: "read", by: "CodeQL" })
})

test("more than a page of alerts are said to be more", async () => {
  analyse()
  for (let count = 0; count < 101; count++) raise("dependabot", "high")
  expect((await alerts()).dependabot).toMatchObject({ open: { high: 100 }, more: true })
})

test("what the App may not see, and what is switched off, is unknown with the way out", async () => {
  grant(manifestGrants().permissions)
  const refused = await alerts()
  expect(refused["code-scanning"]).toMatchObject({
    is: "unknown",
    because: expect.stringContaining("security_events: read"),
  })
  expect(refused.dependabot).toMatchObject({
    is: "unknown",
    because: expect.stringContaining("vulnerability_alerts: read"),
  })
  grant({ ...manifestGrants().permissions, ...PERMISSIONS })
  github.switchDependabot(SHOP, false)
  const off = await alerts()
  expect(off["code-scanning"]).toMatchObject({ is: "unknown", because: expect.stringContaining("no analysis found") })
  expect(off.dependabot).toMatchObject({ is: "unknown", because: expect.stringContaining("are disabled") })
})

test("a release of another branch is none that Dependabot looks at", async () => {
  expect((await alerts({ branch: "1.x" })).dependabot).toMatchObject({
    is: "unknown",
    because: expect.stringContaining("Dependabot looks at main alone"),
  })
})
