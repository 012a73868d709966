import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"

/** What is found: `line:column path message`. */
function problemsOf(text: string): string[] {
  const read = readConfig(text, ".github/slipway.yml")
  return read.ok ? [] : read.problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)
}

const TWO = "components: { api: { path: api }, web: { path: web } }\n"

test.each([
  [
    "a yes that is no truth value",
    "workspaces: yes",
    "1:13 workspaces `workspaces` must be `true` or `false`, found `yes`",
  ],
  ["an off that is none", "impact: off", "1:9 impact `impact` must be `true` or `false`, found `off`"],
  [
    "linked components that there are not",
    `${TWO}linked: [api, wbe]`,
    "2:15 linked[1] no component is named `wbe`; did you mean `web`?",
  ],
  [
    "linked components of no kind",
    "linked: [[api, web]]",
    "1:11 linked[0][0] no component is named `api`; known are none",
    "1:16 linked[0][1] no component is named `web`; known are none",
  ],
  [
    "a train beside what goes at once",
    'publish: { mode: auto }\ntrain: { every: "tue 10:00" }',
    "2:8 train `publish.mode: auto` publishes as soon as every gate is passed, and a train at its departures: choose one of them",
  ],
  [
    "a component's train beside what goes by a merge",
    'publish: { mode: pull-request }\ncomponents: { api: { path: api, changelog: C.md, train: { every: "tue 10:00" } } }',
    "2:57 components.api.train `publish.mode: pull-request` publishes when somebody merges, and a train at its departures: choose one of them",
  ],
  [
    "a component in two groups",
    `${TWO}linked: [[api, web], [web, api]]`,
    "2:23 linked[1][0] component `web` is named twice; a component is in one group, once",
    "2:28 linked[1][1] component `api` is named twice; a component is in one group, once",
  ],
  [
    "a group of one",
    `${TWO}linked: [api]`,
    "2:9 linked `linked` must name at least two components, such as `[api, web]`",
  ],
  [
    "a group of one among groups",
    `${TWO}linked: [[api]]`,
    "2:10 linked[0] `linked[0]` must name at least two components, found a list",
  ],
  [
    "a hotfix pattern that takes every branch",
    'hotfix: { branches: "*" }',
    "1:21 hotfix.branches `hotfix.branches` must be a branch pattern that begins with a name, such as `hotfix/*`, found `*`",
  ],
  [
    "a hotfix pattern that git allows no branch for",
    'hotfix: { branches: [a/*, "hot fix/*"] }',
    "1:27 hotfix.branches[1] `hotfix.branches[1]` must be a branch pattern that begins with a name, such as `hotfix/*`, found `hot fix/*`",
  ],
  [
    "a hotfix key with a slip",
    "hotfix: { branch: x/* }",
    "1:11 hotfix.branch unknown key `branch`; did you mean `branches`?",
  ],
  [
    "a channel of two branches",
    "branches: [main, { name: next, channel: rc }, { name: beta, channel: rc }]",
    "1:47 branches[2] branches `next` and `beta` have the same channel; each needs one of its own",
  ],
  [
    "a range of two branches",
    "branches: [{ name: v1.x, maintenance: true }, { name: old, maintenance: true, range: 1.x }]",
    "1:47 branches[1] branches `v1.x` and `old` both make versions of `1.x`; each needs a range of its own",
  ],
  [
    "a maintenance branch without a range",
    "branches: [{ name: support-1, maintenance: true }]",
    "1:12 branches[0] the name of maintenance branch `support-1` does not say which versions it makes; name it like `1.x` or `1.4.x`, or add the range: `{ name: support-1, maintenance: true, range: 1.x }`",
  ],
  [
    "a range that is none",
    "branches: [{ name: a, maintenance: true, range: '>=1' }]",
    "1:49 branches[0].range `branches[0].range` must be a range such as `1.x` or `1.4.x`, found `>=1`",
  ],
  [
    "a range without maintenance",
    "branches: [{ name: a, range: 1.x }]",
    "1:12 branches[0] branch `a` has a `range`, which belongs to a branch with `maintenance: true`",
  ],
  [
    "a channel that is maintained",
    "branches: [{ name: 1.x, channel: rc, maintenance: true }]",
    "1:12 branches[0] branch `1.x` cannot be a channel and a maintenance branch at once",
  ],
  [
    "a manifest's key with a slip",
    "publish: { manifests: [{ path: a, regx: (.*) }] }",
    "1:35 publish.manifests[0].regx unknown key `regx`; did you mean `regex`?",
  ],
  [
    "a manifest with two places",
    "publish: { manifests: [{ path: a.json, regex: (.*), jsonpath: $.a }] }",
    "1:63 publish.manifests[0].jsonpath one of `regex`, `jsonpath` and `xpath` says where the version stands, here are `regex` and `jsonpath`; for two places make two entries",
  ],
  [
    "a manifest without a path",
    "publish: { manifests: [{ regex: (.*) }] }",
    "1:24 publish.manifests[0].path `publish.manifests[0].path` is missing; it must be a path from the repository's root such as `docs/rollback.md`",
  ],
  [
    "a manifest without a place",
    "publish: { manifests: [{ path: a.txt }] }",
    "1:32 publish.manifests[0] `publish.manifests[0]`: where `a.txt` says its version is not known; say it with a `regex`, a `jsonpath` or an `xpath`",
  ],
  [
    "a manifest that is a workflow",
    "publish: { manifests: [.github/workflows/x.yml] }",
    "1:24 publish.manifests[0] cannot be a workflow: Slipway does without the permission `workflows: write`, so that it can never change one",
  ],
  [
    "a dispatch's key with a slip",
    "publish: { dispatch: { workflw: a.yml } }",
    "1:24 publish.dispatch.workflw unknown key `workflw`; did you mean `workflow`?",
  ],
  [
    "a dispatch of nothing",
    "publish: { dispatch: {} }",
    "1:22 publish.dispatch `publish.dispatch` must name a `workflow` such as `release.yml`, or an `event` such as `released`, found an empty mapping",
  ],
  [
    "a dispatch of both",
    "publish: { dispatch: { workflow: a.yml, event: b } }",
    "1:22 publish.dispatch `publish.dispatch` must name a `workflow` or an `event`, one of them, found a mapping",
  ],
  [
    "a dispatch without a unit of time",
    "publish: { dispatch: { workflow: a.yml, within: 5 } }",
    "1:49 publish.dispatch.within `publish.dispatch.within` must be a duration in minutes, hours or days, such as `30m`, `24h` or `7d`, found the number `5`",
  ],
  [
    "a pattern that takes out",
    'changes: [{ when: { path: "!docs/**" }, bump: patch }]',
    "1:27 changes[0].when.path `changes[0].when.path` must be a pattern without `!`, which takes nothing out here; name what is meant, found `!docs/**`",
  ],
  [
    "a pattern of alternatives",
    'components: { api: { path: ["src/*.{ts,js}"] } }',
    "1:29 components.api.path[0] `components.api.path[0]` must be a pattern without `{a,b}`; make it a list of patterns, found `src/*.{ts,js}`",
  ],
  [
    "a condition with a slip",
    "changes: [{ when: { paths: a }, bump: patch }]",
    "1:21 changes[0].when.paths unknown key `paths`; did you mean `path`?",
  ],
  [
    "a rule with a slip",
    "changes: [{ when: { type: a }, bmp: patch }]",
    "1:32 changes[0].bmp unknown key `bmp`; did you mean `bump`?",
  ],
  [
    "a pull request that brings nothing",
    "publish: { mode: pull-request }",
    "1:18 publish.mode `pull-request` needs something to bring: name `publish.changelog` or `publish.manifests`, or choose `draft` or `auto`",
  ],
  [
    "a component whose pull request brings nothing",
    "publish: { mode: pull-request }\ncomponents: { api: { path: api, changelog: api/CHANGELOG.md }, web: { path: web } }",
    "2:69 components.web `publish.mode: pull-request` needs something to bring: give component `web` a `changelog` or `manifests`, or choose `draft` or `auto`",
  ],
  [
    "a file of two components",
    "components:\n  api: { path: a, manifests: [version.txt], changelog: CHANGES.md }\n  web: { path: b, manifests: [version.txt], changelog: CHANGES.md }",
    "3:31 components.web.manifests[0] components `api` and `web` would write their versions over each other's in `version.txt`; each needs a file of its own",
    "3:56 components.web.changelog components `api` and `web` would write their versions over each other's in `CHANGES.md`; each needs a file of its own",
  ],
  [
    "tags that read each other",
    'components: { api: { path: a, tag: "v{version}" }, web: { path: b, tag: "v{version}-b" } }',
    "1:73 components.web.tag components `api` and `web` have tags that can be taken for each other's, `v{version}` and `v{version}-b`; each needs one of its own",
  ],
  [
    "a component without a path",
    "components: { api: { tag: 'v{version}' } }",
    "1:15 components.api.path `components.api.path` is missing; it must be a path pattern such as `services/api/**`, or a list of them",
  ],
  [
    "a policy with a slip",
    "version: { zero: shfit }",
    "1:18 version.zero `version.zero` must be one of `minor`, `major`, `shift`, found `shfit`; did you mean `shift`?",
  ],
  [
    "an asset with a slip",
    "publish: { assets: [{ name: a, sha265: required }] }",
    "1:32 publish.assets[0].sha265 unknown key `sha265`; did you mean `sha256`?",
  ],
])("%s", (_, text, ...problems) => expect(problemsOf(text)).toEqual(problems))

const many = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join("")

test.each([
  [
    "components",
    `components: { ${many(1_001, (i) => `a${i}: { path: a }, `)} }`,
    "1:13 components `components` must hold at most 1000 entries, found a mapping",
  ],
  [
    "environments",
    `environments: { ${many(101, (i) => `e${i}: , `)} }`,
    "1:15 environments `environments` must hold at most 100 entries, found a mapping",
  ],
  [
    "branches",
    `branches: [${many(1_001, (i) => `b${i}, `)}]`,
    "1:11 branches `branches` must hold at most 1000 entries, found a list",
  ],
])("more %s than are looked at", (_, text, problem) => expect(problemsOf(text)).toEqual([problem]))

test.each([
  ["two places of one file", "publish: { manifests: [Chart.yaml, { path: Chart.yaml, jsonpath: $.appVersion }] }"],
  ["a known file, written out", "publish: { manifests: [{ path: package.json }] }"],
  [
    "two places of one file in two components",
    "components: { a: { path: a, manifests: [{ path: v, regex: a(.*) }] }, b: { path: b, manifests: [{ path: v, regex: b(.*) }] } }",
  ],
  ["a range in a range", 'branches: [{ name: "1.x", maintenance: true }, { name: "1.4.x", maintenance: true }]'],
  ["linked packages, whose names only the workspace knows", "workspaces: true\nlinked: [api, web]"],
  ["packages with a changelog each", "workspaces: true\npublish: { mode: pull-request, changelog: CHANGELOG.md }"],
  ["folders named in brackets", "components: { app: { path: 'app/{id}/[slug]/**' } }"],
  ["a hotfix pattern", "hotfix: { branches: [hotfix/*, fix-*] }"],
])("no mistake: %s", (_, text) => expect(problemsOf(text)).toEqual([]))
