import { createRequire } from "node:module"

/** What GitHub says of one repository and its head. */
export interface Source {
  readonly repository: { readonly id: number; readonly name: string; readonly full_name: string }
  readonly installation: unknown
  readonly head: string
}

type Json = { readonly [field: string]: unknown }
interface Family {
  readonly name: string
  readonly examples: readonly Json[]
}

/** How often each comes, in a hundred: CI reports much more than people do. */
const MIX: readonly (readonly [event: string, action: string | undefined, times: number])[] = [
  ["check_run", "completed", 30],
  ["check_run", "created", 10],
  ["check_suite", "completed", 10],
  ["status", undefined, 15],
  ["workflow_run", "completed", 10],
  ["pull_request", "synchronize", 8],
  ["pull_request", "opened", 3],
  ["pull_request", "labeled", 2],
  ["push", undefined, 8],
  ["issues", "edited", 2],
  ["deployment_status", undefined, 1],
  ["release", "edited", 1],
]

/** A webhook that is not signed yet. */
export interface Shaped {
  readonly event: string
  readonly body: string
}

/**
 * GitHub's own recorded examples (`@octokit/webhooks-examples`), one after the other in the proportions of `MIX`, made to
 * speak of our repositories, each in turn: their heads in place of the examples' commits, and pushes to a branch that releases nothing.
 * @returns the webhook that is sent as number `at`
 */
export function shaper(sources: readonly Source[]): (at: number) => Shaped {
  const turns = spread()
  return (at) => {
    const source = sources[at % sources.length]
    const turn = turns[Math.floor(at / sources.length + at) % turns.length]
    if (!source || !turn) throw new Error("there is nothing to send")
    return { event: turn.event, body: JSON.stringify(about(turn.example, source, at)) }
  }
}

interface Turn {
  readonly event: string
  readonly example: Json
}

/** A hundred turns, those of a kind far from each other. */
function spread(): readonly Turn[] {
  const families: readonly Family[] = createRequire(import.meta.url)("@octokit/webhooks-examples")
  return MIX.flatMap(([event, action, times]) => {
    const examples = families.find(({ name }) => name === event)?.examples ?? []
    const example = examples.find((each) => action === undefined || each.action === action)
    if (!example) throw new Error(`@octokit/webhooks-examples holds no ${event} ${action ?? ""} any more`)
    return Array.from({ length: times }, (_, i) => ({ event, example, place: (i + 0.5) / times }))
  }).toSorted((a, b) => a.place - b.place)
}

function about(example: Json, { repository, installation, head }: Source, at: number): Json {
  const { name, full_name } = repository
  return {
    ...(withCommit(example, head, at) as Json),
    repository: { ...repository, name, full_name },
    installation,
    ...("ref" in example ? { ref: "refs/heads/feature" } : {}),
  }
}

/** Fields that name the commit or the run that is spoken of, wherever they stand. */
function withCommit(value: unknown, head: string, at: number): unknown {
  if (Array.isArray(value)) return value.map((each) => withCommit(each, head, at))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, held]) => {
      if (field === "head_sha" || field === "sha") return [field, head]
      return [field, withCommit(held, head, at)]
    }),
  )
}
