import { z } from "zod"
import { artifactIn } from "../model/deployment-payload.ts"
import { hashOf } from "../model/hash.ts"
import { jsonIn } from "../model/json-text.ts"
import type { Reported } from "../model/signal.ts"
import { storableText } from "../model/storable.ts"
import { Instant, Link, Sha, Text } from "./payload.ts"

/** Who reports. `id` is of their token: what two of them report never gets mixed up. */
export interface Reporter {
  readonly id: string
  readonly name: string
}

/** What a system outside of GitHub says of a deployment. `ignored`: nothing that matters here. */
export type Report =
  | {
      readonly is: "report"
      /** The same for the same report, and for no other: a second one is a redelivery. */
      readonly delivery: string
      /** `owner/name`, where it names one. */
      readonly repository?: string
      readonly signal: Reported
    }
  | { readonly is: "ignored" }
  | { readonly is: "malformed"; readonly because: string }

export const text = (most: number) => z.string().min(1).max(most).transform(nameOf)
const nameOf = (said: string): string => Text.parse(said).trim()

const Fields = z.strictObject({
  environment: text(255),
  repository: text(201).exactOptional(),
  component: text(100).exactOptional(),
  version: text(150).exactOptional(),
  sha: Sha.exactOptional(),
})

const artifact = z.string().max(700).transform(storableText)

const Body = Fields.extend({
  id: text(200),
  status: z.enum(["in_progress", "success", "failure"]).default("success"),
  at: Instant,
  deployment: text(200).exactOptional(),
  artifact: z.union([artifact, z.array(artifact).max(50)]).exactOptional(),
  url: Link.exactOptional(),
}).refine(({ version, sha }) => version !== undefined || sha !== undefined, {
  path: ["version"],
  message: "is missing, and so is `sha`: say which release it is, by one of them or both",
})

/** In so much time a report has to come: whoever kept one for longer cannot send it again. */
const OLDEST_MS = 24 * 60 * 60_000
/** Two clocks are never the same. */
const AHEAD_MS = 5 * 60_000

/** A report in our own form, as docs/deployments.md describes it. */
export function report(body: string, by: Reporter, now: Date): Report {
  const said = jsonIn(body)
  if (said === undefined) return NO_JSON
  const read = Body.safeParse(said)
  if (!read.success) return malformed(read.error)
  const { id, repository, deployment, status, at, url, artifact, ...release } = read.data
  const named = artifact === undefined ? undefined : artifactIn({ artifact })
  return dated(now, by, {
    id,
    deployment: deployment ?? id,
    ...(repository === undefined ? {} : { repository }),
    signal: { ...release, state: status, at, ...(url ? { url } : {}), ...(named ? { artifact: named } : {}) },
  })
}

interface Said {
  readonly id: string
  readonly deployment: string
  readonly repository?: string
  readonly signal: Omit<Reported, "kind" | "deployment" | "status" | "by">
}

function dated(now: Date, by: Reporter, { id, deployment, repository, signal }: Said): Report {
  const age = now.getTime() - Date.parse(signal.at)
  // guard: report-window
  if (age > OLDEST_MS) return { is: "malformed", because: "`at` is more than a day ago: what is live now?" }
  if (age < -AHEAD_MS) return { is: "malformed", because: "`at` is in the future: compare the clocks" }
  return {
    is: "report",
    delivery: `report:${short([by.id, id])}`,
    ...(repository === undefined ? {} : { repository }),
    signal: {
      kind: "reported",
      ...signal,
      deployment: `report-${short([by.id, "deployment", deployment])}`,
      // Clocks of scripts tell seconds: within one, the end comes after the beginning.
      status: `${Date.parse(signal.at)}${signal.state === "in_progress" ? 0 : 1}`,
      by: `token ${by.name}`,
    },
  }
}

const HASH_LENGTH = 24
const short = (of: readonly string[]): string => hashOf(of).slice(0, HASH_LENGTH)

export const NO_JSON: Extract<Report, { is: "malformed" }> = { is: "malformed", because: "the body is not JSON" }

export function malformed({ issues: [issue] }: z.ZodError): Extract<Report, { is: "malformed" }> {
  const field = issue?.path.join(".")
  const because = issue?.message ?? "it cannot be read"
  return { is: "malformed", because: field ? `\`${field}\`: ${because}` : because }
}

const metadata = z.record(z.string().max(300), z.string().max(40_000))

/**
 * An event of Flux, as its provider `generic` posts it; which environment it is about, and what Flux itself does not know,
 * stands in the `eventMetadata` of the alert.
 * https://fluxcd.io/flux/components/notification/events/
 */
const FluxEvent = z.object({
  involvedObject: z.object({
    kind: text(100),
    name: text(253),
    namespace: z.string().max(253).transform(storableText).default(""),
    uid: z.string().max(100).transform(storableText).default(""),
  }),
  severity: z.string(),
  reason: text(200),
  timestamp: Instant,
  metadata: metadata.nullish().transform((said) => said ?? {}),
})

/** An event of Flux. What it says of its progress, and of anything but a reconciliation, is ignored. */
export function fluxReport(body: string, by: Reporter, now: Date): Report {
  const event = jsonIn(body)
  if (event === undefined) return NO_JSON
  const read = FluxEvent.safeParse(event)
  if (!read.success) return malformed(read.error)
  const { involvedObject: of, severity, reason, timestamp: at, metadata: said } = read.data
  const state =
    severity === "error" ? "failure" : /^(?!Uninstall|Test)\w*Succeeded$/.test(reason) ? "success" : undefined
  if (state === undefined) return { is: "ignored" }
  const fields = Fields.safeParse({
    environment: own(said, "environment"),
    ...given("repository", own(said, "repository")),
    ...given("component", own(said, "component")),
    ...revisionIn(own(said, "originRevision") ?? own(said, "revision") ?? ""),
    ...given("version", own(said, "version")),
  })
  if (!fields.success) {
    const { environment } = said
    return environment === undefined
      ? { is: "malformed", because: "`metadata.environment` is missing: set it by `eventMetadata` of the Alert" }
      : malformed(fields.error)
  }
  const { repository, ...release } = fields.data
  if (release.version === undefined && release.sha === undefined)
    return { is: "malformed", because: "the event names no revision, and its `metadata` no `version`" }
  const id = [of.kind, of.namespace, of.name, of.uid, reason, at, release.sha ?? release.version].join("/")
  return dated(now, by, {
    id,
    deployment: id,
    ...(repository === undefined ? {} : { repository }),
    signal: { ...release, state, at },
  })
}

/** Flux may put the group of the one who says it before a key: `kustomize.toolkit.fluxcd.io/revision`. */
function own(said: Readonly<Record<string, string>>, key: string): string | undefined {
  const [, found] = Object.entries(said).find(([name]) => name === key || name.endsWith(`.fluxcd.io/${key}`)) ?? []
  return found
}

const given = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value })

/** `v1.4.0@sha1:…` and `main@sha1:…` are of git; a chart of Helm has its version alone. */
function revisionIn(revision: string): { readonly sha?: string; readonly version?: string } {
  const sha = /@sha(?:1|256):([0-9a-f]{40}|[0-9a-f]{64})$/.exec(revision)?.[1]
  if (sha !== undefined) return { sha }
  return /^v?\d+\.\d+\.\d+[\w.+-]{0,100}$/.test(revision) ? { version: revision } : {}
}
