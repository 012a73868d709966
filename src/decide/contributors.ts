import type { Change, Person } from "../model/change.ts"
import { group, type Ledger, startOf } from "../model/ledger.ts"
import type { Newcomer } from "../model/notes.ts"
import type { Contributors, State } from "../model/state.ts"
import { isBareMerge } from "./voices.ts"

/** Above it, older ones are forgotten, and from then on only GitHub's word makes somebody new. */
const KEPT = 5_000
const READ_LIMIT = 64_000

export const isPerson = (person: Person): boolean => person.type === "User" || person.type === "Mannequin"

/** Logins of Apps end so; GitHub lets no person take such a name. What writes in a person's name is named here. */
export const isBot = (login: string): boolean => login.endsWith("[bot]") || AGENTS.includes(login.toLowerCase())

const AGENTS = ["copilot", "web-flow", "renovate-bot", "dependabot", "github-actions"]

/**
 * Logins of the people who wrote the changes, each once, in order, bots left out: who opened the pull request, who wrote
 * its commits, and whom they name as co-authors by GitHub's own addresses.
 */
export function contributorsOf(changes: readonly Change[]): readonly string[] {
  const logins = new Map<string, string>()
  // The same few people come again and again; null: a bot.
  const keys = new Map<string, string | null>([["", null]])
  const add = (login: string) => {
    let key = keys.get(login)
    if (key === undefined) {
      key = isBot(login) ? null : login.toLowerCase()
      keys.set(login, key)
    }
    if (key !== null) logins.set(key, login)
  }
  for (const { pull, commits } of changes) {
    if (pull && isPerson(pull.author)) add(pull.author.login)
    for (const commit of commits) {
      // Who pressed Merge wrote nothing of it.
      if (commit.author !== undefined && !isBareMerge(commit)) add(commit.author)
      for (const login of coAuthors(commit.message)) add(login)
    }
  }
  return [...logins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, login]) => login)
}

/**
 * https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
 * Any other address says nothing of who has it.
 */
const CO_AUTHOR =
  /^co-authored-by:[^<>\n]{0,200}<(?:\d{1,20}\+)?([a-z\d][a-z\d-]{0,38}(?:\[bot\])?)@users\.noreply\.[\w.-]{1,100}>[ \t\r]*$/gim

const NOBODY: readonly string[] = []

function coAuthors(message: string): readonly string[] {
  if (!/co-authored-by:/i.test(message)) return NOBODY
  return [...message.slice(-READ_LIMIT).matchAll(CO_AUTHOR)].map(([, login = ""]) => login)
}

/**
 * Whose first contribution is among the changes, each once, with its number. Only those who are known to be new:
 * GitHub called them so when their pull request was merged, or the whole history is known and they are not in it.
 *
 * @param earlier who contributed to what is released already; undefined: nobody knows
 */
export function newcomersOf(changes: readonly Change[], earlier: Contributors | undefined): readonly Newcomer[] {
  const known = new Set(earlier?.logins)
  const newcomers: Newcomer[] = []
  for (const { pull } of changes) {
    if (!pull || !isPerson(pull.author) || isBot(pull.author.login)) continue
    const login = pull.author.login.toLowerCase()
    if (known.has(login)) continue
    known.add(login)
    if (pull.firstTime || earlier?.whole) newcomers.push({ login: pull.author.login, number: pull.number })
  }
  return newcomers
}

/**
 * Remembers who contributed to what has just left the ledgers: those are no newcomers of later releases. Nothing is
 * read for it. Where changes went by that Slipway has not seen, the history is no longer known as a whole; nor is it where
 * components begin at places of their own, of which none leaves the ledger when one is released.
 */
export function rememberContributors(before: State | undefined, after: State): State {
  const lines = Object.values(after.lines).filter((line) => line.ledger)
  if (lines.length === 0) return after
  const fresh = { whole: lines.every(({ ledger }) => ledger && startOf(ledger) === null), logins: [] }
  let known: Contributors = after.contributors ?? fresh
  if (known.whole && lines.some(({ ledger }) => ledger?.starts)) known = { ...known, whole: false }
  for (const { branch, ledger } of lines) {
    const old = before?.lines[branch]?.ledger
    if (ledger && old) known = withGone(known, old, ledger)
  }
  return known === after.contributors ? after : { ...after, contributors: known }
}

function withGone(known: Contributors, old: Ledger, ledger: Ledger): Contributors {
  const start = startOf(ledger)?.sha
  if (start === undefined || start === startOf(old)?.sha) return known
  const kept = new Set(ledger.commits.map(({ sha }) => sha))
  const gone = group(old.commits, old.pulls).filter(({ sha }) => !kept.has(sha))
  const seen = old.commits.some(({ sha }) => sha === start)
  const logins = [...new Set([...known.logins, ...contributorsOf(gone).map((login) => login.toLowerCase())])]
  return { whole: known.whole && seen && logins.length <= KEPT, logins: logins.slice(-KEPT) }
}
