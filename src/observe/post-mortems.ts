import { type ActionItem, actionItemsIn } from "../model/action-items.ts"
import type { FollowedPostMortem, PostMortemSeen } from "../model/post-mortem.ts"
import { fullName } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import type { Findings } from "./findings.ts"
import { readIssue } from "./issues.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** Of more issues than these it is not asked whether they are closed: they count as open. */
const REFS_MOST = 20

/**
 * The post-mortems that are read in this run: those that somebody touched, or an issue that their actions name; and by a
 * timer, those of which people are to be reminded, since a webhook may be lost. A push or a merge never pays for it.
 */
export function postMortemNeeds(
  state: State | undefined,
  signals: readonly Signal[],
  now: Date,
): readonly FollowedPostMortem[] {
  if (state === undefined || state.uninstalled) return []
  const touched = new Set(
    signals.flatMap((s) => (s.kind === "issue" ? [`${s.of ?? ""}#${s.number}`.toLowerCase()] : [])),
  )
  const isTimer = signals.every(({ kind }) => kind === "ended" || kind === "issue")
  return (state.postMortems ?? []).filter(({ is, number, next, refs = [] }) => {
    if (is !== "open" || number === undefined) return false
    const isDue = isTimer && next !== undefined && next <= now.toISOString()
    return isDue || [`#${number}`, ...refs].some((ref) => touched.has(ref.toLowerCase()))
  })
}

/** Reads what each of them says now, and whether the issues that its open actions name are closed. */
export async function readPostMortems(
  reader: Reader,
  findings: Findings,
  needs: readonly FollowedPostMortem[],
): Promise<void> {
  await Promise.all(
    needs.map(async ({ id, number }) => findings.take("postMortems", id, await readPostMortem(reader, number ?? 0))),
  )
}

/** https://docs.github.com/en/rest/issues/issues#get-an-issue */
async function readPostMortem(reader: Reader, number: number): Promise<Read<PostMortemSeen>> {
  const answer = await reader.ask((at) => reader.rest.issues.get({ ...at, issue_number: number }))
  if (answer.is === "refused")
    return answer.error.is === "gone"
      ? read({ is: "gone", actions: [], refs: [] })
      : unknown(`the post-mortem #${number} could not be read: ${whyUnknown(answer.error)}`)
  const { body, state, state_reason: reason } = answer.data
  const items = actionItemsIn(body ?? "", fullName(reader.repo))
  const refs = [...new Set(items.flatMap((item) => (item.isTicked ? [] : item.refs)))]
  const closed = await closedAmong(reader, refs.slice(0, REFS_MOST))
  return read({
    is: state !== "closed" ? "open" : reason === "not_planned" ? "dropped" : "closed",
    actions: items.map((item) => ({ text: item.text, isDone: isDone(item, closed) })),
    refs,
  })
}

/** Ticked; or it names issues, and all of them are closed. */
const isDone = ({ isTicked, refs }: ActionItem, closed: ReadonlySet<string>): boolean =>
  isTicked || (refs.length > 0 && refs.every((ref) => closed.has(ref)))

/** What cannot be read, and a pull request that was not merged, is not done. */
async function closedAmong(reader: Reader, refs: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    refs.map(async (ref) => {
      const issue = await readIssue(reader, ref)
      return issue.is === "read" && ["closed", "not planned"].includes(issue.value.state) ? [ref] : []
    }),
  )
  return new Set(found.flat())
}
