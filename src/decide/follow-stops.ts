import { organisationKey, type Stop } from "../model/organisation.ts"
import { own } from "../model/own.ts"
import type { Repository } from "../model/repository.ts"
import type { Line, State } from "../model/state.ts"
import { exemption, extendedBy } from "./gates/stop.ts"
import { type Run, record, reply } from "./run.ts"

interface Stopped {
  readonly organisation: string
  readonly stop: Stop
}

/** Says in the threads of releases that are cut, and in the audit trail, when an organisation's stop begins and ends. */
export function followStops(run: Run): void {
  for (const line of Object.values(run.state.lines)) {
    const now = stopOn(run.state, run.repo, line)
    const was = run.before && stopOn(run.before, run.repo, line)
    if (now && now.stop.because !== was?.stop.because) begins(run, line, now)
    else if (was && !now && isRead(run.state, was.organisation)) ends(run, line, was)
  }
}

/** The stop that holds on a line, or did when its file was read the last time; undefined: none, or none that is known. */
function stopOn({ organisations }: State, repo: Repository, line: Line): Stopped | undefined {
  const stopped = extendedBy(line).flatMap((organisation) => {
    const seen = own(organisations, organisationKey(organisation))
    const stop = seen?.stop
    return stop && exemption(stop, { repo, line }) === undefined ? [{ organisation, stop }] : []
  })
  return stopped[0]
}

/** A file that cannot be read any more lifts nothing. */
const isRead = ({ organisations }: State, name: string): boolean =>
  own(organisations, organisationKey(name))?.is !== "unread"

function begins(run: Run, line: Line, { organisation, stop }: Stopped): void {
  const { because, except, set } = stop
  const facts = { organisation, branch: line.branch, because, except: [...except] }
  record(run, "releases stopped", set ? { ...facts, since: set.at, sha: set.sha } : facts, set ? { by: set.by } : {})
  const by = set ? { by: set.by } : {}
  for (const release of cutOn(run, line))
    reply(run, release, `stopped:${run.at}`, { is: "stopped", organisation, because, ...by, at: set?.at ?? run.at })
}

function ends(run: Run, line: Line, { organisation }: Stopped): void {
  record(run, "stop lifted", { organisation, branch: line.branch })
  for (const release of cutOn(run, line))
    reply(run, release, `stop-lifted:${run.at}`, { is: "stop lifted", organisation, at: run.at })
}

const cutOn = ({ state }: Run, { branch }: Line): readonly string[] =>
  state.releases.flatMap((release) => (release.branch === branch && release.phase.is === "cut" ? [release.id] : []))
