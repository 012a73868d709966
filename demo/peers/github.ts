/**
 * A stateful GitHub for the demo and the tests: the `emulate` package's, behind a front that adds what the package
 * lacks, corrects what it gets wrong, sends webhooks as GitHub does, and holds every request and answer against
 * GitHub's own API description.
 */
import { generateKeyPair } from "node:crypto"
import { promisify } from "node:util"
import { Octokit } from "@octokit/rest"
import { personToken } from "./github/callers.ts"
import { useClock } from "./github/clock.ts"
import { Deliveries, type Delivery } from "./github/deliveries.ts"
import { startEmulator } from "./github/emulator.ts"
import { checkRunsOf } from "./github/endpoints/checks.ts"
import { manifestGrants } from "./github/manifest.ts"
import * as accounts from "./github/people/accounts.ts"
import type { Stage } from "./github/people/act.ts"
import * as actions from "./github/people/actions.ts"
import * as alerts from "./github/people/alerts.ts"
import * as code from "./github/people/code.ts"
import * as deployments from "./github/people/deployments.ts"
import * as evidence from "./github/people/evidence.ts"
import * as installations from "./github/people/installations.ts"
import * as issues from "./github/people/issues.ts"
import * as protection from "./github/people/protection.ts"
import * as releases from "./github/people/releases.ts"
import * as repositories from "./github/people/repositories.ts"
import * as settings from "./github/people/settings.ts"
import type { AppRow } from "./github/rows.ts"
import { ApiServer, type Intercept, wholeSeconds } from "./github/serve.ts"
import { extraOf, type GitHubState, insertUser, repositoryOf, userOf } from "./github/state.ts"
import { payloadProblems } from "./github/validate.ts"
import { type SeenCheckRun, seenCheckRun, seenWorld } from "./github/world.ts"
import { startFront, type Website } from "./http-front.ts"

export type GitHubPeer = Awaited<ReturnType<typeof startGitHub>>

/** How a fake GitHub is to be started. */
export type GitHubOptions = {
  webhookSecret: string
  /** False: neither requests nor answers are held against GitHub's description. */
  validate?: boolean
  /** The clock of everything that GitHub stamps. */
  now?: () => Date
  /** Login of the organisation that owns the App. */
  appOwner?: string
}

const APP_ID = 41_417
let key: Promise<string> | undefined

/** Starts a fake GitHub on a free port. As many as wanted may run side by side. */
export async function startGitHub(options: GitHubOptions) {
  let server: ApiServer | undefined
  let website: Website | undefined
  const problems: string[] = []
  const front = await startFront(
    (request) => (server as ApiServer).handle(request),
    (error) => problems.push(`the front failed: ${error instanceof Error ? error.stack : String(error)}`),
    () => website,
  )
  const deliveries = new Deliveries(options.webhookSecret, APP_ID, options.now ?? (() => new Date()))
  const validate = options.validate ?? true
  const state = await build(options, front.origin, deliveries, (event, payload) => {
    const sent = wholeSeconds(payload)
    if (validate) problems.push(...payloadProblems(event, sent))
    deliveries.deliver(event, sent)
  })
  server = new ApiServer(state, validate, problems)
  const stage: Stage = { state, server }
  return {
    url: front.origin,
    app: { id: String(APP_ID), slug: state.app.row.slug, privateKeyPem: state.app.row.private_key },
    /** What was wrong by GitHub's description, with requests of the app, answers and webhooks; tests expect none. */
    problems,
    /** Draws pages at the addresses that GitHub's own `html_url` name; without one they are not found. */
    setWebsite(site: Website): void {
      website = site
    },
    async close(): Promise<void> {
      deliveries.pause()
      await deliveries.settled()
      await front.close()
      await state.emulator.close()
    },
    ...webhooksOf(deliveries),
    ...faultsOf(server),
    ...seedsOf(state),
    ...peopleOf(stage),
    ...viewsOf(state),
  }
}

async function build(
  options: GitHubOptions,
  url: string,
  deliveries: Deliveries,
  deliver: (event: string, payload: Record<string, unknown>) => void,
): Promise<GitHubState> {
  key ??= promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).then((pair) => pair.privateKey)
  const seed = { app_id: APP_ID, slug: "slipway", name: "Slipway", private_key: await key, ...manifestGrants() }
  const emulator = await startEmulator(url, { apps: [seed] })
  const { tables } = emulator
  const now = options.now ?? (() => new Date())
  if (options.now) useClock(tables, now)
  const row = tables.apps.findOneBy("slug", seed.slug) as AppRow
  const ownerLogin = options.appOwner ?? "acme"
  let lastId = 1000
  const nextId = () => ++lastId
  const state = { url, emulator, tables, now, nextId, deliver, deliveries, extras: new Map(), app: { row, ownerLogin } }
  accounts.createOrganization(state, "github")
  accounts.createOrganization(state, ownerLogin)
  // Whom GitHub itself commits as, on its web page and through its API.
  insertUser(state, { login: "web-flow", type: "User", name: "GitHub", email: "noreply@github.com" })
  return state
}

function webhooksOf(deliveries: Deliveries) {
  return {
    /** Webhooks in the order in which GitHub made them, with what became of each. */
    deliveries: deliveries.all,
    /** Where webhooks go; undefined: nowhere, and those of that time are never sent. */
    setWebhookUrl: (url: string | undefined) => deliveries.setUrl(url),
    settled: () => deliveries.settled(),
    redeliver: (id: string) => deliveries.redeliver(id),
    redeliverFailed: () => deliveries.redeliverFailed(),
    pauseDeliveries: () => deliveries.pause(),
    resumeDeliveries: (reorder?: (held: Delivery[]) => Delivery[]) => deliveries.resume(reorder),
    filterDeliveries: (filter: ((delivery: Delivery) => boolean) | undefined) => deliveries.setFilter(filter),
    /** Sends any event at once, signed with another secret or with other headers if wanted. Resolves with its fate. */
    async send(
      event: string,
      payload: Record<string, unknown>,
      hostile: { id?: string; secret?: string; headers?: Record<string, string> } = {},
    ): Promise<Delivery["status"]> {
      const action = typeof payload.action === "string" ? payload.action : undefined
      const id = hostile.id ?? crypto.randomUUID()
      const delivery: Delivery = { id, event, action, payload, status: "pending", attempts: 0 }
      deliveries.all.push(delivery)
      await deliveries.post(delivery, hostile)
      return delivery.status
    },
  }
}

function faultsOf(server: ApiServer) {
  return {
    /** Every request over HTTP since the start or `resetRequests`. */
    requests: server.requests,
    resetRequests: () => void server.requests.splice(0),
    /** Leaves so much of an hour's requests to the installation on that account. */
    limitRequests: (owner: string, left: { limit: number; remaining: number }) => server.limits.set(owner, left),
    /** Answers in GitHub's place until it is taken away with `intercept(undefined)`. */
    intercept: (intercept: Intercept | undefined) => {
      server.intercept = intercept
    },
  }
}

/** Binds the first argument of an action, so that callers need not name the peer twice. */
const bound =
  <First, Rest extends unknown[], Result>(action: (first: First, ...rest: Rest) => Result, first: First) =>
  (...rest: Rest) =>
    action(first, ...rest)

/** What is there before anybody does anything. */
function seedsOf(state: GitHubState) {
  return {
    createUser: bound(accounts.createUser, state),
    createOrganization: bound(accounts.createOrganization, state),
    createTeam: bound(accounts.createTeam, state),
    leaveTeam: bound(accounts.leaveTeam, state),
    leaveOrganization: bound(accounts.leaveOrganization, state),
    suspendUser: bound(accounts.suspendUser, state),
    assignRole: bound(accounts.assignRole, state),
    renameUser: bound(accounts.renameUser, state),
    createRepository: bound(repositories.createRepository, state),
    forkRepository: bound(repositories.forkRepository, state),
    renameRepository: bound(repositories.renameRepository, state),
    transferRepository: bound(repositories.transferRepository, state),
    setDefaultBranch: bound(repositories.setDefaultBranch, state),
    addCollaborator: bound(repositories.addCollaborator, state),
    /** Installs the App on an account, with what `app.yml` asks for unless told otherwise. Returns the id. */
    installApp: (owner: string, grants: Parameters<typeof installations.installApp>[3] & { by?: string } = {}) =>
      installations.installApp(state, owner, grants.by, grants),
    uninstall: (owner: string, by?: string) => installations.uninstall(state, owner, by),
    suspendInstallation: bound(installations.suspendInstallation, state),
    unsuspendInstallation: bound(installations.unsuspendInstallation, state),
    jobToken: bound(installations.jobToken, state),
    setPermissions: bound(installations.setPermissions, state),
    changeInstalledRepositories: bound(installations.changeInstalledRepositories, state),
    setEnvironment: bound(settings.setEnvironment, state),
    setImmutableReleases: (repo: string, isOn: boolean) =>
      void Object.assign(extraOf(state, repositoryOf(state, repo)), { immutableReleases: isOn }),
    setTagRuleset: bound(settings.setTagRuleset, state),
    /** What `GET rules/branches/{branch}` lists, in GitHub's form. */
    setBranchRules: (repo: string, branch: string, rules: Record<string, unknown>[]) =>
      void extraOf(state, repositoryOf(state, repo)).rules.set(branch, rules),
  }
}

/** What people, their pipelines and other Apps do; each causes the webhooks that GitHub would send. */
function peopleOf(stage: Stage) {
  const { state } = stage
  return {
    openPullRequest: bound(code.openPullRequest, stage),
    pushToPullRequest: bound(code.pushToPullRequest, stage),
    dismissReview: bound(code.dismissReview, stage),
    reviewPullRequest: bound(code.reviewPullRequest, stage),
    mergePullRequest: bound(code.mergePullRequest, stage),
    pushCommit: bound(code.pushCommit, stage),
    pushCommits: bound(code.pushCommits, stage),
    pushForce: bound(code.pushForce, stage),
    createTag: bound(code.createTag, stage),
    deleteTag: bound(code.deleteTag, stage),
    deleteBranch: bound(code.deleteBranch, stage),
    reportCheck: bound(evidence.reportCheck, stage),
    setStatus: bound(evidence.setStatus, stage),
    attest: bound(evidence.attest, stage),
    click: bound(evidence.click, stage),
    clickAnyway: bound(evidence.clickAnyway, stage),
    rerequest: bound(evidence.rerequest, stage),
    createRelease: bound(releases.createRelease, stage),
    editRelease: bound(releases.editRelease, stage),
    publishRelease: bound(releases.publishRelease, stage),
    deleteRelease: bound(releases.deleteRelease, stage),
    moveRun: bound(actions.moveRun, stage),
    startRun: bound(actions.startRun, stage),
    runsOf: bound(actions.runsOf, stage),
    uploadAsset: bound(releases.uploadAsset, stage),
    createDeployment: bound(deployments.createDeployment, stage),
    setDeploymentStatus: bound(deployments.setDeploymentStatus, stage),
    protect: bound(protection.protect, stage),
    reachAt: bound(protection.reachAt, stage),
    startDeploying: bound(protection.startDeploying, stage),
    deployAgain: bound(protection.deployAgain, stage),
    endDeploying: bound(protection.endDeploying, stage),
    askAgain: bound(protection.askAgain, stage),
    answersOf: bound(protection.answersOf, stage),
    analyse: bound(alerts.analyse, stage),
    raiseAlert: bound(alerts.raiseAlert, stage),
    endAlert: bound(alerts.endAlert, stage),
    switchDependabot: bound(alerts.switchDependabot, stage),
    openIssue: bound(issues.openIssue, stage),
    closeIssue: bound(issues.closeIssue, stage),
    labelIssue: bound(issues.labelIssue, stage),
    editIssue: bound(issues.editIssue, stage),
    openByForm: bound(issues.openByForm, stage),
    /** A client of that person against this GitHub, over HTTP. */
    as: (login: string): Octokit =>
      new Octokit({ auth: personToken(state, userOf(state, login)), baseUrl: state.url, log: SILENT }),
  }
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

function viewsOf(state: GitHubState) {
  const checkRuns = (repo: string, wanted: { sha?: string; name?: string } = {}): SeenCheckRun[] =>
    checkRunsOf(state, repositoryOf(state, repo))
      .filter((row) => wanted.sha === undefined || row.head_sha === wanted.sha)
      .filter((row) => wanted.name === undefined || row.name === wanted.name)
      .map((row) => seenCheckRun(state, row))
  return {
    /** The state that matters, as plain JSON in stable order. */
    world: () => seenWorld(state),
    /** Check runs, newest first. */
    checkRuns,
    /** The newest check run of that name, or undefined. */
    latestCheck: (repo: string, name: string): SeenCheckRun | undefined => checkRuns(repo, { name })[0],
  }
}
