import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"
import type { Move, Rule } from "./move.ts"
import { listOf, mappingOf, type PeerFile, type Step, textOf } from "./peer-file.ts"

/**
 * `[{ type, section, hidden }]`, as release-please, standard-version and the presets of conventional-changelog have it.
 * What Slipway does anyway is not written out.
 * @param asks what a type that is shown asks for, unless the preset knows better: release-please releases for whatever is
 * in its changelog
 */
export function carryTypes(
  move: Move,
  file: PeerFile,
  path: readonly Step[],
  value: unknown,
  asks: "patch" | "none",
): void {
  const rules = listOf(value)
    .map(mappingOf)
    .flatMap((entry): Rule[] => {
      const type = textOf(entry.type)
      return type === undefined ? [] : ruleOf(type, textOf(entry.section), entry.hidden === true, asks)
    })
  if (rules.length > 0)
    move.carry(file, path, "changes", rules, "types that are not named here are as in the Conventional Commits preset")
  else move.note(file, path, "these are Slipway's sections too", "changes")
}

const preset = (type: string) => DEFAULT_COMMIT_TYPES.find((it) => it.type === type)

function ruleOf(type: string, section: string | undefined, hidden: boolean, asks: "patch" | "none"): Rule[] {
  const known = preset(type)
  const isShown = known !== undefined && known.effect !== "hidden"
  // What is hidden there is folded here, so that nothing is missing; only what Slipway shows has to be taken out.
  if (hidden) return isShown ? [{ when: { type }, exclude: true }] : []
  const named = section !== undefined && section !== known?.section ? { section } : {}
  const bump = !isShown && asks === "patch" ? ({ bump: "patch" } as const) : {}
  const rule = { when: { type }, ...named, ...bump }
  return Object.keys(rule).length > 1 ? [rule] : []
}
