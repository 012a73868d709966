import type { SeenCheckRun } from "../peers/github/world.ts"
import { MANAGER, ON_CALL } from "./people.ts"
import { check, isPublished, type Place, press, runUrl, waitForCheck, waitForDraft, world } from "./place.ts"
import { merge, type Proposed, propose } from "./propose.ts"
import { type Step, StepFailed, until } from "./teller.ts"

/** What the third act leaves behind, for showing: its pages as they were. */
export type ToldOfGates = Readonly<Record<GateMoment, SeenCheckRun>>

export type GateMoment = "weakened" | "reviewed" | "waits" | "hotfix" | "bypassed" | "frozen"

/** What the repository of the third act begins with. */
const CONFIG = `# yaml-language-server: $schema=../schemas/slipway.schema.json
version: { other: patch }
approvals: { required: 1 }
risk: { low: [{ paths: ["docs/**"] }] }
onBypass: revert
environments:
  staging: {}
  production:
    after: staging
    approvals: { required: 1, from: ["@acme/on-call"] }
hotfix:
  branches: ["hotfix/*"]
  environments: { production: { approvals: { required: 1 } } }
`
export const FILES = { ".github/slipway.yml": CONFIG, "README.md": "# Gates\n", "docs/rollback.md": "Go back.\n" }
export const TAGS: readonly string[] = ["v1.0.0"]

/** @param by who writes what is released. @throws StepFailed where something does not hold */
export async function playGates(place: Place, by: string, step: Step): Promise<ToldOfGates> {
  const { shows: weakened } = await step("A pull request takes a gate away", () => weaken(place, by))
  const { shows: reviewed, sha } = await step("A change of low risk", () => lowRisk(place, by))
  const { shows: waits } = await step("Deployments wait at their environments", () => promote(place, sha))
  const { shows: hotfix } = await step("A hotfix", () => fixWhatIsLive(place, by, sha))
  const { shows: bypassed } = await step("Somebody goes round it", () => goRound(place, by))
  await step("A commit that is no release", () => refuse(place, by))
  const { shows: frozen } = await step("A code freeze", () => freeze(place, by))
  return { weakened, reviewed, waits, hotfix, bypassed, frozen }
}

/** Its reviewers are shown what is lowered; it stays a proposal. */
async function weaken(place: Place, by: string) {
  const files = { ".github/slipway.yml": CONFIG.replace(/ {4}approvals: .*\n/, "") }
  const { number, headSha } = await propose(place, { title: "chore: tidy up the configuration", by, files })
  const isSaid = ({ summary }: SeenCheckRun) => /removes/.test(summary ?? "")
  const run = await waitForCheck(place, headSha, "a gate that is taken away", isSaid, "Slipway / plan")
  return {
    what: `“${run.title}”, says Slipway / plan on #${number}`,
    url: runUrl(place, run),
    anchor: "gate-weakened",
    shows: run,
  }
}

/** Somebody else's review of the pull request is enough; nobody has to approve the release. */
async function lowRisk(place: Place, by: string) {
  const { repo, github } = place
  const pull = await propose(place, {
    title: "docs: say how to pay",
    by,
    files: { "docs/paying.md": "Pay by card.\n" },
  })
  await github.reviewPullRequest({ repo, number: pull.number, by: ON_CALL, event: "APPROVE" })
  const sha = await merge(place, pull)
  await waitForDraft(place, "a draft of it", ({ tagName }) => tagName === "v1.0.1")
  await waitForCheck(place, sha, "drafted", isOffered)
  const isReady = ({ conclusion }: SeenCheckRun) => conclusion === "success"
  const shown = await press(place, { sha }, "approve", by, "ready by its review", isReady)
  await press(place, { sha }, "publish", MANAGER, "published", isPublished)
  return {
    what: `${ON_CALL} reviewed #${pull.number}, which touches nothing but docs/: “${shown.title}” without another approval, and published`,
    url: runUrl(place, shown),
    anchor: "gate-reviewed",
    shows: shown,
    sha,
  }
}

const isOffered = ({ actions }: SeenCheckRun) => actions.some(({ identifier }) => identifier === "approve")

async function promote(place: Place, sha: string) {
  const { repo, github } = place
  for (const environment of ["staging", "production"]) github.protect(repo, environment)
  const start = (environment: string) => github.startDeploying({ repo, by: MANAGER, ref: "v1.0.1", environment })
  const production = start("production")
  const waits = ({ summary }: SeenCheckRun) => /nothing is known to be live in staging/.test(summary ?? "")
  await waitForCheck(place, sha, "waiting for staging", waits, PRODUCTION)
  const staging = start("staging")
  await answered(place, staging, "approved")
  github.endDeploying({ repo, runId: staging, state: "success" })
  const forPeople = ({ summary }: SeenCheckRun) => /after \| ✅/.test(summary ?? "")
  const shown = await waitForCheck(place, sha, "waiting for people", forPeople, PRODUCTION)
  const button = check(place, sha, PRODUCTION)
  if (!button) throw new StepFailed("production has no page")
  await github.click({ repo, checkRunId: button.id, identifier: "approve", by: ON_CALL })
  await answered(place, production, "approved")
  github.endDeploying({ repo, runId: production, state: "success" })
  await waitForCheck(place, sha, "live", ({ title }) => / is live/.test(title ?? ""), PRODUCTION)
  return {
    what: `staging is let in at once; production waits for staging, then for @acme/on-call: ${ON_CALL} approves on its check, and GitHub starts the job`,
    url: runUrl(place, shown),
    anchor: "gate-waits",
    shows: shown,
  }
}

const PRODUCTION = "Slipway / production"

/** Made from what is live, it enters production by its own gates, not by way of staging; then it comes back to main. */
async function fixWhatIsLive(place: Place, by: string, live: string) {
  const { repo, github } = place
  const base = "hotfix/rounding"
  await github.pushForce({ repo, by: MANAGER, branch: base, to: live })
  const sha = await merge(place, await propose(place, { title: "fix: round half up", by, base }))
  await waitForDraft(place, "a draft of the hotfix", ({ tagName }) => tagName === "v1.0.2")
  await waitForCheck(place, sha, "drafted", isOffered)
  const isReady = ({ conclusion }: SeenCheckRun) => conclusion === "success"
  await press(place, { sha }, "approve", MANAGER, "ready", isReady)
  await press(place, { sha }, "publish", MANAGER, "published", isPublished)
  const run = github.startDeploying({ repo, by: MANAGER, ref: "v1.0.2", environment: "production" })
  const isAsked = ({ summary }: SeenCheckRun) => /hotfix \| ✅/.test(summary ?? "")
  const shown = await waitForCheck(place, sha, "waiting for one person", isAsked, PRODUCTION)
  await github.click({ repo, checkRunId: shown.id, identifier: "approve", by: ON_CALL })
  await answered(place, run, "approved")
  github.endDeploying({ repo, runId: run, state: "success" })
  const back = await until(
    "a pull request back to main",
    () => Object.keys(world(place).branches).find((name) => name === "slipway/back/v1.0.2"),
    () => world(place).branches,
  )
  return {
    what: `v1.0.2, made from v1.0.1, which is live, enters production without staging, as the configuration declared; ${back} brings it to main`,
    url: runUrl(place, shown),
    anchor: "gate-hotfix",
    shows: shown,
  }
}

async function answered({ repo, github }: Place, run: number, verdict: "approved" | "rejected"): Promise<string> {
  const answer = await until(
    `run ${run} to be ${verdict}`,
    () => github.answersOf(repo, run).find((one) => one.verdict === verdict),
    () => github.answersOf(repo, run),
  )
  return answer.comment ?? ""
}

async function refuse(place: Place, by: string) {
  const { repo, github } = place
  const sha = world(place).branches.main ?? ""
  const said = await answered(
    place,
    github.startDeploying({ repo, by, ref: "main", environment: "production" }),
    "rejected",
  )
  return { what: `${sha.slice(0, 7)} asks to enter production, and is turned away: “${plainly(said)}”` }
}

/** The first sentence of a comment, as a person reads it. */
const plainly = (markdown: string): string =>
  (markdown.split("\n").find((line) => line.includes("not published")) ?? "").replaceAll(/[\\*`]/g, "").trim()

async function goRound(place: Place, by: string) {
  const { repo, github } = place
  await merge(place, await propose(place, { title: "feat: a back door", by }))
  const draft = await waitForDraft(place, "the draft", ({ tagName }) => tagName === "v1.1.0")
  await github.publishRelease({ repo, releaseId: draft.id, by })
  const back = await waitForDraft(place, "a draft again", ({ tagName }) => tagName === "v1.1.0")
  await until(
    "the tag to be gone",
    () => (Object.hasOwn(world(place).tags, "v1.1.0") ? undefined : true),
    () => world(place).tags,
  )
  const head = world(place).branches.main ?? ""
  const isTold = ({ summary }: SeenCheckRun) => /published by hand/.test(summary ?? "")
  const run = await waitForCheck(place, head, "the way round", isTold)
  return {
    what: `${by} publishes the draft of ${back.tagName} by hand: it is a draft again, its tag is gone, and the check says who it was`,
    url: runUrl(place, run),
    anchor: "gate-bypassed",
    shows: run,
  }
}

const planOf = (freeze: Date): string => `release: { name: Spring }
timeline: { code_freeze: "${freeze.toISOString()}" }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
`

async function freeze(place: Place, by: string) {
  const open = await propose(place, { title: "feat: not in time", by })
  const files = { "release-plan.yml": planOf(new Date(Date.now() - 1_000)) }
  await merge(place, await propose(place, { title: "chore: plan the release", by, files }))
  const isRed = ({ conclusion }: SeenCheckRun) => conclusion === "failure"
  const run = await waitForCheck(place, open.headSha, "frozen", isRed, "Slipway / freeze")
  const fix = await labelled(place, by)
  const isGreen = ({ conclusion }: SeenCheckRun) => conclusion === "success"
  await waitForCheck(place, fix.headSha, "let through", isGreen, "Slipway / freeze")
  return {
    what: `“${run.title}” on #${open.number}; #${fix.number}, with the label hotfix, may be merged`,
    url: runUrl(place, run),
    anchor: "gate-frozen",
    shows: run,
  }
}

async function labelled({ github, repo }: Place, by: string): Promise<Proposed> {
  const title = "fix: what cannot wait"
  const commits = [{ message: title, author: by, files: { "fix.txt": "fixed\n" } }]
  const { number } = await github.openPullRequest({ repo, by, title, labels: ["hotfix"], commits })
  // Its label is told with the next push.
  const more = [{ message: "test: what cannot wait", author: by, files: { "fix.test.txt": "fixed\n" } }]
  return { number, headSha: await github.pushToPullRequest({ repo, number, by, commits: more }) }
}
