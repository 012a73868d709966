import type { SeenCheckRun } from "../peers/github/world.ts"
import type { SlackMessage } from "../peers/slack.ts"
import type { TakenMail } from "../peers/smtp/server.ts"
import { MANAGER, ON_CALL } from "./people.ts"
import { isPublished, press, runUrl, waitForCheck, waitForDraft, world } from "./place.ts"
import { merge, propose } from "./propose.ts"
import { type Step, StepFailed, until } from "./teller.ts"
import type { WatchedStage } from "./watched-stage.ts"

/** What the fourth act leaves behind, for showing. */
export interface ToldOfWatched {
  readonly pages: Readonly<Record<WatchedMoment, SeenCheckRun>>
  readonly thread: SlackMessage
  readonly channel: string
  readonly mails: readonly TakenMail[]
}

export type WatchedMoment = "verified" | "practising" | "practised" | "broken" | "returned"

const CONFIG = `# yaml-language-server: $schema=../schemas/slipway.schema.json
environments:
  staging:
    verify: { for: 5m, metrics: { name: errors, query: 'errors{env="{environment}"}', window: 5m, at-most: 0.05 } }
    drill: on-demand
  production:
    after: staging
    verify: 5m
    criteria:
      - { name: errors, query: 'errors{env="{environment}"}', window: 1m, at-most: 0.05, for: 1m, do: rollback }
`
export const FILES = {
  ".github/slipway.yml": CONFIG,
  "docs/rollback.md": "Press Roll back.\n",
  "README.md": "# Shop\n",
}

const VERIFY_MINUTES = 5
const HEALTH_MINUTES = 5
const READER = "kim@acme.example"

interface Released {
  readonly sha: string
  readonly version: string
}

/** @throws StepFailed where something does not hold */
export async function playWatched(stage: WatchedStage, step: Step): Promise<ToldOfWatched> {
  const { first } = await step("Two environments, and what is live is verified", () => firstRelease(stage))
  const { second, shows: verified } = await step("The next one, told by e-mail", () => secondRelease(stage))
  const { practising, practised } = await step("A drill in staging", () => practise(stage, first, second))
  const { broken, returned } = await step("Production breaks, and goes back by itself", () =>
    breaks(stage, first, second),
  )
  await step("Whoever was told is told of the rollback", () => toldByMail(stage))
  const thread = await threadOf(stage, second)
  const pages = { verified, practising, practised, broken, returned }
  return { pages, thread, channel: stage.channel, mails: [...stage.smtp.mails] }
}

async function release(
  stage: WatchedStage,
  title: string,
  files: { readonly [path: string]: string },
): Promise<Released> {
  const sha = await merge(stage, await propose(stage, { title, by: stage.author, files }))
  const { tagName } = await waitForDraft(
    stage,
    `a draft of “${title}”`,
    ({ tagName }) => world(stage).tags[tagName] === undefined,
  )
  const isOffered = ({ actions }: SeenCheckRun) => actions.some(({ identifier }) => identifier === "approve")
  await waitForCheck(stage, sha, "drafted", isOffered)
  await press(stage, { sha }, "approve", MANAGER, "ready", ({ conclusion }) => conclusion === "success")
  await press(stage, { sha }, "publish", MANAGER, "published", isPublished)
  return { sha, version: tagName.replace(/^v/, "") }
}

const page = (stage: WatchedStage, environment: string, sha: string, expected: string, says: RegExp) =>
  waitForCheck(
    stage,
    sha,
    expected,
    ({ title, summary }) => says.test(`${title}\n${summary}`),
    `Slipway / ${environment}`,
  )

async function deploy(stage: WatchedStage, environment: string, sha: string): Promise<void> {
  const { github, repo } = stage
  const deploymentId = await github.createDeployment({ repo, by: ON_CALL, ref: sha, environment })
  await github.setDeploymentStatus({ repo, deploymentId, state: "success", by: ON_CALL })
  await page(stage, environment, sha, "watched", /is being verified in/)
}

/** Deploys it, and lets the time of its verification pass. */
async function verify(stage: WatchedStage, environment: string, sha: string): Promise<SeenCheckRun> {
  await deploy(stage, environment, sha)
  await stage.pass(VERIFY_MINUTES)
  return await page(stage, environment, sha, "verified", /verified on/)
}

const mayEnter = (stage: WatchedStage, sha: string) =>
  waitForCheck(stage, sha, "open", ({ conclusion }) => conclusion === "success", "Slipway / production")

async function firstRelease(stage: WatchedStage) {
  const first = await release(stage, "feat: sell", { "shop.txt": "sells\n" })
  await verify(stage, "staging", first.sha)
  await mayEnter(stage, first.sha)
  const run = await verify(stage, "production", first.sha)
  return {
    what: `${first.version} entered production once it was verified in staging: “${run.title}”`,
    url: runUrl(stage, run),
    anchor: "watched-verified",
    first,
  }
}

async function secondRelease(stage: WatchedStage) {
  const date = new Date(stage.now().getTime() + 24 * 60 * 60_000).toISOString()
  const plan = `release: { name: Spring, date: "${date}" }
stakeholders: { lead: ${READER} }
rollback_plan: { procedure: docs/rollback.md }
testing: { required: [] }
`
  const second = await release(stage, "feat: sell faster", { "shop.txt": "sells faster\n", "release-plan.yml": plan })
  const shows = await verify(stage, "staging", second.sha)
  const mails = stage.smtp.mails.length
  return {
    what: `${second.version} is verified in staging by its error rate; ${READER} has ${mails} e-mails in one thread`,
    url: runUrl(stage, shows),
    anchor: "watched-mails",
    second,
    shows,
  }
}

/** The deployments that Slipway asked for, oldest first. */
const ours = (stage: WatchedStage) => world(stage).deployments.filter(({ task }) => task === "rollback")

/** Whoever deploys does what a deployment of Slipway's asks for. */
async function carryOut(stage: WatchedStage, at: number, sha: string): Promise<void> {
  const { github, repo } = stage
  const made = await until(
    `deployment ${at + 1} of Slipway's`,
    () => ours(stage)[at],
    () => world(stage).deployments,
  )
  if (made.sha !== sha) throw new StepFailed(`it deploys ${made.sha}, not ${sha}`)
  await stage.pass(1)
  await github.setDeploymentStatus({ repo, deploymentId: made.id, state: "success", by: ON_CALL })
}

async function practise(stage: WatchedStage, first: Released, second: Released) {
  const status = await stage.drill("staging")
  if (status !== 202) throw new StepFailed(`the drill was answered with ${status}`)
  const practising = await page(stage, "staging", second.sha, "a drill", /is in a drill in/)
  await carryOut(stage, 0, first.sha)
  await page(stage, "staging", first.sha, "watched", /is being verified in/)
  await stage.pass(HEALTH_MINUTES)
  await carryOut(stage, 1, second.sha)
  await page(stage, "staging", first.sha, "gone again", /was replaced in/)
  await stage.pass(HEALTH_MINUTES)
  const practised = await page(stage, "staging", second.sha, "through", /the last drill, on .* passed/)
  const took = /passed: ([^\n]*)/.exec(practised.summary ?? "")?.[1] ?? ""
  return {
    what: `from ${second.version} to ${first.version} and back, told as a DRILL: ${took}; nothing is locked, no release is marked`,
    url: runUrl(stage, practised),
    anchor: "watched-practised",
    practising,
    practised,
  }
}

async function breaks(stage: WatchedStage, first: Released, second: Released) {
  await mayEnter(stage, second.sha)
  await deploy(stage, "production", second.sha)
  stage.metrics.fail("production", 0.08)
  // Measured when its window is over, and a minute later again: then it was broken for a minute.
  for (let minute = 0; minute < 4 && ours(stage).length < 3; minute++) {
    await stage.pass(1)
    await measured(stage)
  }
  const broken = await page(stage, "production", second.sha, "on its way back", /is being rolled back in/)
  stage.metrics.fail("production", 0.002)
  await carryOut(stage, 2, first.sha)
  await page(stage, "production", first.sha, "watched", /is being verified in/)
  await stage.pass(HEALTH_MINUTES)
  const returned = await page(stage, "production", second.sha, "rolled back", /was rolled back in/)
  await page(stage, "production", first.sha, "back", /came back by a rollback/)
  return {
    what: `8 % of its requests failed for a minute: ${first.version} is live in production again, and shown to be well; nobody pressed a button`,
    url: runUrl(stage, returned),
    anchor: "watched-returned",
    broken,
    returned,
  }
}

const MEASURED_WITHIN_MS = 1_500

/** A moment for a run that measures; whether it broke anything is looked at afterwards. */
async function measured(stage: WatchedStage): Promise<void> {
  const end = performance.now() + MEASURED_WITHIN_MS
  await until(
    "a measurement",
    () => (ours(stage).length >= 3 || performance.now() > end ? true : undefined),
    () => world(stage).deployments,
  )
}

/** Once the notice stands in it. */
async function threadOf({ slack, channel }: WatchedStage, { version }: Released): Promise<SlackMessage> {
  const find = async () => (await slack.messages(channel)).find(({ text }) => text.includes(version))
  return await until(
    "the notice in the thread",
    async () => {
      const thread = await find()
      const isTold = thread?.replies.some(({ text }) => text.includes("Rollback: "))
      return isTold && JSON.stringify(thread?.blocks).includes("Rolled back from") ? thread : undefined
    },
    () => slack.requests.slice(-5),
  )
}

async function toldByMail(stage: WatchedStage) {
  const mails = await until(
    "an e-mail of the rollback",
    () => (stage.smtp.mails.some(({ text }) => /rolled back/.test(text)) ? stage.smtp.mails : undefined),
    () => stage.smtp.mails.map(({ text }) => text.split("\n")[0]),
  )
  const [begun] = mails
  const strays = mails.filter(({ headers }, at) => at > 0 && headers.references !== begun?.headers["message-id"])
  if (strays.length > 0) throw new StepFailed(`${strays.length} e-mails are in no thread with the first`)
  return {
    what: `${mails.length} e-mails to ${READER}, in one thread: “${mails.map(({ text }) => text.split("\n")[0]).join("”, “")}”`,
    anchor: "watched-mails",
  }
}
