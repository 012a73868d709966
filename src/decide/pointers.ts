import { gte, prerelease, rcompare } from "semver"
import { DEFAULT_CONFIG } from "../model/config.ts"
import type { Environment, Live } from "../model/deployment.ts"
import { entryRulesIn, rulingOf } from "../model/entry-rules.ts"
import { own } from "../model/own.ts"
import { goodRef, type Pointer, type PointerMove, stableTag } from "../model/pointer.ts"
import type { Signal } from "../model/signal.ts"
import { isRolledBackFrom, lastKnownGood } from "./last-known-good.ts"
import { type Run, releaseOf } from "./run.ts"
import { plain } from "./wording.ts"

/**
 * Moves the refs that follow what is good, where the configuration asks for them (`environments.*.good`). The ref is the last
 * known good release, whatever its version. The tag goes forward alone, to a higher stable version; back it goes only where
 * the release that it stands on was rolled back.
 */
export function followGood(run: Run, signals: readonly Signal[]): void {
  const isAskedAgain = signals.some(({ kind }) => kind === "look")
  for (const environment of Object.values(run.state.environments)) {
    const { name, component = "" } = environment
    // What is live for practice is back where it was in minutes.
    if (environment.drill) continue
    const good = lastKnownGood(run.state, environment)
    const wanted = good && goodOf(run, environment, good)
    if (!good || !wanted) continue
    if (wanted.ref) move(run, goodRef(name, component), good, isAskedAgain)
    if (wanted.tag === undefined) continue
    const ref = stableTag(wanted.tag, component)
    const next = newestStable(run, environment, own(run.state.pointers, ref))
    if (next) move(run, ref, next, isAskedAgain)
  }
}

/** By the approved configuration of the branch that the release is of; of a hotfix branch by the default branch's. */
function goodOf({ state, repo }: Run, { name }: Environment, { release }: Live) {
  const of = own(state.lines, releaseOf(state, release)?.branch ?? "")
  const line = of && rulingOf(state, of, repo.defaultBranch)?.line
  return line && entryRulesIn(line.inForce.config?.value ?? DEFAULT_CONFIG, name).good
}

/** What the tag should stand on; undefined: where it is. */
function newestStable({ state }: Run, environment: Environment, at: Pointer | undefined): Pointer | undefined {
  const [newest] = environment.good
    .filter(({ version }) => prerelease(version) === null)
    .filter(({ release }) => !isRolledBackFrom(state, environment, release))
    .toSorted((a, b) => rcompare(a.version, b.version))
  if (!newest || !at) return newest
  // guard: stable-goes-forward
  const isForward = gte(newest.version, at.version)
  return isForward || isRolledBackFrom(state, environment, at.release) ? newest : undefined
}

/** Once for each commit. What GitHub refused is tried again by the next release, or when something is to be read again. */
function move(run: Run, ref: string, { release, version, sha }: Pointer, isAskedAgain: boolean): void {
  const { pointers = {} } = run.state
  const before = own(pointers, ref)
  const isRefused = run.state.refused[pointerTarget(ref)] !== undefined
  if (before?.release === release && before.sha === sha && !(isRefused && isAskedAgain)) return
  run.state = { ...run.state, pointers: { ...pointers, [ref]: { release, version, sha } } }
  const target = pointerTarget(ref)
  const content: PointerMove = { ref, release, version, sha }
  run.effects.push({ kind: "pointer", key: `${target}@${run.at}`, target, lane: target, mode: "replace", content })
}

const pointerTarget = (ref: string): string => `pointer:${ref}`

/** Why the refs of an environment do not stand where they should. */
export function pointerTrouble(run: Run, environment: Environment): readonly string[] {
  const { name, component = "" } = environment
  const good = lastKnownGood(run.state, environment)
  const wanted = good && goodOf(run, environment, good)
  const refs = [
    ...(wanted?.ref ? [goodRef(name, component)] : []),
    ...(wanted?.tag === undefined ? [] : [stableTag(wanted.tag, component)]),
  ]
  return refs.flatMap((ref) => {
    const because = run.state.refused[pointerTarget(ref)]
    return because === undefined ? [] : [`refs/${ref} could not be moved: ${plain(because)}`]
  })
}
