import type { SeenCheckRun } from "../peers/github/world.ts"
import type { History } from "./history.ts"
import { MANAGER } from "./people.ts"
import { pullUrl, releasesUrl, runUrl, waitForCheck, waitForDraft } from "./place.ts"
import { merge, type Proposal, type Proposed, propose } from "./propose.ts"
import type { Stage } from "./stage.ts"
import { StepFailed, type Teller, until } from "./teller.ts"
import { channelUrl } from "./website.ts"

/** What was merged, and how the drafted release stood when it was. */
export interface Merged {
  readonly head: string
  /** What the first pull request, and a breaking one, would have released. */
  readonly impacts: readonly SeenCheckRun[]
  /** The pull request whose line is put right after its merge. */
  readonly corrected: number
  /** A pull request and the one that reverts it. */
  readonly cancelled: readonly number[]
}

const IMPACT = "Slipway / impact"

/** From the first pull request to the draft that is to be released. @throws StepFailed where something does not hold */
export async function mergeAll(stage: Stage, history: History, teller: Teller): Promise<Merged> {
  const by = history.first[0]?.by ?? MANAGER
  const [first, ...others] = history.first.map((work): Proposal => work)
  if (!first) throw new StepFailed("there is nothing to merge")
  const { opened, impacts } = await open(stage, [first, dropped(by)], teller)
  const [one, away] = opened
  const merges = await mergeThem(stage, { one, away, others, by }, teller)
  await cancel(stage, { away: away.number, back: merges.back }, teller)
  const mark = await editDraft(stage, merges.poor, teller)
  await correct(stage, merges, mark, teller)
  await announced(stage, teller)
  return { head: merges.head, impacts, corrected: merges.poor, cancelled: [away.number, merges.back] }
}

/** What the demo adds of its own, because no history can be counted on to hold it. */
const GONE = "drop the old address"
const DROPPED = `feat!: ${GONE}`
const POOR = "Tidy up the greeting"
const BETTER = "greet people in their own language"
export const ADDED = 3

const dropped = (by: string): Proposal => ({
  title: DROPPED,
  message: `${DROPPED}\n\nBREAKING CHANGE: write to the new address.`,
  by,
})

/** As GitHub's button Revert makes it. */
const broughtBack = (repo: string, number: number, sha: string, by: string): Proposal => ({
  title: `Revert "${DROPPED}"`,
  message: `Revert "${DROPPED} (#${number})"\n\nThis reverts commit ${sha}.`,
  body: `Reverts ${repo}#${number}`,
  by,
})

async function open(stage: Stage, [first, second]: readonly [Proposal, Proposal], teller: Teller) {
  return await teller.step("Two pull requests opened", async () => {
    const opened = [await propose(stage, first), await propose(stage, second)] as const
    const impacts: SeenCheckRun[] = []
    for (const { headSha } of opened)
      impacts.push(await waitForCheck(stage, headSha, "there", ({ title }) => title !== null, IMPACT))
    const says = opened.map(({ number }, at) => `of #${number} “${impacts[at]?.title}”`)
    const run = impacts[0]
    return {
      what: `before anything is merged, ${IMPACT} says ${says.join(", ")}`,
      ...(run ? { url: runUrl(stage, run) } : {}),
      anchor: "impact",
      opened,
      impacts,
    }
  })
}

interface ToMerge {
  readonly one: Proposed
  readonly away: Proposed
  readonly others: readonly Proposal[]
  readonly by: string
}

/** Each commit becomes a pull request of its author, merged by somebody else. */
async function mergeThem(stage: Stage, { one, away, others, by }: ToMerge, teller: Teller) {
  return await teller.step(`${others.length + 1 + ADDED} pull requests merged`, async () => {
    stage.github.resetRequests()
    await merge(stage, one)
    const droppedAt = await merge(stage, away)
    for (const work of others) await merge(stage, await propose(stage, work))
    const poor = await propose(stage, { title: POOR, by })
    await merge(stage, poor)
    const back = await propose(stage, broughtBack(stage.repo, away.number, droppedAt, by))
    const head = await merge(stage, back)
    await waitForCheck(stage, head, "drafted", (run) => run.title?.startsWith("Next: ") === true)
    const draft = await waitForDraft(stage, "a draft release", () => true)
    return {
      what: `one draft, ${draft.tagName}, and a neutral check on the head (${requestsTo(stage)} requests to GitHub in all, reads and writes)`,
      url: releasesUrl(stage),
      anchor: "notes",
      head,
      poor: poor.number,
      back: back.number,
    }
  })
}

/** All that Slipway asked and wrote here, but for its access token, which is good for an hour. */
const requestsTo = ({ github, repo }: Stage): number =>
  github.requests.filter((r) => r.by !== "person" && r.path.startsWith(`/repos/${repo}/`)).length

async function cancel(stage: Stage, { away, back }: { away: number; back: number }, teller: Teller): Promise<void> {
  await teller.step("A change and its revert cancel", async () => {
    const draft = await waitForDraft(stage, "a draft without what was reverted", ({ body }) => !body?.includes(GONE))
    return {
      what: `neither #${away} (${DROPPED}) nor #${back}, which reverts it, is in the notes or counts for ${draft.tagName}`,
      url: releasesUrl(stage),
      anchor: "notes",
    }
  })
}

const INTRODUCTION = `${MANAGER} says: thank you all for this one!`
const ADDITION = ` – the favourite of ${MANAGER}`

/** Above the generated part, and inside of it: on a line that stays. Gives what has to survive. */
async function editDraft(stage: Stage, poor: number, teller: Teller): Promise<readonly string[]> {
  const { marks } = await teller.step(`${MANAGER} edits the draft`, async () => {
    const draft = await waitForDraft(stage, "a draft", () => true)
    const body = draft.body ?? ""
    const line = body.split("\n").find((it) => /^- .*\(#\d+\)/.test(it) && !it.includes(`(#${poor})`))
    const edited = line === undefined ? body : body.replace(line, () => `${line}${ADDITION}`)
    await stage.github.editRelease({
      repo: stage.repo,
      releaseId: draft.id,
      by: MANAGER,
      body: `${INTRODUCTION}\n\n${edited}`,
    })
    const marks = line === undefined ? [INTRODUCTION] : [INTRODUCTION, `${line}${ADDITION}`]
    const where = line === undefined ? "above" : "above the generated notes and in one of their lines"
    return { what: `words of their own ${where}`, url: releasesUrl(stage), anchor: "notes", marks }
  })
  return marks
}

/** An override block in the description of a merged pull request. */
async function correct(
  stage: Stage,
  { head, poor }: { readonly head: string; readonly poor: number },
  mark: readonly string[],
  teller: Teller,
): Promise<void> {
  await teller.step(`#${poor} corrected after its merge`, async () => {
    const before = (await waitForDraft(stage, "a draft", () => true)).tagName
    const [owner = "", repo = ""] = stage.repo.split("/")
    const body = `BEGIN_COMMIT_OVERRIDE\n\nfeat: ${BETTER}\n\nEND_COMMIT_OVERRIDE`
    await stage.github.as(MANAGER).rest.pulls.update({ owner, repo, pull_number: poor, body })
    const after = await waitForDraft(
      stage,
      `notes with “${BETTER}” and with ${mark.map((it) => `“${it}”`).join(" and ")}`,
      (draft) => [BETTER, ...mark].every((text) => (draft.body ?? "").includes(text)),
    )
    await waitForCheck(
      stage,
      head,
      `of ${after.tagName}`,
      ({ title }) => title?.includes(after.tagName.slice(1)) === true,
    )
    const moves = before === after.tagName ? `${before} stays ${before}` : `${before} becomes ${after.tagName}`
    return {
      what: `its description says “feat: ${BETTER}” instead of “${POOR}”: ${moves}, its line is put right, and ${MANAGER}'s words are still there`,
      url: pullUrl(stage, poor),
      anchor: "corrected",
    }
  })
}

async function announced(stage: Stage, teller: Teller): Promise<void> {
  await teller.step("Announced in Slack", async () => {
    const { tagName } = await waitForDraft(stage, "a draft", () => true)
    const text = await until(
      `one message in #releases about ${tagName}`,
      async () => {
        const messages = await stage.slack.messages(stage.channel)
        return messages.length === 1 && messages[0]?.text.includes(tagName.slice(1)) ? messages[0].text : undefined
      },
      () => "no such message",
    )
    return {
      what: (text.split("\n")[0] ?? "").replace(/\.? ?<[^|>]*\|([^>]*)>/g, ""),
      url: channelUrl(stage.slack, stage.channel),
      anchor: "thread-first",
    }
  })
}
