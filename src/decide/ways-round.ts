import { matchesPath } from "../model/path-glob.ts"
import type { EnvironmentSettings, Protection, Sight, TagRuleset, Way } from "../model/settings.ts"
import { tagOf } from "../model/tag.ts"
import { list, plural } from "./wording.ts"

/** What of a repository is looked at. */
export interface Guarded {
  readonly defaultBranch: string
  /** Templates of release tags, such as `v{version}`. */
  readonly tags: readonly string[]
}

/** Versions whose tags a ruleset has to cover: it may name some only, such as `v1.*`. */
const SAMPLES = ["0.0.1", "1.2.3", "27.0.0", "1.0.0-rc.1"]
const RESTRICTED = ["creation", "update", "deletion"]
const RULESETS = "Settings › Rules › Rulesets"

/** Every way round Slipway that GitHub's settings can close, each with the setting that closes it. */
export function waysRound({ tags, required, writers, environments }: Protection, of: Guarded): readonly Way[] {
  const ofTags = of.tags.flatMap((template) => tagWays(tags, template))
  const isTagFree = ofTags.some(({ id, is }) => id.startsWith("tags:") && is !== "closed")
  return [
    ...ofTags,
    publishingWay(writers, isTagFree),
    ...Object.entries(environments).flatMap(([name, settings]) => environmentWays(name, settings)),
    requiredWay(required, of.defaultBranch),
  ]
}

function tagWays(tags: Sight<readonly TagRuleset[]>, template: string): readonly Way[] {
  const pattern = template.replace("{version}", "*")
  const way = { id: `tags:${template}`, name: `tags ${pattern}` }
  const closes = `${RULESETS} › New tag ruleset: target ${pattern}, restrict creations, updates and deletions, and let the App alone bypass it.`
  if (tags.is === "unseen") return [{ ...way, is: "unseen", says: tags.because, closes }]
  const covering = tags.value.filter((one) => SAMPLES.every((version) => covers(one, tagOf(version, template))))
  const free = RESTRICTED.filter((rule) => !covering.some(({ rules }) => rules.includes(rule)))
  if (free.length > 0)
    return [{ ...way, is: "open", says: `No ruleset restricts the ${list(free)} of these tags.`, closes }]
  const names = list(covering.map(({ name }) => `“${name}”`))
  const barred = covering.filter((one) => one.mayBypass === false && one.rules.includes("creation"))
  const closed: Way = {
    ...way,
    is: "closed",
    says: `${names} ${covering.length === 1 ? "restricts" : "restrict"} them.`,
    ...(barred[0] ? { closes: `Slipway cannot make its own tags: let the App bypass “${barred[0].name}”.` } : {}),
  }
  return [closed, ...covering.flatMap((one) => bypassWay(one))]
}

/**
 * Patterns are fnmatch's. One with more than `*` is not understood here: it covers nothing, and may leave anything out.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
function covers({ include, exclude }: TagRuleset, tag: string): boolean {
  const matches = (pattern: string) => pattern === "~ALL" || matchesPath(`refs/tags/${tag}`, pattern)
  const isPlain = (pattern: string) => !/[?[\]{}\\]/.test(pattern)
  return include.some((one) => isPlain(one) && matches(one)) && !exclude.some((one) => !isPlain(one) || matches(one))
}

/** GitHub tells who may bypass a ruleset only to who may change it, and Slipway does not ask to be one of them. */
function bypassWay({ name, others }: TagRuleset): readonly Way[] {
  const way = { id: `bypass:${name}`, name: `bypass of “${name}”` }
  const closes = `${RULESETS} › ${name} › Bypass list: it should hold the App alone.`
  if (others === undefined)
    return [{ ...way, is: "unseen", says: "GitHub shows the bypass list only to who may change the ruleset.", closes }]
  if (others.length === 0) return [{ ...way, is: "closed", says: "Nobody but Slipway may bypass it." }]
  return [{ ...way, is: "open", says: `Others may bypass it, too: ${list(others)}.`, closes }]
}

/** Nothing is published without its tag: GitHub makes it with the release. */
function publishingWay(writers: Sight<number>, isTagFree: boolean): Way {
  const way = { id: "publishing", name: "publishing by hand" }
  if (!isTagFree) return { ...way, is: "closed", says: "A release needs its tag, and the tags are restricted." }
  const who = writers.is === "seen" ? `${plural(writers.value, "person", "people")} who may write` : "Who may write"
  return {
    ...way,
    is: "open",
    says: `${who} can publish a draft on its page.`,
    closes: "GitHub has no setting for it; a ruleset that restricts the tags closes it.",
  }
}

function environmentWays(name: string, settings: Sight<EnvironmentSettings>): readonly Way[] {
  const rule = { id: `rule:${name}`, name: `${name}: protection rule` }
  const admins = { id: `admins:${name}`, name: `${name}: administrators` }
  const page = `Settings › Environments › ${name}`
  const switchOn = `${page}: switch on Slipway's deployment protection rule (private repositories need GitHub Enterprise for it).`
  const forbid = `${page}: clear “Allow administrators to bypass configured protection rules”.`
  if (settings.is === "unseen")
    return [
      { ...rule, is: "unseen", says: settings.because, closes: switchOn },
      { ...admins, is: "unseen", says: settings.because, closes: forbid },
    ]
  const { exists, rule: isOn, adminsBypass } = settings.value
  if (!exists) {
    const says = `GitHub has no environment ${name}: the first deployment makes it, without any rule.`
    return [{ ...rule, is: "open", says, closes: `Settings › Environments › New environment, then ${switchOn}` }]
  }
  return [
    isOn
      ? { ...rule, is: "closed", says: "Slipway's protection rule is on." }
      : { ...rule, is: "open", says: "Jobs enter it without asking Slipway.", closes: switchOn },
    adminsBypass === undefined
      ? {
          ...admins,
          is: "unseen",
          says: "GitHub did not say whether administrators may bypass its rules.",
          closes: forbid,
        }
      : adminsBypass
        ? { ...admins, is: "open", says: "Administrators may bypass its rules.", closes: forbid }
        : { ...admins, is: "closed", says: "Administrators may not bypass its rules." },
  ]
}

function requiredWay(required: Sight<readonly string[]>, branch: string): Way {
  const way = { id: "required", name: `required checks of ${branch}` }
  const closes = `${RULESETS} › New branch ruleset: target ${branch}, require status checks. A check that is required is waited for before its first run.`
  if (required.is === "unseen") return { ...way, is: "unseen", says: required.because, closes }
  if (required.value.length === 0)
    return { ...way, is: "open", says: "No ruleset requires a check: one that never reports is not missed.", closes }
  return { ...way, is: "closed", says: `Required: ${list(required.value)}.` }
}
