import type { Change } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Bump } from "../model/version.ts"
import type { Voice } from "../model/voice.ts"
import { fitsChange, fitsVoice, type Rule } from "./rule-conditions.ts"
import { loudness, voicesOf } from "./voices.ts"

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
  /** The text that asks for the most; undefined: nothing speaks. */
  readonly voice: Voice | undefined
}

/**
 * What version and notes both ask of a change.
 *
 * Each of its texts is sized by the first rule that fits it, and the strongest of them speaks for the change. What a
 * rule does not say, and what no rule fits, is the preset's. A breaking change stays one whatever `bump` a rule gives
 * its type: only `exclude`, which somebody wrote for just that, takes it out. A change is left out when each of its texts
 * is.
 */
export function ruleOf(change: Change, config: Config, said = saidBy(change, config)): Ruled {
  const loudest = loudestOf(said)
  return {
    bump: loudest?.bump ?? null,
    section: loudest?.rule?.section,
    exclude: loudest === undefined,
    fold: loudest?.rule?.fold ?? false,
    voice: loudest?.voice,
  }
}

/** What each of some changes says, in their order: read once, for the version and for the notes. */
export function saidByEach(changes: readonly Change[], config: Config): readonly (readonly Sized[])[] {
  const known = saidBefore.get(changes)
  if (known?.config === config) return known.each
  const each = changes.map((change) => saidBy(change, config))
  saidBefore.set(changes, { config, each })
  return each
}

const saidBefore = new WeakMap<
  readonly Change[],
  { readonly config: Config; readonly each: readonly (readonly Sized[])[] }
>()

/** What a change says in the end: its texts as the rules size them, but for those that they leave out. */
function saidBy(change: Change, config: Config): readonly Sized[] {
  const rules = config.changes.length === 0 ? NONE : config.changes.filter((rule) => fitsChange(rule, change))
  const voices = voicesOf(change, config.version.from)
  const said: readonly (Voice | undefined)[] = voices.length === 0 ? SILENT : voices
  const sized = said.map((voice) => sizeOf(voice, rules, config))
  return rules === NONE ? sized : sized.filter(({ rule }) => !rule?.exclude)
}

/** What asks for the most; of equals the first. Undefined: nothing is said. */
export const loudestOf = (said: readonly Sized[]): Sized | undefined =>
  said.length === 1
    ? said[0]
    : said.reduce<Sized | undefined>((most, one) => (most && most.rank >= one.rank ? most : one), undefined)

const NONE: readonly Rule[] = []
/** Rules for labels and files fit a change without a word, too. */
const SILENT: readonly undefined[] = [undefined]

/** One text of a change as the rules size it. */
export interface Sized {
  /** Undefined: the change has no text, but its labels and files may fit a rule. */
  readonly voice: Voice | undefined
  readonly rule: Rule | undefined
  readonly bump: Bump | null
  readonly rank: number
}

function sizeOf(voice: Voice | undefined, rules: readonly Rule[], config: Config): Sized {
  const rule = rules.length === 0 ? undefined : rules.find((it) => fitsVoice(it, voice))
  const bump = bumpOf(voice, rule, config)
  return { voice, rule, bump, rank: loudness(bump, voice) }
}

function bumpOf(voice: Voice | undefined, rule: Rule | undefined, { version }: Config): Bump | null {
  if (voice?.said.breaking !== undefined) return "major"
  if (rule?.bump !== undefined) return rule.bump === "none" ? null : rule.bump
  return voice?.said.asks ?? (version.other === "patch" ? "patch" : null)
}
