import type { SeenCheckRun } from "../peers/github/world.ts"
import type { History } from "./history.ts"
import { MANAGER, ON_CALL } from "./people.ts"
import { check, isPublished, press, runUrl, waitForCheck, waitForDraft, world } from "./place.ts"
import { merge, propose } from "./propose.ts"
import { ciPasses, endWorkflow, type Released, releasedAt, uploadPackage } from "./publishing.ts"
import type { Stage } from "./stage.ts"
import { StepFailed, type Teller, until } from "./teller.ts"
import { channelUrl } from "./website.ts"

export async function deploy(
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
    return { what: `“${run.title}”`, url: runUrl(stage, run), anchor, shows: run }
  })
  return shows
}

export async function secondRelease(stage: Stage, history: History, teller: Teller): Promise<Released> {
  let head = ""
  await teller.step("A second release", async () => {
    for (const work of history.second) head = await merge(stage, await propose(stage, work))
    await ciPasses(stage, head)
    await waitForDraft(stage, "a second draft", ({ tagName }) => !Object.hasOwn(world(stage).tags, tagName))
    await waitForCheck(stage, head, "drafted", (r) => /\| tests \||\| checks \| ✅/.test(r.summary ?? ""))
    await uploadPackage(stage)
    await press(stage, { sha: head }, "approve", MANAGER, "ready", (r) => r.conclusion === "success")
    const released = await releasedAt(stage, head)
    const run = await press(stage, { sha: head }, "publish", MANAGER, "published", isPublished)
    await endWorkflow(stage, released.tag)
    return {
      what: `${released.version} is approved and published by ${MANAGER}`,
      url: runUrl(stage, run),
      anchor: "notes",
    }
  })
  const tag = Object.entries(world(stage).tags).find(([, sha]) => sha === head)?.[0] ?? ""
  return { version: tag.replace(/^v/, ""), tag, sha: head }
}

export async function rollBack(stage: Stage, teller: Teller, first: Released, second: Released): Promise<void> {
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
      url: runUrl(stage, run),
      anchor: "rolled-back",
    }
  })
  await teller.step("Said in the thread", async () => {
    const notice = await until(
      "a rollback notice",
      async () =>
        // The rollback locks the environment before: that is said for itself.
        (await repliesOf(stage, second.version)).find(
          (text) => /Rolled back/i.test(text) && text.includes(ON_CALL) && !text.includes("is locked"),
        ),
      () => "no notice in the thread",
    )
    return {
      what: (notice.split("\n")[0] ?? "").replace(/<[^|>]*\|([^>]*)>/g, "$1"),
      url: channelUrl(stage.slack, stage.channel),
      anchor: "thread-second",
    }
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
