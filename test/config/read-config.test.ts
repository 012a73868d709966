import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"
import { type Config, DEFAULT_CONFIG, gatesOf } from "../../src/model/config.ts"
import { hashOf } from "../../src/model/hash.ts"

const FILE = ".github/slipway.yml"
const configOf = (text: string): Config => {
  const read = readConfig(text, FILE)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.config
}
const problemsOf = (text: string): string[] => {
  const read = readConfig(text, FILE)
  return read.ok ? [] : read.problems.map((it) => `${it.line}:${it.column}-${it.endLine} ${it.message}`)
}

test.each(["", "# nothing yet\n", "---\n", "{}", "\n\n"])("%j is the configuration of defaults", (text) => {
  expect(configOf(text)).toEqual(DEFAULT_CONFIG)
})

test("the defaults are what the documentation promises", () => {
  expect(DEFAULT_CONFIG).toEqual({
    version: { from: ["commits", "titles"], tag: "v{version}", initial: "0.1.0", zero: "minor", other: "none" },
    components: {},
    changes: [],
    notes: { contributors: true, line: "{title} (#{number}) by @{author}, closes {issues}" },
    publish: { mode: "draft", manifests: [], assets: [], audit: true, comments: true },
    plan: { path: "release-plan.yml", required: false, words: true },
    approvals: { required: 1, from: [], stakeholders: true },
    risk: { low: [], high: [] },
    environments: {},
    hotfix: { branches: [], environments: {} },
    workspaces: false,
    linked: [],
    impact: true,
    onBypass: "report",
    slack: { mention: {} },
  })
})

/** The shape of DESIGN.md section 7, whole. */
const WHOLE = `
extends: acme/.github
branches: [main, { name: next, channel: rc }, { name: "1.x", maintenance: true }]
version: { from: [commits, titles, labels], tag: "v{version}", initial: 0.1.0, zero: minor, other: none }
components: { api: { path: "services/api/**", tag: "api-v{version}" }, web: { path: [web/**, assets/**] } }
changes:
  - { when: { type: feat }, bump: minor, section: "Features" }
  - { when: { label: dependencies }, section: "Dependencies", fold: true }
notes: { contributors: true, line: "{title} (#{number}) by @{author}, closes {issues}" }
publish: { mode: draft, changelog: CHANGELOG.md, manifests: [package.json], assets: [], dispatch: release.yml }
plan: { path: release-plan.yml, required: false }
approvals: { required: 1, from: ["@acme/release-managers", "@lea"], stakeholders: true }
risk: { low: [{ paths: ["docs/**"] }], high: [{ paths: ["migrations/**"] }] }
environments:
  staging: {}
  qa:
  production:
    after: staging
    soak: 30m
    checks: ["CI / *"]
    freshness: 24h
    window: { days: mon-thu, hours: "09:00-16:00", zone: Europe/Berlin }
    approvals: { required: 1, from: ["@acme/sre"] }
    verify: 15m
    rollback: [application]
hotfix: { branches: "hotfix/*", environments: { production: { approvals: { required: 1, from: ["@acme/sre"] } } } }
slack: { channel: "#releases", mention: { lea: U012ABCDEF } }
`

test("every key is read: short forms written out, durations in minutes", () => {
  const none = { checks: [], rollback: [] }
  expect(configOf(WHOLE)).toEqual({
    ...DEFAULT_CONFIG,
    extends: "acme/.github",
    branches: [
      { name: "main", maintenance: false },
      { name: "next", channel: "rc", maintenance: false },
      { name: "1.x", maintenance: true },
    ],
    version: { ...DEFAULT_CONFIG.version, from: ["commits", "titles", "labels"] },
    components: {
      api: { path: ["services/api/**"], tag: "api-v{version}" },
      web: { path: ["web/**", "assets/**"], tag: "web-v{version}" },
    },
    changes: [
      { when: { type: ["feat"] }, bump: "minor", section: "Features" },
      { when: { label: ["dependencies"] }, section: "Dependencies", fold: true },
    ],
    publish: {
      mode: "draft",
      changelog: "CHANGELOG.md",
      manifests: [{ path: "package.json" }],
      assets: [],
      audit: true,
      dispatch: { workflow: "release.yml", within: 60 },
      comments: true,
    },
    approvals: { required: 1, from: ["@acme/release-managers", "@lea"], stakeholders: true },
    risk: { low: [{ paths: ["docs/**"] }], high: [{ paths: ["migrations/**"] }] },
    environments: {
      staging: none,
      qa: none,
      production: {
        after: "staging",
        soak: 30,
        checks: ["CI / *"],
        freshness: 1440,
        window: { days: ["mon", "tue", "wed", "thu"], hours: { from: 540, to: 960 }, zone: "Europe/Berlin" },
        approvals: { required: 1, from: ["@acme/sre"] },
        verify: 15,
        rollback: ["application"],
      },
    },
    hotfix: {
      branches: ["hotfix/*"],
      environments: { production: { ...none, approvals: { required: 1, from: ["@acme/sre"] } } },
    },
    slack: { channel: "#releases", mention: { lea: "U012ABCDEF" } },
  })
})

test.each([
  ["fri-mon", ["mon", "fri", "sat", "sun"]],
  ["sat", ["sat"]],
  ["[wed, mon, wed]", ["mon", "wed"]],
  ["[mon-tue, fri]", ["mon", "tue", "fri"]],
])("days %s", (days, expected) => {
  const config = configOf(`environments: { production: { window: { days: ${days} } } }`)
  expect(config.environments.production?.window?.days).toEqual(expected)
})

test.each([
  ["an unknown key", "aprovals: {}", "1:1-1 unknown key `aprovals`; did you mean `approvals`?"],
  [
    "an unknown key far from all",
    "plan:\n  colour: red",
    "2:3-2 unknown key `colour`; known here are `path`, `required`, `words`, `with`",
  ],
  [
    "an unknown key in a short form's long form",
    "branches:\n  - name: x\n    chanel: rc",
    "3:5-3 unknown key `chanel`; did you mean `channel`?",
  ],
  [
    "a word that is none of those allowed",
    "publish:\n  mode: pull_request",
    "2:9-2 `publish.mode` must be one of `draft`, `pull-request`, `auto`, found `pull_request`; did you mean `pull-request`?",
  ],
  [
    "a word in a list",
    "version: { from: [commits, title] }",
    "1:28-1 `version.from[1]` must be one of `commits`, `titles`, `labels`, found `title`; did you mean `titles`?",
  ],
  ["an empty list", "version: { from: [] }", "1:18-1 `version.from` must hold at least 1 entry, found an empty list"],
  ["no list where one is due", "approvals: { from: '@lea' }", "1:20-1 `approvals.from` must be a list, found `@lea`"],
  [
    "no mapping where one is due",
    "approvals: 1",
    "1:12-1 `approvals` must be a mapping of keys to values, found the number `1`",
  ],
  [
    "nothing behind a key",
    "a: 1\napprovals:\n",
    "1:1-1 unknown key `a`; known here are `extends`, `branches`, `version`, `components`, `workspaces`, `linked`, `changes`, `notes`, `publish`, `plan`, `approvals`, `risk`, `environments`, `hotfix`, `train`, `impact`, `onBypass`, `slack`, `page`, `audiences`, 2 more",
  ],
  ["nothing behind a key (2)", "approvals:\n", "1:1-1 `approvals` must be a mapping of keys to values, found nothing"],
  ["a list instead of the whole", "- a", "1:1-1 the file must be a mapping of keys to values, found a list"],
  ["a text instead of the whole", "hello", "1:1-1 the file must be a mapping of keys to values, found `hello`"],
  [
    "a number too high",
    "approvals: { required: 21 }",
    "1:24-1 `approvals.required` must be a whole number from 0 to 20, found the number `21`",
  ],
  [
    "half an approval",
    "approvals: { required: 0.5 }",
    "1:24-1 `approvals.required` must be a whole number from 0 to 20, found the number `0.5`",
  ],
  ["no truth value", "plan: { required: yes }", "1:19-1 `plan.required` must be `true` or `false`, found `yes`"],
  [
    "an approver without @",
    "approvals: { from: [lea] }",
    "1:21-1 `approvals.from[0]` must be a GitHub login such as `@lea`, a team such as `@acme/sre`, or `codeowners`, found `lea`",
  ],
  [
    "a bot as an approver",
    "approvals: { from: ['@renovate[bot]'] }",
    "1:21-1 `approvals.from[0]` must be a GitHub login such as `@lea`, a team such as `@acme/sre`, or `codeowners`, found `@renovate[bot]`",
  ],
  [
    "owners of the code at an environment",
    "environments:\n  a: { approvals: { from: [codeowners] } }",
    "2:28-2 `environments.a.approvals.from[0]` must be a GitHub login such as `@lea` or a team such as `@acme/sre`, who guard the environment (owners of the code are asked at its release, by `approvals.from`), found `codeowners`",
  ],
  [
    "a duration without a unit",
    "environments:\n  a: { soak: 30 }",
    "2:14-2 `environments.a.soak` must be a duration in minutes, hours or days, such as `30m`, `24h` or `7d`, found the number `30`",
  ],
  [
    "a duration of nothing",
    "environments: { a: { soak: 0m } }",
    "1:28-1 `environments.a.soak` must be a duration in minutes, hours or days, such as `30m`, `24h` or `7d`, found `0m`",
  ],
  [
    "hours that end before they begin",
    "environments: { a: { window: { hours: '16:00-09:00' } } }",
    "1:39-1 `environments.a.window.hours` must be hours such as `09:00-16:00`, the second later than the first, found `16:00-09:00`",
  ],
  [
    "days that are none",
    "environments: { a: { window: { days: mo-fr } } }",
    "1:38-1 `environments.a.window.days` must be days such as `mon-thu`, `sat` or `[mon, wed]`, found `mo-fr`",
  ],
  [
    "a time zone with a slip",
    "environments: { a: { window: { zone: Europe/Berln } } }",
    "1:38-1 `environments.a.window.zone` must be a time zone such as `Europe/Berlin` or `UTC`, found `Europe/Berln`; did you mean `Europe/Berlin`?",
  ],
  [
    "an environment after none",
    "environments: { staging: , live: { after: stagin } }",
    "1:43-1 no environment is named `stagin`; did you mean `staging`?",
  ],
  [
    "an environment by another spelling",
    "environments: { live: , Live: { soak: 2h } }",
    "1:31-1 `environments.Live` must be called `live`, and stand there: to GitHub both are one environment, found a mapping",
  ],
  [
    "a circle of environments",
    "environments: { a: { after: b }, b: { after: c }, c: { after: b } }",
    "1:46-1 environments wait for each other in a circle: b after c after b",
  ],
  [
    "an environment after itself",
    "environments: { a: { after: a } }",
    "1:29-1 environments wait for each other in a circle: a after a",
  ],
  [
    "a hotfix into no environment",
    "environments: { production: }\nhotfix: { environments: { prodution: } }",
    "2:27-2 no environment is named `prodution`; did you mean `production`?",
  ],
  [
    "a version with a v",
    "version: { initial: v1.0.0 }",
    "1:21-1 `version.initial` must be a SemVer version such as `2.5.0` or `2.5.0-rc.1`, found `v1.0.0`",
  ],
  [
    "a tag without the version",
    "version: { tag: release }",
    "1:17-1 `version.tag` must hold `{version}` exactly once and no other `{…}`, such as `v{version}`, found `release`",
  ],
  [
    "a tag that git refuses",
    "version: { tag: 'v {version}' }",
    "1:17-1 `version.tag` must be a tag that git allows, found `v {version}`",
  ],
  [
    "two components with one tag",
    "components: { a: { path: a/**, tag: 'v{version}' }, b: { path: b/**, tag: 'v{version}' } }",
    "1:75-1 components `a` and `b` have the same tag `v{version}`; each needs one of its own",
  ],
  [
    "a component's name",
    "components: { 'a b': { path: x } }",
    "1:15-1 this key must be a component's name of letters, digits, `.`, `_` and `-`",
  ],
  [
    "a path out of the repository",
    "components: { a: { path: ../x } }",
    "1:26-1 `components.a.path` must be a path pattern from the repository's root such as `docs/**`, found `../x`",
  ],
  [
    "an absolute path",
    "plan: { path: /etc/passwd }",
    "1:15-1 `plan.path` must be a path from the repository's root such as `docs/rollback.md`, found `/etc/passwd`",
  ],
  ["a branch named twice", "branches: [main, { name: main, channel: rc }]", "1:18-1 branch `main` is named twice"],
  [
    "a number for a branch",
    "branches: [1.0]",
    "1:12-1 `branches[0]` must be a branch name, or a mapping such as `{ name: next, channel: rc }`, found the number `1`",
  ],
  [
    "a channel that is a number",
    "branches: [{ name: next, channel: '1' }]",
    "1:35-1 `branches[0].channel` must be a prerelease identifier such as `rc`, found `1`",
  ],
  [
    "a rule without a condition",
    "changes: [{ when: {}, bump: minor }]",
    "1:19-1 `changes[0].when` must name at least one condition, such as `{ type: feat }`, found an empty mapping",
  ],
  [
    "a rule that does nothing",
    "changes: [{ when: { type: feat } }]",
    "1:11-1 `changes[0]` must do something: give it a `bump`, a `section` or `exclude: true`, found a mapping",
  ],
  [
    "a rule without when",
    "changes:\n  - bump: minor",
    "2:5-2 `changes[0].when` is missing; it must be a mapping of keys to values",
  ],
  [
    "a field that the line has not",
    "notes: { line: '{titel} by {author}' }",
    "1:16-1 the line has no field `{titel}`; did you mean `{title}`?",
  ],
  [
    "a label that Slipway's own issues have",
    "incident: { label: Post-Mortem }",
    "1:20-1 `incident.label` must be another than Slipway's own labels, found `Post-Mortem`",
  ],
  [
    "a label that GitHub would not take",
    `incident: { label: ${"x".repeat(51)} }`,
    `1:20-1 \`incident.label\` must be at most 50 characters, as GitHub's labels are, found \`${"x".repeat(51)}\``,
  ],
  [
    "a channel that YAML took for a comment",
    "slack:\n  channel: #releases\n",
    "2:3-2 `slack.channel` must be a channel such as `#releases`, in quotes since `#` begins a comment, found nothing",
  ],
  [
    "a Slack name for an ID",
    "slack: { mention: { lea: '@lea' } }",
    "1:26-1 `slack.mention.lea` must be a Slack member ID such as `U012ABCDEF`, found `@lea`",
  ],
  [
    "a workflow that is none",
    "publish: { dispatch: release }",
    "1:22-1 `publish.dispatch` must be a workflow's file name such as `release.yml`, found `release`",
  ],
  ["a line break in a name", 'branches: ["a\\nb"]', "1:12-1 `branches[0]` must be one line of text, found `a b`"],
  [
    "a number for a text",
    "changes: [{ when: { type: feat }, section: 2026 }]",
    "1:44-1 `changes[0].section` must be one line of text, found the number `2026`; put it in quotes",
  ],
])("%s", (_, text, problem) => expect(problemsOf(text)[0]).toBe(problem))

test("every mistake is told, in the order of the file, with its path", () => {
  const read = readConfig("version: { zero: none }\napprovals: { required: x }\nplans: {}\n", FILE)
  expect(read.ok ? [] : read.problems.map(({ file, line, path }) => ({ file, line, path }))).toEqual([
    { file: FILE, line: 1, path: "version.zero" },
    { file: FILE, line: 2, path: "approvals.required" },
    { file: FILE, line: 3, path: "plans" },
  ])
})

test("at most fifty problems, each of bearable length, on one line", () => {
  const text = Array.from({ length: 500 }, (_, index) => `"k\\n\`${index}${"x".repeat(5000)}": 1`).join("\n")
  const read = readConfig(text.slice(0, 900_000), FILE)
  const problems = read.ok ? [] : read.problems
  const many = readConfig(Array.from({ length: 500 }, (_, index) => `k\`${index}: 1`).join("\n"), FILE)
  expect(many.ok ? 0 : many.problems.length).toBe(50)
  expect(problems.length).toBeGreaterThan(0)
  for (const { message } of problems) {
    expect(message.length).toBeLessThanOrEqual(600)
    expect(message).not.toMatch(/\n/)
  }
})

test("the hash of the gates follows the gates alone", () => {
  const hash = (text: string) => hashOf(gatesOf(configOf(text)))
  expect(hash("slack: { channel: '#a' }\nversion: { zero: major }")).toBe(hash(""))
  expect(hash("approvals: { from: [], required: 1 }")).toBe(hash(""))
  const different = [
    "approvals: { required: 0 }",
    "plan: { required: true }",
    "environments: { a: }",
    "plan: { words: false }",
  ]
  expect(new Set([hash(""), ...different.map(hash)]).size).toBe(5)
})

test("Slipway's own configuration is valid", () => {
  const file = join(import.meta.dirname, "../../.github/slipway.yml")
  expect(problemsOf(readFileSync(file, "utf8"))).toEqual([])
})

test.each([
  [
    "the same tag",
    "a: { path: a, tag: 'v{version}' }\n  b: { path: b, tag: 'v{version}' }",
    /`a` and `b` have the same tag/,
  ],
  [
    "a tag that is a prerelease of another's",
    "a: { path: a, tag: '{version}' }\n  b: { path: b, tag: '{version}-b' }",
    /can be taken/,
  ],
  [
    "a tag that runs into another's number",
    "a: { path: a, tag: 'a{version}' }\n  b: { path: b, tag: 'a1{version}' }",
    /can be taken/,
  ],
])("two components with %s are an error", (_, text, said) => {
  expect(problemsOf(`components:\n  ${text}\n`).join()).toMatch(said)
})

test.each([
  ["one that there is not", "linked: [api, wep]", /no component is named `wep`; did you mean `web`\?/],
  ["one twice", "linked: [[api, web], [web, api]]", /`web` is named twice/],
])("a group of linked components that names %s is an error", (_, text, said) => {
  const two = "components: { api: { path: api }, web: { path: web } }"
  expect(problemsOf(`${two}\n${text}\n`).join()).toMatch(said)
  expect(problemsOf(`${two}\nlinked: [api, web]\n`)).toEqual([])
})
