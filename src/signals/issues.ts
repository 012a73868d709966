import { z } from "zod"
import { hashOf } from "../model/hash.ts"
import { type IssueState, stateOfClosedIssue } from "../model/issue.ts"
import { issueSubject } from "../model/joint.ts"
import { POST_MORTEM_MARK } from "../model/post-mortem.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import { incidentText } from "./incident-text.ts"
import { Account, Instant, type Reception, Text } from "./payload.ts"

const Issue = z.object({
  action: z.string(),
  issue: z.object({
    number: z.int(),
    body: z.string().nullish(),
    state: z.string().nullish(),
    state_reason: z.string().nullish(),
    labels: z.array(z.object({ name: Text })).nullish(),
  }),
  sender: Account,
})

/**
 * An issue that was closed or reopened, or got or lost a label: a plan's feature or checklist may be bound to it. Of issues
 * that are edited only post-mortems are of interest, for their actions. Who
 * closed it is told by the event of its end alone; what is known of that stays when a label comes later.
 */
export function issues(payload: unknown, { at }: Reception): readonly Signal[] {
  const { action, issue, sender } = Issue.parse(payload)
  const labels = issue.labels?.map(({ name }) => name) ?? []
  const said = { kind: "issue" as const, number: issue.number }
  switch (action) {
    case "reopened":
      return [{ ...said, state: "open", signs: { labels } }]
    case "closed":
      return [{ ...said, state: stateOfClosedIssue(issue.state_reason), signs: { labels, closedBy: sender.login } }]
    case "edited":
      return issue.body?.includes(POST_MORTEM_MARK) ? [{ ...said, state: stateOf(issue), signs: { labels } }] : []
    case "labeled":
    case "unlabeled": {
      return [{ ...said, state: stateOf(issue), signs: { labels } }, ...labelled(payload, at)]
    }
    default:
      return []
  }
}

const stateOf = ({ state, state_reason: reason }: z.output<typeof Issue>["issue"]): IssueState =>
  state === "open" ? "open" : stateOfClosedIssue(reason)

const Labelled = z.object({
  action: z.enum(["labeled", "unlabeled"]),
  label: z.object({ name: Text }),
  issue: z.object({
    number: z.int(),
    state: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    user: Account.nullish(),
    updated_at: Instant,
  }),
  sender: Account,
})

/** 96 bits, as of a press. */
const SIGNED_LENGTH = 24

/**
 * The label of an open issue may ask for a rollback; for one that is opened with labels GitHub sends this as well. One that is
 * taken off takes back what was asked for, also where the issue is closed by then.
 */
function labelled(payload: unknown, at: string): readonly Signal[] {
  const { success, data } = Labelled.safeParse(payload)
  if (!success) return []
  const { issue, sender: by } = data
  const of = { number: issue.number, label: data.label.name, by, since: issue.updated_at, at }
  if (data.action === "unlabeled") return [{ kind: "unlabelled", ...of }]
  if (issue.state !== "open") return []
  const says = incidentText(issue.title, issue.body ?? "")
  const author = issue.user ? { author: issue.user } : {}
  const signed = hashOf(payload).slice(0, SIGNED_LENGTH)
  return [{ kind: "labelled", ...of, says, ...author, signed }]
}

/** What other repositories hear of issues and pull requests of this one, with what they have to listen to for it. */
export function issuesElsewhere(
  repo: Repository,
  signals: readonly Signal[],
): readonly { readonly subject: string; readonly signal: Signal }[] {
  const of = fullName(repo)
  return signals.flatMap((signal) =>
    signal.kind === "issue" ? [{ subject: issueSubject(`${of}#${signal.number}`), signal: { ...signal, of } }] : [],
  )
}
