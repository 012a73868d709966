import type { SeenCheckRun, SeenRepository } from "../peers/github/world.ts"
import type { History, Work } from "./history.ts"
import { MANAGER, ON_CALL } from "./people.ts"
import type { Stage } from "./stage.ts"
import { StepFailed, type Teller, until } from "./teller.ts"
import { channelUrl } from "./website.ts"

/** What the story leaves behind, for showing. */
export interface Told {
  readonly first: Released
  readonly second: Released
  /** Pages as they were on the way. */
  readonly moments: Readonly<Record<Moment, SeenCheckRun>>
}

export type Moment = "waiting" | "held" | "ready" | "published" | "live" | "failed"

interface Released {
  readonly version: string
  readonly tag: string
  readonly sha: string
}

const READINESS = "Slipway / readiness"

/** Plays the main job from merged pull requests to the post-mortem. @throws StepFailed where something does not hold */
export async function play(stage: Stage, history: History, teller: Teller): Promise<Told> {
  await install(stage, teller)
  const head = await mergeAll(stage, history, teller)
  await testsPass(stage, teller, head)
  const { first, ...decided } = await decide(stage, history, teller, head)
  const published = await publish(stage, teller, first)
  await deploy(stage, teller, first, "staging", "success")
  const live = await deploy(stage, teller, first, "production", "success")
  const second = await secondRelease(stage, history, teller)
  const failed = await deploy(stage, teller, second, "production", "failure")
  await rollBack(stage, teller, first, second)
  return { first, second, moments: { ...decided, published, live, failed } }
}

const world = ({ github, repo }: Stage): SeenRepository => {
  const seen = github.world()[repo]
  if (!seen) throw new StepFailed(`GitHub has no repository ${repo}`)
  return seen
}

const check = (stage: Stage, sha: string, name = READINESS): SeenCheckRun | undefined =>
  stage.github.checkRuns(stage.repo, { sha, name })[0]

const urlOf = (stage: Stage, run: SeenCheckRun): string => `${stage.github.url}/${stage.repo}/runs/${run.id}`

async function waitForCheck(
  stage: Stage,
  sha: string,
  expected: string,
  holds: (run: SeenCheckRun) => boolean,
  name = READINESS,
): Promise<SeenCheckRun> {
  const look = () => {
    const run = check(stage, sha, name)
    return run && holds(run) ? run : undefined
  }
  return await until(`${name} to be ${expected}`, look, () => [
    check(stage, sha, name)?.title,
    check(stage, sha, name)?.summary,
  ])
}

/** Presses a button and gives the page that answers. */
async function press(
  stage: Stage,
  sha: string,
  button: string,
  by: string,
  expected: string,
  holds: (run: SeenCheckRun) => boolean,
): Promise<SeenCheckRun> {
  const run = check(stage, sha)
  if (!run) throw new StepFailed(`there is no readiness check on ${sha}`)
  await stage.github.click({ repo: stage.repo, checkRunId: run.id, identifier: button, by })
  return await waitForCheck(stage, sha, expected, holds)
}

async function install(stage: Stage, teller: Teller): Promise<void> {
  await teller.step("App installed", async () => {
    stage.github.installApp("acme")
    const start = world(stage).branches.main ?? ""
    const run = await waitForCheck(stage, start, "there", () => true)
    return { what: `history, plan and configuration are read; “${run.title}”`, url: urlOf(stage, run) }
  })
}

/** Each commit becomes a pull request of its author, merged by somebody else. */
async function mergeAll(stage: Stage, history: History, teller: Teller): Promise<string> {
  let head = ""
  await teller.step(`${history.first.length} pull requests merged`, async () => {
    stage.github.resetRequests()
    for (const work of history.first) head = await merge(stage, work)
    await waitForCheck(stage, head, "drafted", (run) => run.title?.startsWith("Next: ") === true)
    const draft = await until(
      "a draft release",
      () => world(stage).releases.find((r) => r.draft),
      () => world(stage).releases,
    )
    return {
      what: `one draft, ${draft.tagName}, and a neutral check on the head (${requestsTo(stage)} requests to GitHub in all, reads and writes)`,
      url: `${stage.github.url}/${stage.repo}/releases`,
      anchor: "notes",
    }
  })
  await teller.step("Announced in Slack", async () => {
    const [thread] = await until(
      "one message in #releases",
      async () => {
        const messages = await stage.slack.messages(stage.channel)
        return messages.length === 1 ? messages : undefined
      },
      () => "no message",
    )
    return {
      what: ((thread?.text ?? "").split("\n")[0] ?? "").replace(/\.? ?<[^|>]*\|([^>]*)>/g, ""),
      ...inSlack(stage, "first"),
    }
  })
  return head
}

/** All that Slipway asked and wrote, but for its access token, which is good for an hour. */
const requestsTo = ({ github }: Stage): number =>
  github.requests.filter((r) => r.by !== "person" && r.operationId !== "apps/create-installation-access-token").length

const inSlack = ({ slack, channel }: Stage, which: "first" | "second") => ({
  url: channelUrl(slack, channel),
  anchor: `thread-${which}`,
})

let files = 0
async function merge(stage: Stage, { message, title, by }: Work): Promise<string> {
  files++
  const { number } = await stage.github.openPullRequest({
    repo: stage.repo,
    by,
    title,
    body: message.slice(message.indexOf("\n") + 1 || message.length).trim(),
    commits: [{ message, author: by, files: { [`changes/${files}.txt`]: `${title}\n` } }],
  })
  const { sha } = await stage.github.mergePullRequest({ repo: stage.repo, number, by: MANAGER })
  return sha
}

async function testsPass(stage: Stage, teller: Teller, sha: string): Promise<void> {
  await teller.step("CI reports", async () => {
    await ciPasses(stage, sha)
    const run = await waitForCheck(stage, sha, "aware of the tests", (r) =>
      /\| tests \| ✅ passed/.test(r.summary ?? ""),
    )
    const open = [...(run.summary ?? "").matchAll(/^\| ([\w ]+) \| (?:⏳|❌|❓)/gm)].map((m) => m[1])
    return { what: `tests are passed; pending: ${open.join(", ")}`, url: urlOf(stage, run), anchor: "waiting" }
  })
}

async function ciPasses({ github, repo }: Stage, sha: string): Promise<void> {
  for (const name of ["test", "e2e"]) await github.reportCheck({ repo, sha, name })
}

/** An author's click, a manager's, a hold and its end. */
async function decide(stage: Stage, history: History, teller: Teller, sha: string) {
  const author = history.first[0]?.by ?? ""
  const waiting = await teller.step(`${author} presses Approve on their own work`, async () => {
    const run = await press(stage, sha, "approve", author, "answered", (r) => /pressed/.test(r.summary ?? ""))
    if (run.conclusion === "success") throw new StepFailed("an author alone made it ready")
    return { what: lastAnswer(run), url: urlOf(stage, run), anchor: "waiting", shows: run }
  })
  await teller.step(`${MANAGER} presses Approve`, async () => {
    const run = await press(stage, sha, "approve", MANAGER, "ready", (r) => r.conclusion === "success")
    return { what: lastAnswer(run), url: urlOf(stage, run), anchor: "ready" }
  })
  const held = await teller.step(`${ON_CALL} presses Hold`, async () => {
    const run = await press(stage, sha, "hold", ON_CALL, "held", (r) => r.conclusion === "failure")
    return { what: `“${run.title}”`, url: urlOf(stage, run), anchor: "held", shows: run }
  })
  const ready = await teller.step(`${ON_CALL} presses Approve again`, async () => {
    const run = await press(stage, sha, "approve", ON_CALL, "ready again", (r) => r.conclusion === "success")
    return { what: `“${run.title}”`, url: urlOf(stage, run), anchor: "ready", shows: run }
  })
  return { first: await releasedAt(stage, sha), waiting: waiting.shows, held: held.shows, ready: ready.shows }
}

/** The newest answer on the page, without Markdown. */
function lastAnswer(run: SeenCheckRun): string {
  const line = /## Answers[^\n]*\n\n- ([^\n]+)/.exec(run.summary ?? "")?.[1] ?? ""
  return line
    .replace(/^[^:]*:\d\d UTC: /, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*\\]/g, "")
}

/** The draft of the candidate, once it names the commit. */
async function releasedAt(stage: Stage, sha: string): Promise<Released> {
  const draft = await until(
    `a draft at ${sha}`,
    () => world(stage).releases.find((r) => r.targetCommitish === sha),
    () => world(stage).releases,
  )
  return { version: draft.tagName.replace(/^v/, ""), tag: draft.tagName, sha }
}

async function publish(stage: Stage, teller: Teller, { tag, sha }: Released): Promise<SeenCheckRun> {
  const { shows } = await teller.step(`${MANAGER} presses Publish`, async () => {
    const run = await press(stage, sha, "publish", MANAGER, "published", (r) => / is published$/.test(r.title ?? ""))
    const at = world(stage).tags[tag]
    if (at !== sha) throw new StepFailed(`${tag} stands on ${at}, not on the candidate ${sha}`)
    return {
      what: `${tag} stands on ${sha.slice(0, 7)}, exactly what the gates saw`,
      url: urlOf(stage, run),
      anchor: "published",
      shows: run,
    }
  })
  return shows
}

async function deploy(
  stage: Stage,
  teller: Teller,
  { version, sha }: Released,
  environment: string,
  state: "success" | "failure",
): Promise<SeenCheckRun> {
  const { shows } = await teller.step(`${version} deployed to ${environment}`, async () => {
    const { github, repo } = stage
    const deploymentId = await github.createDeployment({ repo, by: ON_CALL, ref: sha, environment })
    await github.setDeploymentStatus({ repo, deploymentId, state: "in_progress", by: ON_CALL })
    await github.setDeploymentStatus({ repo, deploymentId, state, by: ON_CALL })
    const run = await waitForCheck(stage, sha, state, (r) => r.conclusion === state, `Slipway / ${environment}`)
    const anchor = state === "failure" ? "failed" : "live"
    return { what: `“${run.title}”`, url: urlOf(stage, run), anchor, shows: run }
  })
  return shows
}

async function secondRelease(stage: Stage, history: History, teller: Teller): Promise<Released> {
  let head = ""
  await teller.step("A second release", async () => {
    for (const work of history.second) head = await merge(stage, work)
    await ciPasses(stage, head)
    await waitForCheck(stage, head, "drafted", (r) => /\| tests \||\| checks \| ✅/.test(r.summary ?? ""))
    await press(stage, head, "approve", MANAGER, "ready", (r) => r.conclusion === "success")
    const released = await releasedAt(stage, head)
    const run = await press(stage, head, "publish", MANAGER, "published", (r) => / is published$/.test(r.title ?? ""))
    return {
      what: `${released.version} is approved and published by ${MANAGER}`,
      url: urlOf(stage, run),
      anchor: "notes",
    }
  })
  const tag = Object.entries(world(stage).tags).find(([, sha]) => sha === head)?.[0] ?? ""
  return { version: tag.replace(/^v/, ""), tag, sha: head }
}

async function rollBack(stage: Stage, teller: Teller, first: Released, second: Released): Promise<void> {
  const { github, repo } = stage
  await teller.step(`${ON_CALL} presses Roll back`, async () => {
    const run = check(stage, second.sha, "Slipway / production")
    const button = run?.actions.find((a) => a.label === "Roll back")
    if (!run || !button) throw new StepFailed("the failed deployment offers no way back")
    await github.click({ repo, checkRunId: run.id, identifier: button.identifier, by: ON_CALL })
    const made = await until(
      "a deployment of the last known good release",
      () => world(stage).deployments.find((d) => d.task === "rollback"),
      () => world(stage).deployments,
    )
    if (made.sha !== first.sha) throw new StepFailed(`the rollback deploys ${made.sha}, not ${first.sha}`)
    await github.setDeploymentStatus({ repo, deploymentId: made.id, state: "success", by: ON_CALL })
    return {
      what: `${first.version} (${first.sha.slice(0, 7)}) is deployed to production again`,
      url: urlOf(stage, run),
      anchor: "rolled-back",
    }
  })
  await teller.step("Said in the thread", async () => {
    const notice = await until(
      "a rollback notice",
      async () =>
        (await repliesOf(stage, second.version)).find((text) => /Rolled back/i.test(text) && text.includes(ON_CALL)),
      () => "no notice in the thread",
    )
    return { what: (notice.split("\n")[0] ?? "").replace(/<[^|>]*\|([^>]*)>/g, "$1"), ...inSlack(stage, "second") }
  })
  await teller.step("Post-mortem opened", async () => {
    const issue = await until(
      "a post-mortem issue",
      () => world(stage).issues.find((i) => i.author === "slipway[bot]"),
      () => world(stage).issues,
    )
    await waitForCheck(stage, second.sha, "rolled back", (r) => /rolled back/.test(r.title ?? ""))
    await until(
      "the first message of the thread to tell the present state",
      async () =>
        (await stage.slack.messages(stage.channel)).find(
          (m) => m.text.includes(second.version) && /Rolled back/.test(m.text),
        ),
      () => "an older state",
    )
    return { what: issue.title, url: `${github.url}/${repo}/issues/${issue.number}`, anchor: "post-mortem" }
  })
}

async function repliesOf(stage: Stage, version: string): Promise<string[]> {
  const messages = await stage.slack.messages(stage.channel)
  return messages.find((m) => m.text.includes(version))?.replies.map((r) => r.text) ?? []
}
