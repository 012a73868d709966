import type { Lasting } from "../../model/lasting.ts"
import { own } from "../../model/own.ts"
import { isBeside, type Release } from "../../model/release.ts"
import type { RollbackEnd } from "../../model/rollback.ts"
import type { State } from "../../model/state.ts"
import type { Subject } from "../gates/subject.ts"
import { releaseOf } from "../run.ts"
import { plain, short } from "../wording.ts"

/** A release that lists more is a rewrite of its database either way. */
const KEPT = 10

/** What a release that is being published does to a database; later nobody can tell. */
export function lastingIn({ state, covered }: Subject): Lasting {
  const all = covered.map((change) => ({ change, of: own(state.brought, change.id) }))
  const done = all.flatMap(({ of }) => of?.statements ?? []).map(({ text, file }) => plain(`“${text}” in ${file}`))
  const unread = all.flatMap(({ change, of }) =>
    of ? of.unshown.map((file) => plain(`“${file}”`)) : [`what ${change.pull ? change.id : short(change.sha)} changed`],
  )
  return { done: [...new Set(done)].slice(0, KEPT), unread: [...new Set(unread)].slice(0, KEPT) }
}

/** More releases than this nobody leaves at once. */
const WALKED = 50

/**
 * What going from one release back to an earlier one does not undo: the database keeps what every release between them did
 * to it. Where one of them is not known any more, nobody can tell.
 */
export function notUndone(state: State, from: RollbackEnd, to: RollbackEnd): Lasting {
  const found: Lasting[] = []
  let at = releaseOf(state, from.release)
  for (let walked = 0; at && at.id !== to.release && walked < WALKED; walked++) {
    found.push(lastingOf(at))
    at = before(state, at)
  }
  const isWhole = at?.id === to.release
  const unread = [...found.flatMap((one) => one.unread), ...(isWhole ? [] : [`the releases since ${to.version}`])]
  return { done: [...new Set(found.flatMap(({ done }) => done))], unread: [...new Set(unread)] }
}

const lastingOf = ({ phase, tag }: Release): Lasting =>
  (phase.is === "published" ? phase.lasting : undefined) ?? { done: [], unread: [`what ${tag} changed`] }

const before = (state: State, release: Release): Release | undefined =>
  state.releases.find((one) => isBeside(one, release) && one.tag === release.previous?.tag)
