import type { Theatre } from "./theatre.ts"

const REPO = "acme/shop"
const READINESS = "Slipway / readiness"
const IMPACT = "Slipway / impact"

const CONFIG = `approvals: { required: 1 }
environments:
  staging: {}
  production: {}
`
const PLAN = `release: { name: Spring release }
features:
  - { id: PAY-1, name: Pay by invoice, status: ready }
testing:
  unit_tests: { check: "unit" }
  required: [unit_tests]
rollback_plan: { estimated_time: 15 minutes, procedure: docs/rollback.md, responsible: "@ana" }
`
const WORKFLOW = "on: [push]\njobs: { unit: { runs-on: ubuntu-latest, steps: [] } }\n"

/**
 * The main job, from the installation to the post-mortem. People act as soon as they see what they wait for, and at the
 * end nothing is left to do. @throws if what they wait for does not come
 */
export async function playStory(theatre: Theatre): Promise<void> {
  const { github, app, until, quiet } = theatre
  await seed(theatre)
  app.start()
  await until("a first page", () => github.latestCheck(REPO, READINESS) !== undefined)

  await merge(theatre, "ben", "feat: pay by invoice")
  const first = await merge(theatre, "cleo", "fix: round half up")
  await release(theatre, first, "cleo")
  await deploy(theatre, first, "production", "success")

  const second = await merge(theatre, "ben", "feat: search faster")
  await release(theatre, second, "ana")
  await deploy(theatre, second, "production", "failure")
  await press(theatre, "rollback:production", "cleo", second, "Slipway / production")
  const asked = () => github.world()[REPO]?.deployments.find(({ task }) => task === "rollback")
  await until("a deployment that rolls back", () => asked() !== undefined)
  await github.setDeploymentStatus({ repo: REPO, deploymentId: asked()?.id ?? 0, state: "success", by: "ana" })
  await until("a post-mortem", () => (github.world()[REPO]?.issues.length ?? 0) > 0)
  await quiet()
}

/** acme/shop, owned by ana, with three who may write, a plan, a workflow, the App and a channel. */
export async function seed({ github, slack }: Theatre, config = CONFIG, plan = PLAN): Promise<void> {
  for (const login of ["ana", "ben", "cleo", "dora"]) github.createUser(login)
  github.createOrganization("acme", { owners: ["ana"], members: ["ben", "cleo", "dora"] })
  await github.createRepository({
    owner: "acme",
    name: "shop",
    by: "ana",
    files: {
      "docs/rollback.md": "Go back.\n",
      ".github/slipway.yml": config,
      "release-plan.yml": plan,
      ".github/workflows/ci.yml": WORKFLOW,
    },
  })
  for (const login of ["ben", "cleo", "dora"]) github.addCollaborator(REPO, login, "write")
  await slack.createChannel("releases")
  github.installApp("acme")
}

export async function merge({ github, until }: Theatre, by: string, title: string): Promise<string> {
  const files = { [`src/${title.replace(/\W+/g, "-")}.txt`]: `${title}\n` }
  const commits = [{ message: title, files, author: by }]
  const { number } = await github.openPullRequest({ repo: REPO, by, title, commits })
  // What is heard only once it is merged is not said any more: a story in which it is merged at once has two ends.
  await until(`the impact of #${number}`, () =>
    github.checkRuns(REPO, { name: IMPACT }).some(({ externalId }) => externalId === `slipway:impact:${number}`),
  )
  const { sha } = await github.mergePullRequest({ repo: REPO, number, by: "ana", method: "squash" })
  // With the way to its thread: the next merge takes the page's head away, and what it says then stays for ever.
  const isDrafted = () =>
    github.checkRuns(REPO, { sha, name: READINESS })[0]?.summary?.includes("[one thread](") === true &&
    github.world()[REPO]?.releases.some(({ draft, body }) => draft && body?.includes(`(#${number})`)) === true
  await until(`#${number} drafted`, isDrafted)
  return sha
}

/** Somebody publishes the draft past every gate, and Slipway, which is to do so, takes it back. */
export async function playTakenBack(theatre: Theatre): Promise<void> {
  const { github, app, until, quiet } = theatre
  await seed(theatre, `${CONFIG}onBypass: revert\n`)
  app.start()
  await until("a first page", () => github.latestCheck(REPO, READINESS) !== undefined)
  await merge(theatre, "ben", "feat: pay by invoice")
  const draft = () => github.world()[REPO]?.releases.find(({ tagName }) => tagName === "v0.1.0")
  await github.publishRelease({ repo: REPO, releaseId: draft()?.id ?? 0, by: "ben" })
  const isBack = () => draft()?.draft === true && Object.keys(github.world()[REPO]?.tags ?? {}).length === 0
  await until("a draft that is one again", isBack)
  await quiet()
}

const GATED = `approvals: { required: 1 }
environments:
  staging: {}
  production: { approvals: { required: 1 } }
`

/**
 * A release that GitHub asks about at one environment, and that stands before another one where nothing asks.
 * @returns its commit, and the run that waited
 */
export async function playLetIn(theatre: Theatre): Promise<{ readonly sha: string; readonly run: number }> {
  const { github, app, until, quiet } = theatre
  await seed(theatre, GATED)
  github.protect(REPO, "staging")
  app.start()
  await until("a first page", () => github.latestCheck(REPO, READINESS) !== undefined)
  const sha = await merge(theatre, "ben", "feat: pay by invoice")
  await release(theatre, sha, "cleo")
  const page = () => github.checkRuns(REPO, { sha, name: "Slipway / production" })[0]
  await until("a verdict that waits", () => page()?.conclusion === "action_required")
  const run = github.startDeploying({ repo: REPO, by: "ana", ref: "v0.1.0", environment: "staging" })
  await until("an answer to GitHub", () => github.answersOf(REPO, run)[0]?.verdict !== undefined)
  await press({ github }, "approve", "dora", sha, "Slipway / production")
  await until("a verdict that lets it in", () => page()?.conclusion === "success")
  await quiet()
  return { sha, run }
}

/**
 * A release that goes well, which refs and e-mails tell, and one that does not: the flag for it cannot be switched off, and
 * its changes are taken back.
 * @param url of who switches flags
 * @returns the commit of the one that went well
 */
export async function playWayBack(theatre: Theatre, url: string): Promise<string> {
  const { github, app, until, quiet } = theatre
  const levels = `[{ flag: { name: invoices, url: "${url}/flags/invoices", body: "off" } }, configuration]`
  const config = `approvals: { required: 1 }
environments: { production: { good: { ref: true }, rollback: { levels: ${levels}, within: 3h } } }
`
  await seed(theatre, config, `${PLAN}stakeholders: { sponsor: kim@acme.example }\n`)
  app.start()
  await until("a first page", () => github.latestCheck(REPO, READINESS) !== undefined)
  const first = await merge(theatre, "ben", "feat: pay by invoice")
  await release(theatre, first, "cleo")
  await deploy(theatre, first, "production", "success")
  await quiet()
  const second = await merge(theatre, "ben", "feat: search faster")
  await release(theatre, second, "ana")
  await deploy(theatre, second, "production", "failure")
  await press(theatre, "rollback:production", "cleo", second, "Slipway / production")
  await until("a branch that takes it back", () => isTakenBack(github.world()[REPO]?.branches))
  await quiet()
  return first
}

async function release({ github, until }: Theatre, sha: string, publisher: string): Promise<void> {
  await github.reportCheck({ repo: REPO, sha, name: "unit", status: "completed", conclusion: "success" })
  const page = () => github.checkRuns(REPO, { sha, name: READINESS })[0]
  await until("passed checks", () => page()?.summary?.includes("| checks | ✅ passed |") === true)
  await press({ github }, "approve", "dora", sha)
  await until("a way to publish", () => page()?.actions.some(({ identifier }) => identifier === "publish") === true)
  await press({ github }, "publish", publisher, sha)
  await until("a published release", () => page()?.title?.endsWith("is published") === true)
}

async function press(
  { github }: Pick<Theatre, "github">,
  button: string,
  by: string,
  sha: string,
  name = READINESS,
): Promise<void> {
  const run = github.checkRuns(REPO, { sha, name })[0]
  if (!run) throw new Error(`there is no check ${name} on ${sha} to press ${button} on`)
  await github.click({ repo: REPO, checkRunId: run.id, identifier: button, by })
}

async function deploy(
  { github, until }: Theatre,
  sha: string,
  environment: string,
  state: "success" | "failure",
): Promise<void> {
  const page = () => github.checkRuns(REPO, { sha, name: `Slipway / ${environment}` })[0]
  // Before that it would enter past the gates.
  await until(`a verdict that lets it into ${environment}`, () => page()?.conclusion === "success")
  const deploymentId = await github.createDeployment({ repo: REPO, by: "ana", ref: sha, environment })
  await github.setDeploymentStatus({ repo: REPO, deploymentId, state, by: "ana" })
  const isTold = () => page()?.conclusion === state && /is live|failed/.test(page()?.title ?? "")
  await until(`${environment}: ${state}`, isTold)
}

const isTakenBack = (branches: object = {}): boolean =>
  Object.keys(branches).some((name) => name.startsWith("slipway/rollback/1-"))
