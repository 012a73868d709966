import type { Person } from "./change.ts"
import type { Destructive } from "./destructive-sql.ts"

/** What a change brought to its branch: two commits compared, so that it never changes. */
export interface Brought {
  /** The commit that it landed on (empty: there is none), and the one that it is complete with. */
  readonly from: string
  readonly to: string
  /** Every path that it touched, a moved file's both; null: not all are known, or they are more than `PATHS_MOST`. */
  readonly paths: readonly string[] | null
  /** Lines added and removed. */
  readonly lines: number
  /** What it does to a database, file by file; the first few. */
  readonly statements: readonly Statement[]
  /** Migrations whose statements GitHub did not show. */
  readonly unshown: readonly string[]
}

/** A change of more files is of high risk, whatever they are: nobody reads them all. */
export const PATHS_MOST = 100

export interface Statement extends Destructive {
  readonly file: string
}

/** What people said of a pull request, as it was last read. */
export interface Reviews {
  /** Whose latest word is an approval of the commit that was merged. */
  readonly approved: readonly Person[]
  /** Whose latest word asks for changes, whichever commit it was for. */
  readonly refused: readonly Person[]
}
