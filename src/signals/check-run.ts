import { z } from "zod"
import { digestsIn } from "../model/artifact.ts"
import { stateOfCheckRun, suiteName } from "../model/evidence.ts"
import { hashOf } from "../model/hash.ts"
import { percentOf } from "../model/percentages.ts"
import type { Signal } from "../model/signal.ts"
import { Account, Id, Instant, Link, type Reception, Sha, Text } from "./payload.ts"

const App = z.object({ id: Id, slug: Text.nullish() })

const Run = z.object({
  id: Id,
  name: Text,
  head_sha: Sha,
  external_id: Text.nullable(),
  status: z.string(),
  conclusion: z.string().nullable(),
  started_at: Instant.nullish(),
  completed_at: Instant.nullish(),
  html_url: Link,
  app: App.nullable(),
  check_suite: z.object({ id: Id.nullish() }).nullish(),
  output: z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish(),
})

const Event = z.object({ action: z.string(), check_run: Run })
const Click = z.object({ requested_action: z.object({ identifier: Text }), sender: Account })

type Run = z.infer<typeof Run>

/**
 * Another App's run is evidence. Our own are echoes, but for a button that was pressed and for `Re-run`.
 * A button on another App's run is that App's business.
 */
export function checkRun(payload: unknown, { appId, at }: Reception): readonly Signal[] {
  const { action, check_run: run } = Event.parse(payload)
  const isOurs = run.app?.id === appId
  switch (action) {
    case "created":
    case "completed":
      return isOurs ? [] : [evidence(run, at)]
    case "requested_action":
      return isOurs ? [clicked(payload, run, at)] : [] // guard: foreign-check-run
    case "rerequested":
      return isOurs ? [{ kind: "look", because: `${run.name} was asked to run again` }] : []
    default:
      return []
  }
}

/** 96 bits. */
const SIGNED_LENGTH = 24

function clicked(payload: unknown, run: Run, at: string): Signal {
  const { requested_action, sender } = Click.parse(payload)
  return {
    kind: "clicked",
    checkRun: run.id,
    name: run.name,
    sha: run.head_sha,
    externalId: run.external_id ?? "",
    button: requested_action.identifier,
    by: sender,
    signed: hashOf(payload).slice(0, SIGNED_LENGTH),
    at,
  }
}

const evidence = (run: Run, at: string): Signal => ({
  kind: "evidence",
  sha: run.head_sha,
  report: {
    kind: "check",
    name: run.name,
    ...appOf(run.app),
    ...(run.check_suite?.id ? { suite: run.check_suite.id } : {}),
    id: run.id,
    state: stateOfCheckRun(run.status, run.conclusion),
    word: run.conclusion ?? run.status,
    ...digestsIn(run.output?.title, run.output?.summary),
    ...(run.html_url ? { url: run.html_url } : {}),
    ...percentOf(run.output?.title, run.output?.summary),
    at: run.completed_at ?? run.started_at ?? at,
  },
})

const appOf = (app: z.infer<typeof App> | null) =>
  app ? { ...(app.slug ? { app: app.slug } : {}), appId: app.id } : {}

const Suite = z.object({ action: z.string(), check_suite: z.object({ app: App.nullable() }) })

const Completed = z.object({
  check_suite: z.object({
    id: Id,
    head_sha: Sha,
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    updated_at: Instant.nullish(),
    app: App.nullable(),
  }),
})

/**
 * `Re-run all checks` on a commit where we reported. Another App's suite that has ended: no run of it is still to come.
 */
export function checkSuite(payload: unknown, { appId, at }: Reception): readonly Signal[] {
  const { action, check_suite } = Suite.parse(payload)
  const isOurs = check_suite.app?.id === appId
  if (action === "rerequested" && isOurs) return [{ kind: "look", because: "all checks were asked to run again" }]
  return action === "completed" && !isOurs ? [ended(payload, at)] : []
}

function ended(payload: unknown, received: string): Signal {
  const { id, head_sha: sha, status, conclusion, app, updated_at: at } = Completed.parse(payload).check_suite
  const [state, word] = [stateOfCheckRun(status ?? "completed", conclusion ?? null), conclusion ?? "completed"]
  const suite = { id, suite: id, ...appOf(app), state, word, at: at ?? received }
  return { kind: "evidence", sha, report: { kind: "suite", name: suiteName(app?.slug), ...suite } }
}
