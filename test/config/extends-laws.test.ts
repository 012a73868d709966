import fc from "fast-check"
import { expect, test } from "vitest"
import { readExtendingConfig } from "../../src/config/read-config.ts"
import { readOrganisation } from "../../src/config/read-organisation.ts"
import type { Config } from "../../src/model/config.ts"

/**
 * The law of a floor: whatever an organisation and a repository write, the release that passes what comes of both would
 * have passed the organisation's file alone. What passes is said here anew, gate by gate, and not asked of the merge.
 */
const record = <T extends { [key: string]: fc.Arbitrary<unknown> }>(keys: T) =>
  fc.record(keys, { requiredKeys: [] }) as fc.Arbitrary<object>

const PEOPLE = ["@ana", "@ben", "@acme/sre"]
const CHECKS = ["e2e", "load"]
const PATHS = ["docs/**", "src/**"]
const BRANCHES = ["hotfix/*", "fix/*"]
const people = { required: fc.nat(2), from: fc.subarray(PEOPLE) }
const rules = fc.subarray(PATHS).map((paths) => paths.map((one) => ({ paths: [one] })))
const HOURS = ["00:00-24:00", "09:00-17:00", "10:00-12:00"]
const window = record({
  days: fc.subarray(["mon", "tue", "sat"], { minLength: 1 }),
  hours: fc.constantFrom(...HOURS),
  zone: fc.constantFrom("UTC", "Europe/Berlin"),
})
const environment = record({
  soak: fc.constantFrom("30m", "1h", "1d"),
  checks: fc.subarray(CHECKS),
  freshness: fc.constantFrom("30m", "1h", "1d"),
  window,
  approvals: record(people),
  after: fc.constantFrom("staging", "canary"),
})
const environments = (production: fc.Arbitrary<object>) =>
  fc.record({ staging: fc.constant(null), canary: fc.constant(null), production })
const written = record({
  approvals: record({ ...people, stakeholders: fc.boolean() }),
  plan: record({ required: fc.boolean() }),
  risk: record({ low: rules, high: rules }),
  publish: record({ assets: fc.subarray(["a.tgz", "b.tgz"]) }),
  environments: environments(environment),
  hotfix: record({
    branches: fc.subarray(BRANCHES, { minLength: 1 }),
    environments: fc.record({ production: environment }),
  }),
}).map((file) => (!("environments" in file) && "hotfix" in file ? { ...file, environments: NAMED } : file))
const NAMED = { staging: null, canary: null, production: null }

/** One or two of the things that a file may say: who writes more is refused for one of them nearly always. */
const ownWritten = fc
  .tuple(written, fc.nat(5), fc.nat(5))
  .map(([file, a, b]) => Object.fromEntries(Object.entries(file).filter((_, at) => at === a || at === b)))

/** What is the case for one release that wants to production. */
const GOOD = {
  approvedBy: PEOPLE as readonly string[],
  stakeholderApproves: false,
  hasPlan: true,
  path: "other",
  assets: ["a.tgz", "b.tgz"] as readonly string[],
  hotfixBranch: null as string | null,
  soaked: 2000,
  checks: CHECKS as readonly string[],
  age: 10,
  /** Of what reports beside them. */
  other: 10,
  outFor: 2000,
  day: "mon" as "mon" | "tue" | "sat",
  minute: 630,
  deployApprovals: PEOPLE as readonly string[],
  liveIn: ["staging", "canary"] as readonly string[],
}
const lacking: fc.Arbitrary<Partial<typeof GOOD>> = fc.oneof(
  fc.record({ approvedBy: fc.subarray(PEOPLE), stakeholderApproves: fc.boolean() }),
  fc.record({ approvedBy: fc.constant<string[]>([]), path: fc.constantFrom(...PATHS) }),
  fc.record({ hasPlan: fc.constant(false) }),
  fc.record({ assets: fc.subarray(["a.tgz", "b.tgz"]) }),
  fc.record({ soaked: fc.constantFrom(10, 30, 60) }),
  fc.record({ checks: fc.subarray(CHECKS) }),
  fc.record({ other: fc.constantFrom(45, 90, 3000) }),
  fc.record({ outFor: fc.constantFrom(10, 30, 60) }),
  fc.record({ age: fc.constantFrom(45, 90, 3000) }),
  fc.record({ day: fc.constantFrom("mon" as const, "tue" as const, "sat" as const) }),
  fc.record({ minute: fc.constantFrom(60, 570, 800, 1100) }),
  fc.record({ deployApprovals: fc.subarray(PEOPLE) }),
  fc.record({ liveIn: fc.subarray(["staging", "canary"]) }),
)
const world = fc
  .tuple(lacking, fc.option(fc.constantFrom(...BRANCHES), { nil: null }))
  .map(([less, hotfixBranch]): World => ({ ...GOOD, ...less, hotfixBranch }))
type World = typeof GOOD

function passes(config: Config, w: World): boolean {
  return isReleasable(config, w) && mayEnter(config, w)
}

function isReleasable({ approvals, plan, risk, publish }: Config, w: World): boolean {
  const isHigh = risk.high.some(({ paths }) => paths?.includes(w.path))
  const isLow = !isHigh && risk.low.some(({ paths }) => paths?.includes(w.path))
  const stakeholder = approvals.stakeholders && w.stakeholderApproves ? 1 : 0
  return (
    (isLow || counted(approvals.from, w.approvedBy) + stakeholder >= approvals.required) &&
    (!plan.required || w.hasPlan) &&
    publish.assets.every(({ name }) => w.assets.includes(name))
  )
}

const counted = (from: readonly string[], who: readonly string[]): number =>
  who.filter((one) => from.length === 0 || from.includes(one)).length

function mayEnter({ environments: usual, hotfix }: Config, w: World): boolean {
  const isHotfix = w.hotfixBranch !== null && hotfix.branches.includes(w.hotfixBranch)
  const gates = (isHotfix ? hotfix.environments.production : undefined) ?? usual.production
  if (!gates) return true
  const { window: open, approvals } = gates
  return (
    (gates.after === undefined || w.liveIn.includes(gates.after)) &&
    (gates.after === undefined ? w.outFor : w.soaked) >= (gates.soak ?? 0) &&
    gates.checks.every((name) => w.checks.includes(name)) &&
    (gates.freshness === undefined || ageOf(gates.checks, w) <= gates.freshness) &&
    (!open || isOpen(open, w)) &&
    (!approvals || counted(approvals.from, w.deployApprovals) >= approvals.required)
  )
}

/** Without checks that are named, the oldest of all that reports counts. */
const ageOf = (checks: readonly string[], w: World): number => (checks.length === 0 ? Math.max(w.age, w.other) : w.age)

type Window = NonNullable<Config["environments"][string]["window"]>

/** Berlin's clocks are an hour ahead. */
function isOpen({ days, hours, zone }: Window, { day, minute }: World): boolean {
  const at = minute + (zone === "UTC" ? 0 : 60)
  return days.includes(day) && at >= hours.from && at < hours.to
}

function read(floor: object, own: object) {
  const organisation = readOrganisation(JSON.stringify(floor), "slipway.yml")
  if (!organisation.ok) throw new Error(JSON.stringify([floor, organisation.problems]))
  const text = JSON.stringify({ extends: "acme/.github", ...own })
  return {
    floor: organisation.value.floor,
    merged: readExtendingConfig(text, ".github/slipway.yml", organisation.value),
  }
}

test("no release passes with a repository's own gates that the floor alone would stop", () => {
  let accepted = 0
  let released = 0
  fc.assert(
    fc.property(written, ownWritten, fc.array(world, { minLength: 12, maxLength: 12 }), (file, own, worlds) => {
      const { floor, merged } = read(file, own)
      if (!merged.ok) return
      accepted++
      for (const w of worlds) {
        if (!passes(merged.config, w)) continue
        released++
        expect(passes(floor, w), JSON.stringify([file, own, w])).toBe(true)
      }
    }),
    { numRuns: 1500 },
  )
  expect(accepted).toBeGreaterThan(100)
  expect(released).toBeGreaterThan(100)
})

test("a repository that adds nothing has the gates of the floor", () => {
  fc.assert(
    fc.property(written, (file) => {
      const { floor, merged } = read(file, {})
      expect(merged).toEqual({ ok: true, config: { ...floor, extends: "acme/.github" } })
    }),
  )
})
