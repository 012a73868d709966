import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Bump } from "../model/version.ts"
import { strongestVoice, voicesOf } from "./classify.ts"

/** What the rule list, and where it is silent the preset, makes of one change: for its bump and for its notes. */
export interface Ruled {
  /** What it asks for at 1.0.0 and above; null: nothing. */
  readonly bump: Bump | null
  /** The section that a rule names; undefined: the preset's section for the change's type. */
  readonly section: string | undefined
  /** Left out of the notes and of the bump. */
  readonly exclude: boolean
  /** Told together with others of its section. */
  readonly fold: boolean
}

/** What version and notes both ask of a change. */
export function ruleOf(change: Change, config: Config): Ruled {
  const bump = strongestVoice(voicesOf(change, config.version.from))?.said.asks ?? null
  return { bump, section: undefined, exclude: false, fold: false }
}
