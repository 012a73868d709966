import { startComponentFrom } from "../model/component-ledger.ts"
import { isStable, tagsFrom, withMark, withOutside } from "../model/known-tags.ts"
import { type Base, holds, type Ledger, type Start, startFrom } from "../model/ledger.ts"
import { STABLE } from "../model/line-kind.ts"
import { own } from "../model/own.ts"
import type { Beside } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { putLine, type Run } from "./run.ts"

/**
 * A line after a release of its own: a stable one is what it starts from, a prerelease stays behind it, since the next
 * stable release brings all that came since the last one.
 */
export function lineAfter(line: Line, component: string, out: Base): Pick<Line, "ledger" | "broken"> {
  const { ledger } = line
  if (!ledger) return {}
  const after = isStable(out.version) ? startedFrom(ledger, component, out) : marked(ledger, component, out)
  return after ? { ledger: after } : { broken: `${out.tag} is not on ${line.branch}` }
}

function startedFrom(ledger: Ledger, component: string, out: Base): Ledger | null {
  const known = own(ledger.starts, component)?.tags
  const after = ledger.starts ? startComponentFrom(ledger, component, out) : startFrom(ledger, out)
  if (!after?.starts || !known) return after
  return withStart(after, component, (start) => ({ ...start, tags: tagsFrom(known, out, after.commits) }))
}

function marked(ledger: Ledger, component: string, out: Base): Ledger | null {
  if (!ledger.commits.some(({ sha }) => sha === out.sha) && !holds(ledger, out.sha)) return null
  return withStart(ledger, component, (start) => ({ ...start, tags: withMark(start.tags, out) }))
}

/** Where the changes of a component begin, changed: in the ledger itself where the repository is one component. */
function withStart<S extends Start>(ledger: Ledger, component: string, change: (start: Start) => S): Ledger {
  if (!ledger.starts) return { ...ledger, ...change(ledger) }
  const start = own(ledger.starts, component)
  return start ? { ...ledger, starts: { ...ledger.starts, [component]: change(start) } } : ledger
}

/** The others learn that the version is out; one that has the commit too may start from it, and is read again. */
export function tellOthers(run: Run, { branch, component }: Beside, out: Base): void {
  for (const line of Object.values(run.state.lines)) {
    const { ledger, kind = STABLE } = line
    if (line.branch === branch || !ledger || line.retired !== undefined) continue
    const told = ({ base, tags, ...start }: Start) => ({
      ...start,
      base,
      ...(tags ? { tags: withOutside(tags, base, kind, out) } : {}),
    })
    if (holds(ledger, out.sha)) putLine(run, { ...line, outdated: `${out.tag} was released on ${branch}` })
    else putLine(run, { ...line, ledger: withStart(ledger, component, told) })
  }
}
