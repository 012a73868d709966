import { kindOf } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import type { Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import { configOf } from "./plan-of.ts"
import { giveBack } from "./releases.ts"
import { putLine, type Run, record } from "./run.ts"

/**
 * Says of each line what it makes, by the configuration of the default branch: no other branch can make itself one that
 * releases. One that is none any more, and a hotfix branch that was deleted, is retired: its open releases are given back,
 * and it is kept for the pages of what it released.
 */
export function followConfiguration(run: Run, signals: readonly Signal[]): void {
  const { defaultBranch } = run.repo
  const home = own(run.state.lines, defaultBranch)
  if (!home || home.config.is === "invalid" || isUnread(run, defaultBranch)) return
  const config = configOf(home)
  for (const line of Object.values(run.state.lines)) {
    const kind = kindOf(config, line.branch, defaultBranch)
    if (kind === null && line.branch !== defaultBranch)
      retire(run, line, `${line.branch} is no release branch any more`)
    else if (kind?.is === "hotfix" && isGone(run, line, signals))
      retire(run, line, `the branch ${line.branch} was deleted`)
    else putLine(run, { ...revived(run, line), ...(kind && kind.is !== "stable" ? { kind } : {}) })
  }
}

/** What could not be read decides nothing: a branch is not retired for it. */
const isUnread = (run: Run, branch: string): boolean =>
  run.state.unknown.some(({ what }) => what === `config:${branch}`)

function isGone({ facts }: Run, { branch }: Line, signals: readonly Signal[]): boolean {
  const last = signals.findLast((s) => s.kind === "moved" && s.branch === branch)
  if (last?.kind === "moved") return last.deleted
  return facts.learned.hotfixes?.includes(branch) === false
}

/** Without the kind, which is said anew, and back among the lines where its history was read again. */
function revived(run: Run, line: Line): Line {
  const { kind: _, retired, ...rest } = line
  return retired !== undefined && !own(run.facts.learned.ledgers, line.branch) ? { ...rest, retired } : rest
}

function retire(run: Run, line: Line, because: string): void {
  if (line.retired !== undefined) return
  for (const release of run.state.releases) {
    const isUnderWay = release.phase.is === "cut" && release.phase.publishing !== undefined
    if (release.branch === line.branch && release.phase.is !== "published" && !isUnderWay)
      giveBack(run, release, because)
  }
  const { broken: _, outdated: __, ...rest } = line
  record(run, "branch retired", { branch: line.branch, because })
  putLine(run, { ...rest, retired: because })
}
