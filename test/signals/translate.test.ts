import { describe, expect, test } from "vitest"
import { translate } from "../../src/signals/translate.ts"
import { example, examplesOf, REPO, schemaProblems, without } from "./payloads.ts"

const AT = "2026-11-21T09:00:00.000Z"
const OURS = 29310
const A = "a".repeat(40)
const B = "b".repeat(40)
const ZERO = "0".repeat(40)

const read = (event: string, payload: unknown) =>
  translate({ event, delivery: "d-1", payload, appId: String(OURS), apiUrl: "https://api.github.com", at: AT })

const signalsOf = (event: string, payload: unknown) => {
  const translation = read(event, payload)
  if (translation.is === "nothing") return []
  expect(translation).toMatchObject({ is: "signals", repo: REPO })
  return translation.is === "signals" ? translation.signals : []
}

const commit = (id: string, more: object = {}) => ({
  id,
  tree_id: ZERO,
  distinct: true,
  url: `https://github.com/Codertocat/Hello-World/commit/${id}`,
  message: "feat: more",
  timestamp: "2026-11-21T10:00:00+02:00",
  author: { name: "Lea", email: "lea@example.com", username: "lea" },
  committer: { name: "GitHub", email: "noreply@github.com", username: "web-flow" },
  added: ["a.ts"],
  removed: [],
  modified: ["b.ts"],
  ...more,
})

const pushed = (more: object = {}) =>
  example("push", undefined, {
    ref: "refs/heads/master",
    before: A,
    after: B,
    commits: [commit(B)],
    created: false,
    deleted: false,
    base_ref: null,
    head_commit: commit(B),
    // Newer than the published example.
    repository: { has_discussions: false, topics: [], visibility: "public" },
    ...more,
  })

const described = (body: string) => ({ ...MERGED, pull_request: { ...MERGED.pull_request, body } })

const MERGED = {
  number: 7,
  pull_request: {
    number: 7,
    title: "feat: a button",
    state: "closed",
    merged: true,
    merged_at: "2026-11-21T08:59:58Z",
    closed_at: "2026-11-21T08:59:58Z",
    merge_commit_sha: B,
    commits: 3,
    labels: [],
    head: { sha: A },
    base: { ref: "master" },
  },
}

describe("push", () => {
  test("carries the branch's advance and the files", () => {
    const first = commit(A, { added: [], modified: ["b.ts"], author: { name: "Ghost", email: null } })
    const push = { by: { login: "Codertocat", id: "21031067" }, at: "2019-05-15T15:20:57.000Z" }
    expect(signalsOf("push", pushed({ before: ZERO, commits: [first, commit(B)] }))).toEqual([
      {
        kind: "moved",
        branch: "master",
        deleted: false,
        files: ["b.ts", "a.ts"],
        advance: {
          before: ZERO,
          after: B,
          forced: false,
          complete: true,
          commits: [
            {
              sha: A,
              message: "feat: more",
              authorName: "Ghost",
              committer: "web-flow",
              committerName: "GitHub",
              at: "2026-11-21T08:00:00.000Z",
              landing: B,
              files: ["b.ts"],
              push,
            },
            {
              sha: B,
              message: "feat: more",
              author: "lea",
              authorName: "Lea",
              committer: "web-flow",
              committerName: "GitHub",
              at: "2026-11-21T08:00:00.000Z",
              landing: B,
              files: ["a.ts", "b.ts"],
              push,
            },
          ],
        },
      },
    ])
  })

  test.each([
    ["in seconds", 1_700_000_000, "2023-11-14T22:13:20.000Z"],
    ["as a date", "2023-11-14T23:13:20+01:00", "2023-11-14T22:13:20.000Z"],
    ["not at all: when the webhook came", null, AT],
    ["as nonsense: when the webhook came", "soon", AT],
  ])("GitHub tells when it was pushed %s", (_, pushed_at, at) => {
    expect(signalsOf("push", pushed({ repository: { pushed_at } }))).toMatchObject([
      { advance: { commits: [{ push: { by: { login: "Codertocat" }, at } }] } },
    ])
  })

  test("one that names nobody is a push all the same", () => {
    expect(signalsOf("push", without(pushed(), "sender"))).toMatchObject([{ kind: "moved" }])
    expect(JSON.stringify(signalsOf("push", without(pushed(), "sender")))).not.toContain("Codertocat")
  })

  const many = (n: number) => [
    ...Array.from({ length: n - 1 }, (_, i) => commit(i.toString(16).padStart(40, "0"))),
    commit(B),
  ]
  const files = (n: number) => Array.from({ length: n }, (_, i) => `f${i}`)

  test.each([
    ["2,047 commits are all there are", { commits: many(2047) }, { complete: true, files: 2 }],
    ["2,048 commits may be more", { commits: many(2048) }, { complete: false, files: 2 }],
    ["a list that does not end at the head is cut", { commits: [commit(A)] }, { complete: false, files: 2 }],
    ["a branch set back lists nothing", { commits: [], forced: true }, { complete: false, files: 0 }],
    [
      "2,999 files are all there are",
      { commits: [commit(B, { added: files(2998) })] },
      { complete: true, files: 2999 },
    ],
    ["3,000 files may be more", { commits: [commit(B, { added: files(2999) })] }, { complete: false, files: null }],
    ["no lists of files", { commits: [without(commit(B), "modified")] }, { complete: false, files: null }],
    ["a deleted branch", { commits: [], deleted: true, after: ZERO }, { complete: true, files: 0 }],
  ])("%s", (_, changes, { complete, files }) => {
    const [signal] = signalsOf("push", pushed(changes))
    expect(signal).toMatchObject({ kind: "moved", advance: { complete } })
    expect(signal?.kind === "moved" ? (signal.files?.length ?? null) : "no push").toBe(files)
  })

  test("a hostile commit stays text that a database keeps, and a date that is none costs nothing", () => {
    const [signal] = signalsOf(
      "push",
      pushed({ commits: [commit(B, { message: "feat: \0\ud800x", timestamp: "soon" })] }),
    )
    expect(signal).toMatchObject({
      advance: { complete: true, commits: [{ message: "feat: \ufffdx", at: "1970-01-01T00:00:00.000Z" }] },
    })
  })

  test.each([
    [
      "a release's tag",
      "refs/tags/v1.2.3",
      { created: true, head_commit: null },
      [
        {
          kind: "look",
          because: "the tag v1.2.3 was created",
          tag: { name: "v1.2.3", at: B, by: "Codertocat", isPerson: true },
        },
      ],
    ],
    [
      "an annotated tag, which is pushed as an object of its own",
      "refs/tags/v1.2.3",
      { created: true, after: A, head_commit: commit(B) },
      [
        {
          kind: "look",
          because: "the tag v1.2.3 was created",
          tag: { name: "v1.2.3", at: B, by: "Codertocat", isPerson: true },
        },
      ],
    ],
    [
      "a component's tag",
      "refs/tags/api/1.0.0-rc.1",
      { deleted: true },
      [
        {
          kind: "look",
          because: "the tag api/1.0.0-rc.1 was deleted",
          tag: { name: "api/1.0.0-rc.1", at: null, by: "Codertocat", isPerson: true },
        },
      ],
    ],
    [
      "an annotated tag that was moved: it stands where its commit is",
      "refs/tags/v1.2.3",
      { forced: true, head_commit: { id: A } },
      [
        {
          kind: "look",
          because: "the tag v1.2.3 was moved",
          tag: { name: "v1.2.3", at: A, by: "Codertocat", isPerson: true },
        },
      ],
    ],
    ["a tag of no release", "refs/tags/nightly", { created: true }, []],
    ["a note", "refs/notes/commits", {}, []],
  ])("%s", (_, ref, changes, expected) => {
    expect(signalsOf("push", pushed({ ref, ...changes }))).toEqual(expected)
  })
})

describe("pull_request", () => {
  const merged = {
    kind: "merged",
    base: "master",
    pull: {
      number: 7,
      title: "feat: a button",
      labels: [],
      author: { login: "Codertocat", id: "21031067", type: "User" },
      mergeSha: B,
      commits: 3,
      headSha: A,
      mergedAt: "2026-11-21T08:59:58.000Z",
    },
  }
  const issue = (state: string) => ({ kind: "issue", number: 7, state })
  const OPEN = { number: 7, pull_request: { number: 7, state: "closed", merged: false, merged_at: null } }
  const STILL_OPEN = { number: 7, pull_request: { ...MERGED.pull_request, state: "open", merged_at: null } }
  const { mergeSha: _, mergedAt: __, ...proposal } = merged.pull
  const forked = { kind: "proposed", base: "master", pull: proposal }
  const proposed = { ...forked, head: "changes" }

  test.each<[string, string, string, object, object[]]>([
    ["merged", "closed", "closed", MERGED, [merged, issue("closed")]],
    [
      "merged by an author who is gone",
      "closed",
      "closed",
      { ...MERGED, pull_request: { ...MERGED.pull_request, user: null } },
      [{ ...merged, pull: { ...merged.pull, author: { login: "ghost", id: "10137", type: "User" } } }, issue("closed")],
    ],
    [
      "merged by an unknown kind of account",
      "closed",
      "closed",
      { ...MERGED, pull_request: { ...MERGED.pull_request, user: { type: "Agent" } } },
      [{ ...merged, pull: { ...merged.pull, author: { ...merged.pull.author, type: "Bot" } } }, issue("closed")],
    ],
    [
      "merged, and it closes issues",
      "closed",
      "closed",
      { ...MERGED, pull_request: { ...MERGED.pull_request, body: "It fixes #3.\n\nCloses #9\0, closes octo/other#4" } },
      [{ ...merged, pull: { ...merged.pull, says: { closes: [3, 9] } } }, issue("closed")],
    ],
    [
      "merged, and it was its author's first",
      "closed",
      "closed",
      { ...MERGED, pull_request: { ...MERGED.pull_request, author_association: "FIRST_TIME_CONTRIBUTOR" } },
      [{ ...merged, pull: { ...merged.pull, firstTime: true } }, issue("closed")],
    ],
    ["closed without a merge", "closed", "closed", OPEN, [issue("not merged")]],
    ["reopened", "reopened", "reopened", OPEN, [issue("open")]],
    [
      "labelled after the merge",
      "labeled",
      "labeled",
      { ...MERGED, pull_request: { ...MERGED.pull_request, labels: [{ name: "breaking" }] } },
      [{ ...merged, pull: { ...merged.pull, labels: ["breaking"] } }],
    ],
    ["unlabelled after the merge", "labeled", "unlabeled", MERGED, [merged]],
    ["retitled after the merge", "opened", "edited", { ...MERGED, changes: { title: { from: "a button" } } }, [merged]],
    ["described after the merge", "opened", "edited", { ...MERGED, changes: { body: { from: "" } } }, []],
    ["opened", "opened", "opened", STILL_OPEN, [proposed]],
    ["reopened, and open again", "reopened", "reopened", STILL_OPEN, [issue("open"), proposed]],
    ["pushed to", "opened", "synchronize", STILL_OPEN, [proposed]],
    ["retitled", "opened", "edited", { ...STILL_OPEN, changes: { title: { from: "a" } } }, [proposed]],
    ["ready for review", "opened", "ready_for_review", STILL_OPEN, [proposed]],
    ["assigned", "opened", "assigned", STILL_OPEN, []],
    [
      "opened by Slipway itself, to release",
      "opened",
      "opened",
      {
        ...STILL_OPEN,
        pull_request: {
          ...STILL_OPEN.pull_request,
          user: { type: "Bot" },
          head: { sha: A, ref: "slipway/release/master" },
        },
      },
      [],
    ],
    [
      "labelled before the merge",
      "labeled",
      "labeled",
      { ...STILL_OPEN, pull_request: { ...STILL_OPEN.pull_request, labels: [{ name: "breaking" }] } },
      [{ ...proposed, pull: { ...proposal, labels: ["breaking"] } }],
    ],
    [
      "opened by an account that is gone, from a fork that is gone",
      "opened",
      "opened",
      { ...STILL_OPEN, pull_request: { ...STILL_OPEN.pull_request, user: null, head: { sha: A, repo: null } } },
      [{ ...forked, pull: { ...proposal, author: { login: "ghost", id: "10137", type: "User" } } }],
    ],
    [
      "opened from a fork, whose branch may have any name",
      "opened",
      "opened",
      {
        ...STILL_OPEN,
        pull_request: {
          ...STILL_OPEN.pull_request,
          head: { sha: merged.pull.headSha, ref: "changes", repo: { id: 1 } },
        },
      },
      [forked],
    ],
    [
      "corrected after the merge",
      "opened",
      "edited",
      { ...described("BEGIN_COMMIT_OVERRIDE\r\nfix: b\r\nEND_COMMIT_OVERRIDE"), changes: { body: { from: "Why" } } },
      [{ ...merged, pull: { ...merged.pull, says: { override: "fix: b" } } }],
    ],
    [
      "a correction that is taken back",
      "opened",
      "edited",
      { ...MERGED, changes: { body: { from: "Release-As: 2.0.0" } } },
      [merged],
    ],
    [
      "described anew beside its footers",
      "opened",
      "edited",
      { ...described("More words\n\nRelease-As: 2.0.0"), changes: { body: { from: "Words\n\nRelease-As: 2.0.0" } } },
      [],
    ],
    [
      "merged, with what its description says",
      "closed",
      "closed",
      described("Reverts Codertocat/Hello-World#5\n\nslipway: skip"),
      [{ ...merged, pull: { ...merged.pull, says: { footers: "slipway: skip", reverts: [5] } } }, issue("closed")],
    ],
  ])("%s", (_, from, action, changes, expected) => {
    expect(signalsOf("pull_request", example("pull_request", from, { ...changes, action }))).toEqual(expected)
  })
})

describe("workflow_run", () => {
  const run = (changes: object) => ({
    workflow_run: {
      id: 9,
      path: ".github/workflows/release.yml",
      event: "workflow_dispatch",
      display_title: "release",
      head_branch: "v1.5.0",
      head_sha: A,
      status: "completed",
      conclusion: "success",
      run_attempt: 2,
      html_url: "https://github.com/acme/shop/actions/runs/9",
      created_at: "2026-11-21T09:00:00Z",
      updated_at: "2026-11-21T09:01:00Z",
      ...changes,
    },
  })
  const ran = {
    kind: "ran",
    run: "9",
    path: ".github/workflows/release.yml",
    event: "workflow_dispatch",
    title: "release",
    ref: "v1.5.0",
    sha: A,
    state: "succeeded",
    word: "success",
    attempt: 2,
    url: "https://github.com/acme/shop/actions/runs/9",
    began: "2026-11-21T09:00:00.000Z",
    at: "2026-11-21T09:01:00.000Z",
  }

  test.each<[string, string, object, object[]]>([
    ["succeeded", "completed", {}, [ran]],
    ["failed", "completed", { conclusion: "timed_out" }, [{ ...ran, state: "failed", word: "timed_out" }]],
    [
      "was asked for",
      "requested",
      { status: "queued", conclusion: null },
      [{ ...ran, state: "running", word: "queued" }],
    ],
    ["names its ref", "completed", { path: ".github/workflows/release.yml@v1.5.0" }, [ran]],
    ["was started by a push", "completed", { event: "push" }, []],
  ])("a run that %s", (_, action, changes, expected) => {
    expect(signalsOf("workflow_run", example("workflow_run", "completed", { action, ...run(changes) }))).toEqual(
      expected,
    )
  })
})

describe("check_run and check_suite", () => {
  const theirs = { app: { id: 15368, slug: "github-actions" } }
  const run = (action: string, changes: object) =>
    example("check_run", action, { check_run: { head_sha: A, ...changes } })
  const evidence = (more: object) => [
    {
      kind: "evidence",
      sha: A,
      report: expect.objectContaining({ kind: "check", name: "build", id: "9", app: "github-actions", ...more }),
    },
  ]
  const at = "2026-11-21T08:30:00Z"

  test.each<[string, string, object, object[]]>([
    [
      "queued",
      "created",
      { status: "queued", conclusion: null, started_at: null, completed_at: null, ...theirs },
      evidence({ state: "pending", word: "queued", at: AT }),
    ],
    [
      "begun",
      "created",
      { status: "in_progress", conclusion: null, started_at: at, completed_at: null, ...theirs },
      evidence({ state: "pending", at: "2026-11-21T08:30:00.000Z" }),
    ],
    [
      "success",
      "completed",
      { status: "completed", conclusion: "success", completed_at: at, ...theirs },
      evidence({ state: "passed", word: "success", url: expect.stringMatching(/^https:/) }),
    ],
    ["neutral", "completed", { status: "completed", conclusion: "neutral", ...theirs }, evidence({ state: "passed" })],
    ["skipped", "completed", { status: "completed", conclusion: "skipped", ...theirs }, evidence({ state: "passed" })],
    ["failure", "completed", { status: "completed", conclusion: "failure", ...theirs }, evidence({ state: "failed" })],
    [
      "timed_out",
      "completed",
      { status: "completed", conclusion: "timed_out", ...theirs },
      evidence({ state: "failed" }),
    ],
    [
      "a conclusion of next year",
      "completed",
      { status: "completed", conclusion: "mostly_fine", ...theirs },
      evidence({ state: "failed", word: "mostly_fine" }),
    ],
    ["no conclusion", "completed", { status: "completed", conclusion: null, ...theirs }, evidence({ state: "failed" })],
    ["our own", "completed", { status: "completed", conclusion: "neutral", app: { id: OURS } }, []],
    ["a run that somebody asked to run again", "rerequested", theirs, []],
    ["a button of another App", "requested_action", theirs, []],
  ])("%s", (_, action, changes, expected) => {
    expect(signalsOf("check_run", run(action, { id: 9, name: "build", ...changes }))).toEqual(expected)
  })

  test("a link that is no web address is none", () => {
    const [signal] = signalsOf("check_run", run("completed", { html_url: "javascript:alert(1)", ...theirs }))
    expect(signal?.kind === "evidence" && signal.report).not.toHaveProperty("url")
  })

  test("a button of ours that was pressed, and by whom", () => {
    const payload = run("requested_action", {
      id: 9,
      name: "Slipway / readiness",
      external_id: "slipway:3:abc",
      app: { id: OURS },
    })
    expect(signalsOf("check_run", { ...payload, requested_action: { identifier: "approve" } })).toEqual([
      {
        kind: "clicked",
        checkRun: "9",
        name: "Slipway / readiness",
        sha: A,
        externalId: "slipway:3:abc",
        button: "approve",
        by: { login: "codebytere", id: "2036040", type: "User" },
        signed: expect.stringMatching(/^[0-9a-f]{24}$/),
        at: AT,
      },
    ])
  })

  test("a press is known by all that was signed of it", () => {
    const press = (more: object, identifier = "approve") => {
      const payload = run("requested_action", { id: 9, app: { id: OURS }, ...more })
      const [signal] = signalsOf("check_run", { ...payload, requested_action: { identifier } })
      return signal?.kind === "clicked" ? signal.signed : undefined
    }
    const output = { title: "t", text: null, annotations_count: 0, annotations_url: "https://x.example" }
    const pages = ["as it was", "as it is, with an answer"].map((summary) => ({ output: { ...output, summary } }))
    expect(press(pages[0] ?? {})).toBe(press(pages[0] ?? {}))
    expect(new Set([...pages.map((page) => press(page)), press(pages[0] ?? {}, "hold")]).size).toBe(3)
  })

  test("Re-run on ours looks again, one run or all of them", () => {
    expect(signalsOf("check_run", run("rerequested", { name: "Slipway / plan", app: { id: OURS } }))).toEqual([
      { kind: "look", because: "Slipway / plan was asked to run again" },
    ])
    const suite = (id: number) => example("check_suite", "rerequested", { check_suite: { app: { id } } })
    expect(signalsOf("check_suite", suite(OURS))).toEqual([
      { kind: "look", because: "all checks were asked to run again" },
    ])
    expect(signalsOf("check_suite", suite(15368))).toEqual([])
    expect(
      signalsOf("check_suite", example("check_suite", "requested", { check_suite: { app: { id: OURS } } })),
    ).toEqual([])
  })

  test("another App's suite that has ended: nothing of it is still to come", () => {
    const suite = (id: number) =>
      example("check_suite", "completed", {
        check_suite: { id: 5, head_sha: A, conclusion: "failure", updated_at: at, app: { id, slug: "ci" } },
      })
    expect(signalsOf("check_suite", suite(15368))).toEqual([
      {
        kind: "evidence",
        sha: A,
        report: {
          kind: "suite",
          name: "more checks of ci",
          app: "ci",
          appId: "15368",
          suite: "5",
          id: "5",
          state: "failed",
          word: "failure",
          at: "2026-11-21T08:30:00.000Z",
        },
      },
    ])
    expect(signalsOf("check_suite", suite(OURS))).toEqual([])
  })

  test("a run tells its App and its suite", () => {
    expect(signalsOf("check_run", run("completed", { ...theirs, check_suite: { id: 5 } }))).toMatchObject([
      { report: { appId: String(theirs.app.id), suite: "5" } },
    ])
  })
})

describe("status", () => {
  test.each([
    ["success", "passed"],
    ["pending", "pending"],
    ["failure", "failed"],
    ["error", "failed"],
  ])("%s is %s", (state, expected) => {
    const payload = example("status", undefined, {
      id: 5,
      sha: A,
      context: "ci/deploy",
      state,
      target_url: "https://ci.example.com/5",
      updated_at: "2026-11-21T08:00:00+00:00",
    })
    expect(signalsOf("status", payload)).toEqual([
      {
        kind: "evidence",
        sha: A,
        report: {
          kind: "status",
          name: "ci/deploy",
          id: "5",
          state: expected,
          word: state,
          url: "https://ci.example.com/5",
          at: "2026-11-21T08:00:00.000Z",
        },
      },
    ])
  })
})

/** What both events of a deployment tell of it. */
const DEPLOYED = {
  kind: "deployed",
  deployment: "1",
  environment: "production",
  sha: A,
  ref: "v1.0.0",
  task: "deploy",
  made: "2026-11-21T07:59:00.000Z",
  by: "Codertocat",
}

describe("deployment_status", () => {
  const deployed = (deployment: object, status: object = {}) =>
    signalsOf("deployment_status", example("deployment_status", "created", { deployment, deployment_status: status }))

  test("carries deployment, state, link and who", () => {
    expect(
      deployed(
        { id: 1, sha: A, ref: "v1.0.0", task: "deploy", environment: "production", created_at: "2026-11-21T07:59:00Z" },
        { id: 2, state: "success", target_url: "https://x.example", created_at: "2026-11-21T08:00:00Z" },
      ),
    ).toEqual([
      {
        ...DEPLOYED,
        status: "2",
        state: "success",
        url: "https://x.example",
        at: "2026-11-21T08:00:00.000Z",
      },
    ])
  })

  test.each<[string, unknown, string | undefined]>([
    ["an object of ours", { slipway: "rollback:4" }, "rollback:4"],
    ["text of ours", JSON.stringify({ slipway: "rollback:4", from: "1.0.1" }), "rollback:4"],
    ["an object of theirs", { web: true }, undefined],
    ["text that is no JSON", "{slipway", undefined],
    ["a key that is no text", { slipway: 4 }, undefined],
    ["nothing", null, undefined],
  ])("the deployment's payload is %s", (_, payload, rollback) => {
    const [signal] = deployed({ payload })
    expect(signal?.kind === "deployed" ? signal.rollback : "no deployment").toBe(rollback)
  })

  test.each([
    ["github-actions", true],
    ["argo-cd", undefined],
  ])("a deployment that %s made", (slug, actions) => {
    const [signal] = deployed({ performed_via_github_app: { slug } })
    expect(signal?.kind === "deployed" ? signal.actions : "no deployment").toBe(actions)
  })

  test("waiting has not begun", () => {
    expect(deployed({}, { state: "waiting" })).toMatchObject([{ state: "pending" }])
  })
})

describe("deployment", () => {
  const made = (deployment: object, action = "created") =>
    signalsOf("deployment", example("deployment", "created", { action, deployment }))
  const facts = {
    id: 1,
    sha: A,
    ref: "v1.0.0",
    task: "deploy",
    environment: "production",
    payload: { digest: `sha256:${"d".repeat(64)}` },
    created_at: "2026-11-21T07:59:00Z",
  }

  test("is told of as soon as it is made, with what it deploys", () => {
    const payload = example("deployment", "created", { workflow: null, workflow_run: null, deployment: facts })
    expect(schemaProblems("deployment", payload)).toEqual([])
    expect(signalsOf("deployment", payload)).toEqual([
      {
        ...DEPLOYED,
        artifact: { is: "digests", digests: [`sha256:${"d".repeat(64)}`] },
        status: "0",
        state: "created",
        at: "2026-11-21T07:59:00.000Z",
      },
    ])
  })

  test.each<[string, object, number]>([
    ["a job of GitHub Actions", { performed_via_github_app: { id: 15368, slug: "github-actions" } }, 0],
    ["Slipway", { performed_via_github_app: { id: OURS, slug: "slipway" } }, 0],
    ["another App", { performed_via_github_app: { id: 4, slug: "argo-cd" } }, 1],
    ["somebody who borrows our key", { payload: { slipway: "rollback:4" }, performed_via_github_app: null }, 1],
    ["nobody that is left", { creator: null }, 1],
  ])("by %s", (_, more, heard) => {
    const signals = made({ ...facts, ...more })
    expect(signals).toHaveLength(heard)
    for (const signal of signals) expect(signal).not.toHaveProperty("rollback")
  })

  test("an action that GitHub invents later wakes nobody", () => {
    expect(made(facts, "paused")).toEqual([])
  })
})

describe("release", () => {
  test.each([
    ["created", "notes", "notes"],
    ["edited", null, ""],
    ["published", "notes", "notes"],
    ["unpublished", "notes", "notes"],
    ["prereleased", "notes", "notes"],
    ["released", "notes", "notes"],
    ["deleted", "notes", null],
  ])("%s", (action, body, expected) => {
    const payload = example("release", "edited", { action, release: { id: 4, tag_name: "v1.0.0", draft: true, body } })
    expect(signalsOf("release", payload)).toEqual([
      {
        kind: "release-edited",
        action,
        releaseId: "4",
        tag: "v1.0.0",
        draft: true,
        body: expected,
        by: "Codertocat",
        byAuthor: true,
      },
    ])
  })

  test.each([
    ["another account", { login: "mo", id: 7, type: "User" }],
    ["nobody that is left", null],
  ])("made by %s: not its author did it", (_, author) => {
    const signals = signalsOf("release", example("release", "edited", { action: "published", release: { author } }))
    expect(signals).toMatchObject([{ action: "published", by: "Codertocat" }])
    expect(signals[0]).not.toHaveProperty("byAuthor")
  })

  test("an action that GitHub invents later wakes nobody", () => {
    expect(signalsOf("release", example("release", "edited", { action: "blessed" }))).toEqual([])
  })
})

describe("issues and repository", () => {
  const issueIs = (state: string, signs: object) => ({ kind: "issue", number: 1, state, signs })
  const closed = { closedBy: "Codertocat", labels: [] }

  test.each([
    ["issues", "closed", {}, [issueIs("closed", { ...closed, labels: ["bug"] })]],
    ["issues", "closed", { issue: { number: 1, state_reason: "completed" } }, [issueIs("closed", closed)]],
    ["issues", "closed", { issue: { number: 1, state_reason: "not_planned" } }, [issueIs("not planned", closed)]],
    ["issues", "closed", { issue: { number: 1, state_reason: "duplicate" } }, [issueIs("not planned", closed)]],
    ["issues", "reopened", {}, [issueIs("open", { labels: ["bug"] })]],
    ["issues", "labeled", {}, [issueIs("open", { labels: ["bug"] })]],
    ["issues", "unlabeled", { issue: { number: 1, state: "open", labels: [] } }, [issueIs("open", { labels: [] })]],
    ["issues", "labeled", { issue: { number: 1, state: "closed", labels: [] } }, [issueIs("closed", { labels: [] })]],
    [
      "issues",
      "unlabeled",
      { issue: { number: 1, state: "closed", state_reason: "not_planned", labels: [] } },
      [issueIs("not planned", { labels: [] })],
    ],
    ["issues", "assigned", {}, []],
    ["issues", "edited", { issue: { number: 1, state: "open", body: "no post-mortem" } }, []],
    [
      "issues",
      "edited",
      { issue: { number: 1, state: "open", body: "<!-- slipway:post-mortem 7:1 -->\n- [x] done" } },
      [issueIs("open", { labels: [] })],
    ],
    ["repository", "renamed", {}, [{ kind: "look", because: "the repository was renamed" }]],
    ["repository", "transferred", {}, [{ kind: "look", because: "the repository was transferred" }]],
    ["repository", "unarchived", {}, [{ kind: "look", because: "the repository was unarchived" }]],
    ["repository", "deleted", {}, [{ kind: "uninstalled" }]],
    [
      "repository",
      "edited",
      { changes: { default_branch: { from: "main" } } },
      [{ kind: "look", because: "the default branch changed" }],
    ],
    ["repository", "edited", { changes: { description: { from: "" } } }, []],
    ["repository", "publicized", {}, []],
  ])("%s.%s %j", (event, action, changes, expected) => {
    const from = event === "issues" ? "edited" : "created"
    const payload = example(event, from, { action })
    expect(signalsOf(event, { ...payload, ...changes })).toEqual(expected)
  })
})

describe("labels of issues", () => {
  const at = "2026-11-02T09:00:00Z"
  const of = (action: string, issue: object = {}) =>
    example("issues", "labeled", {
      action,
      label: { name: "Incident" },
      issue: { number: 7, state: "open", title: "Broken", body: "Release: 1.4.2", updated_at: at, ...issue },
    })
  const labelledIn = (payload: object) => signalsOf("issues", payload).filter(({ kind }) => kind !== "issue")

  test("an open issue that got a label says what it names, by whom, and who wrote it", () => {
    expect(labelledIn(of("labeled"))).toEqual([
      {
        kind: "labelled",
        number: 7,
        label: "Incident",
        by: { login: "Codertocat", id: "21031067", type: "User" },
        author: { login: "Codertocat", id: "21031067", type: "User" },
        says: { title: "Broken", release: ["1.4.2"], environment: [], component: [], to: [], because: [] },
        since: "2026-11-02T09:00:00.000Z",
        signed: expect.stringMatching(/^[0-9a-f]{24}$/),
        at: expect.any(String),
      },
    ])
  })

  test.each([
    ["that lost it", of("unlabeled"), { kind: "unlabelled", number: 7, since: "2026-11-02T09:00:00.000Z" }],
    ["that lost it when it was closed", of("unlabeled", { state: "closed" }), { kind: "unlabelled", number: 7 }],
    ["whose author is no more", of("labeled", { user: null }), { kind: "labelled", number: 7 }],
    ["without a word", of("labeled", { body: null }), { says: { release: [] } }],
  ])("an issue %s", (_, payload, expected) => {
    expect(labelledIn(payload)).toMatchObject([expected])
  })

  test("a closed issue asks for nothing, whatever it is labelled", () => {
    expect(labelledIn(of("labeled", { state: "closed" }))).toEqual([])
  })

  test("two labels of one moment are two facts", () => {
    const [first, second] = ["Incident", "Bug"].map((name) => labelledIn({ ...of("labeled"), label: { name } })[0])
    expect(first).not.toEqual({ ...second, label: "Incident" })
  })
})

describe("installations", () => {
  const of = { installation: "957387", account: "Codertocat" }
  test.each<[string, string, object, object]>([
    ["installation", "created", {}, { is: "installed", ...of, repositories: ["186853002"] }],
    ["installation", "unsuspend", {}, { is: "installed", repositories: "all" }],
    ["installation", "new_permissions_accepted", {}, { is: "installed", repositories: "all" }],
    ["installation", "suspend", {}, { is: "uninstalled", repositories: "all" }],
    ["installation", "deleted", {}, { is: "uninstalled", repositories: "all" }],
    ["installation", "created", { action: "renamed" }, { is: "nothing" }],
    ["installation_repositories", "added", {}, { is: "installed", ...of, repositories: ["186853007"] }],
    ["installation_repositories", "removed", {}, { is: "uninstalled", ...of, repositories: ["1296269"] }],
  ])("%s.%s %j", (event, action, changes, expected) => {
    const payload = example(event, action, {
      installation: { id: 957387, account: { login: "Codertocat" } },
      ...changes,
    })
    expect(read(event, payload)).toMatchObject(expected)
  })
})

describe("payloads that are not what they should be", () => {
  test.each([
    ["push", pushed(), "after"],
    ["push", pushed(), "commits"],
    ["push", pushed(), "repository.default_branch"],
    ["push", pushed(), "installation"],
    ["pull_request", example("pull_request", "closed", { ...MERGED }), "pull_request.merge_commit_sha"],
    ["pull_request", example("pull_request", "closed", { ...MERGED }), "pull_request.base.ref"],
    ["check_run", example("check_run", "completed"), "check_run.head_sha"],
    ["status", example("status", undefined), "context"],
    ["deployment", example("deployment", "created"), "deployment.sha"],
    ["deployment_status", example("deployment_status", "created"), "deployment.sha"],
    ["release", example("release", "edited"), "release.id"],
    ["issues", { ...example("issues", "edited"), action: "closed" }, "issue.number"],
    ["repository", example("repository", "renamed"), "repository.id"],
    ["installation", example("installation", "created"), "installation.account.login"],
    ["installation_repositories", example("installation_repositories", "added"), "repositories_added"],
  ])("%s without %s", (event, payload, field) => {
    expect(read(event, without(payload, field))).toMatchObject({ is: "malformed", event, delivery: "d-1", field })
  })

  test.each([
    ["a SHA that is none", "push", pushed({ after: "HEAD" }), "after"],
    ["an id beyond 2^53", "release", example("release", "edited", { release: { id: 2 ** 60 } }), "release.id"],
    [
      "a state of next year",
      "deployment_status",
      example("deployment_status", "created", { deployment_status: { state: "exploded" } }),
      "deployment_status.state",
    ],
  ])("%s", (_, event, payload, field) => {
    expect(read(event, payload)).toMatchObject({ is: "malformed", field })
  })

  test.each([[null], [[]], ["text"], [{}], [{ action: { toString: null } }]])(
    "%j is a value, never a throw",
    (payload) => {
      for (const event of ["push", "check_run", "installation", "release", "repository", "status"])
        expect(read(event, payload).is).toBe("malformed")
    },
  )

  test.each(["ping", "star", "constructor", "__proto__", "toString", ""])("the event %j means nothing", (event) => {
    expect(read(event, { zen: "." })).toEqual({ is: "nothing" })
  })
})

describe("what GitHub publishes", () => {
  const EVENTS = [
    "push",
    "pull_request",
    "issues",
    "check_run",
    "check_suite",
    "status",
    "deployment",
    "deployment_status",
    "release",
    "workflow_run",
    "repository",
    "installation",
    "installation_repositories",
  ]

  test.each(EVENTS)("every example of %s is understood", (event) => {
    const examples = examplesOf(event)
    expect(examples.length).toBeGreaterThan(0)
    expect(examples.map((payload) => read(event, payload)).filter(({ is }) => is === "malformed")).toEqual([])
  })

  test.each([
    ["push", pushed()],
    ["pull_request", example("pull_request", "closed", MERGED)],
  ])("what we completed of %s is as GitHub describes it", (event, payload) => {
    expect(schemaProblems(event, payload)).toEqual([])
  })
})
