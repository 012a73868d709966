import type { Statement } from "../model/brought.ts"
import { own } from "../model/own.ts"
import { isCode } from "../model/risk-paths.ts"
import type { Subject } from "./gates/subject.ts"
import { list, plain, plural, short } from "./wording.ts"

const SHOWN = 3

const WHAT: { readonly [Is in Statement["is"]]: string } = {
  drop: "drops what code may still use",
  rename: "renames what code may still use",
  type: "changes a type that code may rely on",
  "not null": "asks for a value that the code before does not give",
}

/**
 * What a release does to a database together with the code that needs it. While it is deployed both versions of the
 * code run, and a rollback brings the old code to the new database: expand first, contract a release later.
 * https://martinfowler.com/bliki/ParallelChange.html
 */
export function expandContract({ state, covered }: Subject): readonly string[] {
  const brought = covered.map((change) => ({ change, of: own(state.brought, change.id) }))
  const unshown = brought.flatMap(({ of }) => of?.unshown ?? [])
  const unread = unshown.map((file) =>
    plain(`GitHub does not show what “${file}” does to the database: read it yourself.`),
  )
  const found = brought.flatMap(({ change, of }) => (of?.statements ?? []).map((one) => ({ change, ...one })))
  const hasCode = brought.some(({ of }) => of && (of.paths === null || of.paths.some(isCode)))
  if (found.length === 0 || !hasCode) return unread.slice(0, SHOWN)
  const said = found.slice(0, SHOWN).map(({ change, file, text, is }) => {
    const where = change.pull ? change.id : short(change.sha)
    return plain(`${where} ${WHAT[is]}, in one release with code: “${text}” in ${file}.`)
  })
  const more = found.length > SHOWN ? [`… and ${plural(found.length - SHOWN, "more statement")} of that kind.`] : []
  const files = list([...new Set(found.map(({ file }) => file))])
  const wayOut = plain(
    `A rollback would bring the old code to the new database: release the code that needs nothing of it first, and ${files} in the release after.`,
  )
  return [...said, ...more, wayOut, ...unread.slice(0, SHOWN)]
}
