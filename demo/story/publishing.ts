import { createHash } from "node:crypto"
import type { SeenCheckRun } from "../peers/github/world.ts"
import type { History } from "./history.ts"
import { MANAGER, ON_CALL } from "./people.ts"
import { isPublished, press, pullUrl, runUrl, waitForCheck, waitForDraft, world } from "./place.ts"
import type { Stage } from "./stage.ts"
import { StepFailed, type Teller, until } from "./teller.ts"

export interface Released {
  readonly version: string
  readonly tag: string
  readonly sha: string
}

/** CI reports, and uploads the file that the release promises. */
export async function testsPass(stage: Stage, teller: Teller, sha: string): Promise<void> {
  await teller.step("CI reports", async () => {
    const file = await uploadPackage(stage)
    await ciPasses(stage, sha)
    const run = await waitForCheck(stage, sha, "aware of the tests", (r) =>
      /\| tests \| ✅ passed/.test(r.summary ?? ""),
    )
    const open = [...(run.summary ?? "").matchAll(/^\| ([\w ]+) \| (?:⏳|❌|❓)/gm)].map((m) => m[1])
    return {
      what: `tests are passed, ${file.name} is uploaded to the draft; pending: ${open.join(", ")}`,
      url: runUrl(stage, run),
      anchor: "waiting",
    }
  })
}

export async function ciPasses({ github, repo }: Stage, sha: string): Promise<void> {
  for (const name of ["test", "e2e"]) await github.reportCheck({ repo, sha, name })
}

/** Uploads what the configuration wants to see on the draft before it can be published. */
export async function uploadPackage(stage: Stage): Promise<{ readonly name: string; readonly sum: string }> {
  const { github, repo } = stage
  const draft = await waitForDraft(stage, "a draft", () => true)
  const name = `app-${draft.tagName.replace(/^v/, "")}.tgz`
  const content = `the package of ${draft.tagName}`
  github.uploadAsset({ repo, releaseId: draft.id, by: MANAGER, name, content })
  return { name, sum: createHash("sha256").update(content).digest("hex") }
}

/** An author's click, a manager's, a hold and its end. */
export async function decide(stage: Stage, history: History, teller: Teller, sha: string) {
  const author = history.first[0]?.by ?? ""
  const waiting = await teller.step(`${author} presses Approve on their own work`, async () => {
    const run = await press(stage, { sha }, "approve", author, "answered", (r) => /pressed/.test(r.summary ?? ""))
    if (run.conclusion === "success") throw new StepFailed("an author alone made it ready")
    return { what: lastAnswer(run), url: runUrl(stage, run), anchor: "waiting", shows: run }
  })
  await teller.step(`${MANAGER} presses Approve`, async () => {
    const run = await press(stage, { sha }, "approve", MANAGER, "ready", (r) => r.conclusion === "success")
    return { what: lastAnswer(run), url: runUrl(stage, run), anchor: "ready" }
  })
  const held = await teller.step(`${ON_CALL} presses Hold`, async () => {
    const run = await press(stage, { sha }, "hold", ON_CALL, "held", (r) => r.conclusion === "failure")
    return { what: `“${run.title}”`, url: runUrl(stage, run), anchor: "held", shows: run }
  })
  const ready = await teller.step(`${ON_CALL} presses Approve again`, async () => {
    const run = await press(stage, { sha }, "approve", ON_CALL, "ready again", (r) => r.conclusion === "success")
    return { what: `“${run.title}”`, url: runUrl(stage, run), anchor: "ready", shows: run }
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
export async function releasedAt(stage: Stage, sha: string): Promise<Released> {
  const draft = await waitForDraft(stage, `a draft at ${sha}`, ({ targetCommitish }) => targetCommitish === sha)
  return { version: draft.tagName.replace(/^v/, ""), tag: draft.tagName, sha }
}

export async function publish(stage: Stage, teller: Teller, { tag, sha }: Released): Promise<SeenCheckRun> {
  const { shows } = await teller.step(`${MANAGER} presses Publish`, async () => {
    const run = await press(stage, { sha }, "publish", MANAGER, "published", isPublished)
    const { tags, releases } = world(stage)
    if (tags[tag] !== sha) throw new StepFailed(`${tag} stands on ${tags[tag]}, not on the candidate ${sha}`)
    const body = releases.find(({ tagName }) => tagName === tag)?.body ?? ""
    if (!/\b[0-9a-f]{64} {2}app-/.test(body)) throw new StepFailed(`the notes list no SHA-256 sum:\n${body}`)
    return {
      what: `${tag} stands on ${sha.slice(0, 7)}, exactly what the gates saw; its notes list the package's SHA-256 sum`,
      url: runUrl(stage, run),
      anchor: "published",
      shows: run,
    }
  })
  return shows
}

/** The workflow that publishes to a registry runs on the tag, and is followed to its end. */
export async function followed(stage: Stage, teller: Teller, { tag, sha }: Released): Promise<SeenCheckRun> {
  const { shows } = await teller.step("Packaging follows", async () => {
    await endWorkflow(stage, tag)
    const run = await waitForCheck(stage, sha, "followed by the workflow", (r) => /succeeded/.test(r.summary ?? ""))
    return {
      what: `package.yml was started on ${tag}, and “succeeded” is on the check and in the thread`,
      url: runUrl(stage, run),
      anchor: "published",
      shows: run,
    }
  })
  return shows
}

/** What GitHub does for the demo: the run of the workflow starts, and ends well. */
export async function endWorkflow(stage: Stage, tag: string): Promise<void> {
  const { github, repo } = stage
  const { id: runId } = await until(
    `a run of package.yml on ${tag}`,
    () => github.runsOf(repo).find((run) => run.ref === tag),
    () => github.runsOf(repo),
  )
  github.moveRun({ repo, runId, by: MANAGER, to: "in_progress" })
  github.moveRun({ repo, runId, by: MANAGER, to: "completed", conclusion: "success" })
}

/**
 * Gives the number of a pull request that was told.
 * @param cancelled those that the release does not bring
 */
export async function toldAll(stage: Stage, cancelled: readonly number[], teller: Teller): Promise<number> {
  const { number } = await teller.step("Each pull request is told", async () => {
    const told = await until(
      "comments on the first pull requests",
      () => {
        const { comments } = world(stage)
        return comments.length > 1 ? comments : undefined
      },
      () => world(stage).comments,
    )
    const wrong = told.find(({ issue }) => issue !== null && cancelled.includes(issue))
    if (wrong) throw new StepFailed(`#${wrong.issue} was told of a release that it is not in: ${wrong.body}`)
    const number = told[0]?.issue ?? 1
    const says = (told[0]?.body.split("\n", 1)[0] ?? "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    return {
      what: `“${says}” on #${number} and others, a few every half a minute, since GitHub limits what notifies people; nobody on what was cancelled`,
      url: pullUrl(stage, number),
      anchor: "told",
      number,
    }
  })
  return number
}
