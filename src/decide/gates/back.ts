import type { Back } from "../../model/after.ts"
import type { Gate } from "../../model/gate.ts"
import { endOf, type Release } from "../../model/release.ts"
import { list } from "../wording.ts"
import type { Subject } from "./subject.ts"

/**
 * What hotfixes mended is in a release of the default branch: a release without it would take back what people have
 * already. Shown while there is one that has not reached the branch, or that it reached too late for the candidate.
 */
export function backGate(subject: Subject): Gate | null {
  const { line, repo } = subject
  if (line.branch !== repo.defaultBranch) return null
  const missing = comingTo(subject).flatMap(({ hotfix, back }): readonly Missing[] => {
    const found = whyMissing(subject, hotfix, back)
    return found ? [{ ...found, back }] : []
  })
  // guard: hotfix-taken-back
  if (missing.length === 0) return null
  const evidence = missing.flatMap(({ back: { number, url } }) => (number && url ? [{ text: `#${number}`, url }] : []))
  return {
    name: "back",
    state: missing.some(({ state: is }) => is === "failed") ? "failed" : "pending",
    because: list(missing.map(({ because }) => because)),
    ...(evidence.length > 0 ? { evidence } : {}),
  }
}

/** The tags of the hotfixes that a release has. */
export const hotfixesIn = (subject: Subject): readonly string[] =>
  comingTo(subject).flatMap(({ hotfix, back }) => (whyMissing(subject, hotfix, back) ? [] : [hotfix.tag]))

const comingTo = ({ line, release, state }: Subject) =>
  state.releases.flatMap((hotfix) => {
    const back = hotfix.after?.back
    return back && back.to === line.branch && hotfix.component === release.component ? [{ hotfix, back }] : []
  })

interface Missing {
  readonly state: "failed" | "pending"
  readonly because: string
  readonly back: Back
}

function whyMissing(subject: Subject, { tag }: Release, back: Back): Omit<Missing, "back"> | undefined {
  const { to, number, because } = back
  const not = `the hotfix ${tag} has not reached ${to}`
  switch (back.is) {
    case "asked":
      return { state: "pending", because: `${not}: its pull request is being opened` }
    case "open":
      return { state: "pending", because: `${not}: merge #${number}` }
    case "closed":
      return { state: "failed", because: `${not}, and #${number} was closed without a merge: ${wayOut(tag, to)}` }
    case "refused":
      return { state: "failed", because: `${not}, and its pull request was refused (${because}): ${wayOut(tag, to)}` }
    case "reached":
      return isIn(subject, back)
        ? undefined
        : { state: "failed", because: `the hotfix ${tag} reached ${to} after this was cut: Re-cut takes it in` }
  }
}

const wayOut = (tag: string, to: string): string =>
  `merge ${tag} into ${to} (with “-s ours” where the fix is there in another way)`

/** Whether the release has what landed; a draft has all that the branch has, and a release what came before the last one. */
function isIn({ line, release }: Subject, { landed }: Back): boolean {
  if (release.phase.is === "drafted" || landed === undefined) return true
  const commits = line.ledger?.commits ?? []
  const at = commits.findIndex(({ sha }) => sha === landed)
  const end = endOf(release.phase.candidate)
  return at < 0 || at <= commits.findIndex(({ sha }) => sha === end)
}
