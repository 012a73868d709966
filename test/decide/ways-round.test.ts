import { expect, test } from "vitest"
import { waysRound } from "../../src/decide/ways-round.ts"
import type { EnvironmentSettings, Protection, Sight, TagRuleset } from "../../src/model/settings.ts"

const seen = <T>(value: T): Sight<T> => ({ is: "seen", value })
const unseen = { is: "unseen", because: "the App lacks the permission" } as const
const ruleset: TagRuleset = {
  name: "Release tags",
  include: ["refs/tags/v*"],
  exclude: [],
  rules: ["creation", "update", "deletion"],
  mayBypass: true,
  others: [],
}
const settings: EnvironmentSettings = { exists: true, rule: true, adminsBypass: false }
const shut: Protection = {
  tags: seen([ruleset]),
  required: seen(["CI / test"]),
  writers: seen(3),
  environments: { production: seen(settings) },
}

const statesOf = (protection: Partial<Protection>, tags = ["v{version}"]) =>
  Object.fromEntries(
    waysRound({ ...shut, ...protection }, { defaultBranch: "main", tags }).map(({ id, is }) => [id, is]),
  )

test("a repository in which every setting is as it should be has no way that stands open", () => {
  expect(statesOf({})).toEqual({
    "tags:v{version}": "closed",
    "bypass:Release tags": "closed",
    publishing: "closed",
    "rule:production": "closed",
    "admins:production": "closed",
    required: "closed",
  })
})

test.each<[string, Sight<readonly TagRuleset[]>, string]>([
  ["without a ruleset", seen([]), "open"],
  ["whose rulesets could not be read", unseen, "unseen"],
  ["that all refs cover", seen([{ ...ruleset, include: ["~ALL"] }]), "closed"],
  [
    "that two rulesets cover together",
    seen([
      { ...ruleset, rules: ["creation"] },
      { ...ruleset, name: "Rest" },
    ]),
    "closed",
  ],
  ["that may be deleted", seen([{ ...ruleset, rules: ["creation", "update"] }]), "open"],
  ["of which one major version is covered", seen([{ ...ruleset, include: ["refs/tags/v1.*"] }]), "open"],
  ["of which prereleases are left out", seen([{ ...ruleset, exclude: ["refs/tags/*-rc*"] }]), "open"],
  ["covered by a pattern that is not understood", seen([{ ...ruleset, include: ["refs/tags/v[0-9]*"] }]), "open"],
  ["left out by a pattern that is not understood", seen([{ ...ruleset, exclude: ["refs/tags/v{1,2}*"] }]), "open"],
  ["of branches' names", seen([{ ...ruleset, include: ["refs/heads/v*"] }]), "open"],
])("tags %s", (_, tags, is) => {
  const states = statesOf({ tags })
  expect(states["tags:v{version}"]).toBe(is)
  expect(states.publishing).toBe(is === "closed" ? "closed" : "open")
})

test("the tags of each component are looked at", () => {
  const states = statesOf({}, ["v{version}", "api-v{version}"])
  expect([states["tags:v{version}"], states["tags:api-v{version}"]]).toEqual(["closed", "open"])
  expect(states.publishing).toBe("open")
})

test.each<[string, readonly string[] | undefined, string]>([
  ["nobody else", [], "closed"],
  ["administrators", ["OrganizationAdmin"], "open"],
  ["somebody whom GitHub does not show", undefined, "unseen"],
])("a ruleset that %s may bypass", (_, others, is) => {
  const { others: __, ...rest } = ruleset
  expect(statesOf({ tags: seen([{ ...rest, ...(others ? { others } : {}) }]) })["bypass:Release tags"]).toBe(is)
})

test("a ruleset that bars Slipway itself is said", () => {
  const protection = { ...shut, tags: seen([{ ...ruleset, mayBypass: false }]) }
  const [tags] = waysRound(protection, { defaultBranch: "main", tags: ["v{version}"] })
  expect(tags).toMatchObject({ is: "closed", closes: expect.stringContaining("let the App bypass “Release tags”") })
})

test.each<[string, Sight<EnvironmentSettings>, object]>([
  [
    "without the rule",
    seen({ ...settings, rule: false }),
    { "rule:production": "open", "admins:production": "closed" },
  ],
  ["that admins may bypass", seen({ ...settings, adminsBypass: true }), { "admins:production": "open" }],
  [
    "of which GitHub says no more",
    seen({ exists: true, rule: true }),
    { "rule:production": "closed", "admins:production": "unseen" },
  ],
  ["that is not there yet", seen({ exists: false, rule: false }), { "rule:production": "open" }],
  ["that could not be read", unseen, { "rule:production": "unseen", "admins:production": "unseen" }],
])("an environment %s", (_, production, expected) => {
  expect(statesOf({ environments: { production } })).toMatchObject(expected)
})

test.each<[string, Sight<readonly string[]>, string]>([
  ["none", seen([]), "open"],
  ["some", seen(["CI / test"]), "closed"],
  ["unread", unseen, "unseen"],
])("required checks: %s", (_, required, is) => {
  expect(statesOf({ required }).required).toBe(is)
})

test("what is not closed says which setting closes it", () => {
  const all = waysRound(
    {
      tags: unseen,
      required: unseen,
      writers: unseen,
      environments: { production: unseen, staging: seen({ ...settings, rule: false }) },
    },
    { defaultBranch: "main", tags: ["v{version}"] },
  )
  expect(all.filter(({ is, closes }) => is !== "closed" && !closes)).toEqual([])
  expect(all.filter(({ is }) => is === "closed").map(({ id }) => id)).toEqual(["admins:staging"])
})
