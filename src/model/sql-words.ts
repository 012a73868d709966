/** How a database reads quotes and comments: what is a comment to one is a statement to another. */
export interface Dialect {
  /** `\'` does not end a string (MySQL, unless `NO_BACKSLASH_ESCAPES`). */
  readonly backslash: boolean
  /** `#` begins a comment, and `--` only before a space (MySQL). */
  readonly hash: boolean
  /** Comments stand in each other (PostgreSQL, SQL Server). */
  readonly nested: boolean
}

export const STANDARD: Dialect = { backslash: false, hash: false, nested: true }
export const MYSQL: Dialect = { backslash: true, hash: true, nested: false }

/** A word (in capitals, unless it is quoted), or one character of punctuation. */
export interface Token {
  readonly text: string
  readonly is: "word" | "name" | "string" | "mark"
  /** Where it begins in the text. */
  readonly at: number
}

const WORD = /[\p{L}_$@][\p{L}\p{N}_$@]*/uy
const SPACE = /\s+/y

/**
 * The tokens of SQL without its comments. What stands between dollar quotes, and in MySQL's executable comments
 * (`/*!`), is read like the rest, since databases run it. A quote or a comment that never ends hides nothing: what opens
 * it is passed over as a mark. Takes time in proportion to the text.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html, https://dev.mysql.com/doc/refman/8.4/en/comments.html
 */
export function tokensIn(sql: string, dialect: Dialect): readonly Token[] {
  const tokens: Token[] = []
  const ends = createEnds(sql, dialect)
  let at = 0
  while (at < sql.length) {
    const skipped = match(SPACE, sql, at) ?? commentAt(sql, at, dialect, ends)
    if (skipped !== undefined) {
      at = skipped
      continue
    }
    const char = sql[at] ?? ""
    const close = QUOTES[char] === undefined ? undefined : ends.ofQuote(at, char)
    const word = close === undefined ? match(WORD, sql, at) : undefined
    const next = close ?? word ?? at + 1
    const text = sql.slice(at, next)
    if (close !== undefined) tokens.push({ text: text.slice(1, -1), is: QUOTES[char] ?? "name", at })
    else if (word !== undefined) tokens.push({ text: text.toUpperCase(), is: "word", at })
    else tokens.push({ text, is: "mark", at })
    at = next
  }
  return tokens
}

const QUOTES: { readonly [char: string]: "name" | "string" } = { "'": "string", '"': "name", "`": "name" }

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** Where the comment ends that begins here; undefined: none does. */
function commentAt(sql: string, at: number, dialect: Dialect, ends: Ends): number | undefined {
  const two = sql.slice(at, at + 2)
  const isLine = dialect.hash ? sql[at] === "#" || (two === "--" && /^\s?$/.test(sql.charAt(at + 2))) : two === "--"
  if (isLine) {
    const end = sql.indexOf("\n", at)
    return end < 0 ? sql.length : end
  }
  if (two === "*/") return at + 2
  if (two !== "/*") return undefined
  if (sql[at + 2] === "!") return match(/\d*/y, sql, at + 3) ?? at + 3
  return ends.ofComment(at)
}

interface Ends {
  ofQuote(at: number, quote: string): number | undefined
  ofComment(at: number): number | undefined
}

/** Looks for ends; where one was looked for in vain, none is looked for again: else a line of quotes took for ever. */
function createEnds(sql: string, { backslash, nested }: Dialect): Ends {
  const lost = new Set<string>()
  const remember = (what: string, end: number | undefined) => {
    if (end === undefined) lost.add(what)
    return end
  }
  return {
    ofQuote: (at, quote) => (lost.has(quote) ? undefined : remember(quote, quoteEnd(sql, at, quote, backslash))),
    ofComment: (at) => (lost.has("/*") ? undefined : remember("/*", commentEnd(sql, at, nested))),
  }
}

/** A doubled quote stands for itself. */
function quoteEnd(sql: string, start: number, quote: string, backslash: boolean): number | undefined {
  for (let at = start + 1; at < sql.length; at += 1) {
    if (backslash && sql[at] === "\\" && quote !== "`") at += 1
    else if (sql[at] === quote && sql[at + 1] === quote) at += 1
    else if (sql[at] === quote) return at + 1
  }
  return undefined
}

function commentEnd(sql: string, start: number, nested: boolean): number | undefined {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start + 2
  let depth = 1
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    if (mark[0] === "*/") depth -= 1
    else if (nested) depth += 1
    if (depth === 0) return mark.index + 2
  }
  return undefined
}
