import { type Dialect, MYSQL, STANDARD, type Token, tokensIn } from "./sql-words.ts"
import { firstOf } from "./storable.ts"

/** A statement after which the code that ran before it may fail: what it uses is gone, renamed, or asks for more. */
export interface Destructive {
  readonly is: "drop" | "rename" | "type" | "not null"
  /** Its first words, as it is written: `ALTER TABLE users DROP COLUMN name`. */
  readonly text: string
}

/** More of them in one file say no more. */
const FOUND_MOST = 20
const TEXT_MOST = 80

/**
 * The statements in SQL that break the code of the release before: `DROP` (but of an index or a constraint), `RENAME`,
 * a column's new type, and `NOT NULL` without a default. It is read as the standard has it and as MySQL does, and what
 * either would run counts: a warning too many is better than a statement in what only looks like a comment.
 *
 * @returns each once, in order; at most 20
 */
export function destructiveIn(sql: string): readonly Destructive[] {
  const up = upward(sql)
  const found = new Map<number, Destructive>()
  for (const dialect of [STANDARD, MYSQL]) for (const [at, one] of foundBy(up, dialect)) found.set(at, one)
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)
    .slice(0, FOUND_MOST)
}

/** goose, dbmate and sql-migrate keep the way back in the same file: it runs at a rollback only. */
const DOWN = /^--[ \t]{0,10}(?:\+goose[ \t]{1,10}Down|migrate:down|\+migrate[ \t]{1,10}Down)\b/im

const upward = (sql: string): string => sql.slice(0, DOWN.exec(sql)?.index ?? sql.length)

function foundBy(sql: string, dialect: Dialect): readonly (readonly [number, Destructive])[] {
  return statementsOf(tokensIn(sql, dialect)).flatMap((statement) => {
    const is = judge(statement)
    const [first] = statement
    const last = statement.at(-1)
    if (is === undefined || !first || !last) return []
    const text = sql.slice(first.at, last.at + last.text.length + (last.is === "word" || last.is === "mark" ? 0 : 2))
    return [[first.at, { is, text: shown(text) }] as const]
  })
}

function shown(text: string): string {
  const line = text.slice(0, 4 * TEXT_MOST).replace(/\s+/g, " ")
  return line.length > TEXT_MOST ? `${firstOf(line, TEXT_MOST - 1)}…` : line
}

function statementsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const all: Token[][] = [[]]
  for (const token of tokens)
    if (token.is === "mark" && token.text === ";") all.push([])
    else all.at(-1)?.push(token)
  return all.filter((one) => one.length > 0)
}

/** What may be dropped, or renamed, without a word to the code. */
const SPARED = ["INDEX", "CONSTRAINT", "KEY", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "NOT", "IDENTITY", "EXPRESSION"]
const FILLED = ["DEFAULT", "GENERATED", "IDENTITY", "SERIAL", "BIGSERIAL", "SMALLSERIAL", "AUTO_INCREMENT"]

function judge(statement: readonly Token[]): Destructive["is"] | undefined {
  const word = (at: number) => wordOf(statement[at])
  const isOfIndex = word(0) === "ALTER" && word(1) === "INDEX"
  for (let at = 0; at < statement.length; at += 1) {
    const isSpared = SPARED.includes(word(at + 1))
    if (word(at) === "DROP" && word(at - 1) !== "COMMIT" && !isSpared) return "drop"
    if (["RENAME", "SP_RENAME"].includes(word(at)) && !isSpared && !isOfIndex) return "rename"
  }
  const table = statement.findIndex((_, at) => word(at) === "ALTER" && word(at + 1) === "TABLE")
  return table < 0 ? undefined : judgeActions(splitAtCommas(statement.slice(table + 2)))
}

const wordOf = (token: Token | undefined): string => (token?.is === "word" ? token.text : "")

const VERBS = ["ADD", "ALTER", "CHANGE", "MODIFY"]

/** What an `ALTER TABLE` does, one after the other; one without a verb goes on with the one before. */
function judgeActions(actions: readonly (readonly Token[])[]): Destructive["is"] | undefined {
  let verb = ""
  for (const action of actions) {
    const at = action.findIndex((token) => VERBS.includes(wordOf(token)))
    if (at >= 0) verb = wordOf(action[at])
    const rest = action.slice(at + 1)
    if (verb === "CHANGE") return "rename"
    if (verb === "MODIFY" || (verb === "ALTER" && retypes(rest))) return "type"
    if (verb === "ALTER" && hasNotNull(rest) && rest.some((token) => wordOf(token) === "SET")) return "not null"
    if (verb === "ADD" && demands(rest)) return "not null"
  }
  return undefined
}

/** `ALTER [COLUMN] c [SET DATA] TYPE t`; SQL Server's `ALTER COLUMN c t`. */
function retypes(rest: readonly Token[]): boolean {
  if (rest.some((token) => wordOf(token) === "TYPE")) return true
  if (wordOf(rest[0]) !== "COLUMN") return false
  const after = rest.slice(2).find(({ is }) => is === "word")
  return after !== undefined && !["SET", "DROP", "ADD", "RESET", "RESTART"].includes(after.text)
}

/** A column that is added as `NOT NULL` and that nothing fills: what the code before inserts is refused. */
function demands(rest: readonly Token[]): boolean {
  const from = wordOf(rest[0]) === "COLUMN" ? 1 : 0
  const inner = rest[from]?.text === "(" ? splitAtCommas(rest.slice(from + 1)) : [rest.slice(from)]
  return inner.some((tokens) => {
    const column = outside(tokens)
    if (CONSTRAINTS.includes(wordOf(column[0]))) return false
    return hasNotNull(column) && !column.some((token) => FILLED.includes(wordOf(token)))
  })
}

const CONSTRAINTS = ["CONSTRAINT", "CHECK", "FOREIGN", "PRIMARY", "UNIQUE", "INDEX", "KEY"]

const hasNotNull = (tokens: readonly Token[]): boolean =>
  tokens.some((token, at) => wordOf(token) === "NOT" && wordOf(tokens[at + 1]) === "NULL")

function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const all: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.text === "(" && token.is === "mark") depth += 1
    else if (token.text === ")" && token.is === "mark") depth -= 1
    if (token.text === "," && token.is === "mark" && depth === 0) all.push([])
    else all.at(-1)?.push(token)
  }
  return all
}

/** What does not stand in brackets: `CHECK (a IS NOT NULL)` says nothing of the column. */
function outside(tokens: readonly Token[]): readonly Token[] {
  let depth = 0
  return tokens.filter(({ is, text }) => {
    if (is === "mark" && text === ")") depth -= 1
    const isOutside = depth <= 0
    if (is === "mark" && text === "(") depth += 1
    return isOutside
  })
}
