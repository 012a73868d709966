import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import type { Asked } from "../../demo/peers/kubernetes.ts"
import { chooseRevision } from "../../src/decide/rollback/choose-revision.ts"
import type { DeploymentSeen } from "../../src/model/kubernetes.ts"
import {
  ANSWERED,
  BARE,
  type Manifest,
  OTHERWISE,
  ofStatus,
  PATCHED,
  STATUSES,
  UNKNOWN,
} from "../support/kubectl/manifests.ts"
import { closeClusters, cluster } from "./cluster.ts"

/** What `node scripts/record-kubectl.ts` wrote down of Debian's kubectl. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, "../support/kubectl/recorded.json"), "utf8")) as {
  readonly statuses: { readonly [name: string]: string }
  readonly answers: {
    readonly [name: string]: {
      readonly said: string
      readonly patches: readonly { readonly type: string; readonly body: readonly unknown[] }[]
    }
  }
}
const recorded = (name: string) => {
  const found = RECORDED.answers[name]
  if (!found) throw new Error(`kubectl was not recorded for “${name}”: run scripts/record-kubectl.ts`)
  return found
}

afterEach(closeClusters)

/** Nothing that a pod template says is known to be a release: then the revision before is taken, as kubectl does. */
const NOBODY = { version: "9.9.9", tag: "", sha: "e".repeat(40), artifact: [] }
const choice = (seen: DeploymentSeen) => chooseRevision(seen, { to: NOBODY, from: NOBODY, isBefore: true })

/** Takes a Deployment back, by the real act. @returns what was sent to the API server, if anything was */
async function takenBack({ deployment, sets }: Manifest) {
  const place = await cluster()
  place.peer.place(deployment, sets)
  const chosen = choice(await place.seen())
  if (chosen.is === "none") return { chosen, patch: undefined }
  expect(await place.undo(chosen)).toMatchObject({ is: "done" })
  const patch = place.peer.asked.find(({ method }) => method === "PATCH")
  return { chosen, patch }
}

const operations = (patch: Asked | undefined): readonly unknown[] => {
  if (!Array.isArray(patch?.body)) throw new Error("no list of operations was sent")
  return patch.body
}

/** The paths at which the first says something that the second does not say alike. */
function more(a: unknown, b: unknown, at = ""): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return [at]
  return Object.entries(a).flatMap(([key, value]) =>
    more(value, (b as { readonly [key: string]: unknown })[key], `${at}/${key}`),
  )
}

test.each(Object.entries(PATCHED))("%s: the patch is kubectl's, field for field", async (name, manifest) => {
  const [theirs] = recorded(name).patches
  const { patch } = await takenBack(manifest)
  expect(patch).toMatchObject({ type: theirs?.type })
  const [version, ...rest] = operations(patch)
  expect(version).toEqual({ op: "replace", path: "/metadata/resourceVersion", value: "4711" })
  expect(rest).toEqual(theirs?.body)
})

test.each<[string, readonly string[]]>([
  [
    "fields of later versions, and of nobody",
    [
      "/0/value/metadata/futureMetadata",
      "/0/value/spec/containers/0/resizePolicy",
      "/0/value/spec/containers/0/futureContainer",
      "/0/value/spec/initContainers/0/restartPolicy",
      "/0/value/spec/os",
      "/0/value/spec/schedulingGates",
      "/0/value/spec/futureSpec",
      "/0/value/futureTemplate",
    ],
  ],
  [
    "fields deep in volumes, environment and probes",
    [
      "/0/value/spec/containers/0/env/0/valueFrom/fileKeyRef",
      "/0/value/spec/containers/0/livenessProbe/grpc",
      "/0/value/spec/volumes/0/image",
      "/0/value/spec/volumes/1/emptyDir/futureLimit",
    ],
  ],
])("%s: kept where kubectl loses them, and nothing else differs", async (name, lost) => {
  const [theirs] = recorded(name).patches
  const manifest = UNKNOWN[name]
  if (!manifest) throw new Error(`there is no manifest ${name}`)
  const { patch } = await takenBack(manifest)
  const [, ...rest] = operations(patch)
  expect(more(rest, theirs?.body).toSorted()).toEqual(lost.toSorted())
  expect(more(theirs?.body, rest)).toEqual([])
  const { template } = manifest.sets[0]?.spec ?? {}
  const { "pod-template-hash": _, ...labels } = template?.metadata?.labels ?? {}
  expect(rest[0]).toMatchObject({ value: { ...template, metadata: { ...template?.metadata, labels } } })
})

test.each(Object.entries(BARE))("%s: kubectl adds only what says nothing", async (name, manifest) => {
  const [theirs] = recorded(name).patches
  const { patch } = await takenBack(manifest)
  const [, ...rest] = operations(patch)
  expect(more(rest, theirs?.body)).toEqual([])
  const added = ["/0/value/metadata/creationTimestamp", "/0/value/spec/containers/0/resources"]
  expect(more(theirs?.body, rest).toSorted()).toEqual(added)
})

test.each<[string, RegExp, RegExp]>([
  ["paused", /cannot rollback a paused deployment/, /^it is paused/],
  ["no previous revision", /no rollout history found/, /^it has no earlier revision$/],
  [
    "equal template",
    /skipped rollback \(current template already matches/,
    /^revision 1, the one before, is what runs/,
  ],
])("%s: nothing is sent, by kubectl or by us", async (name, said, because) => {
  expect(recorded(name)).toMatchObject({ said: expect.stringMatching(said), patches: [] })
  const manifest = ANSWERED[name]
  if (!manifest) throw new Error(`there is no manifest ${name}`)
  const { chosen, patch } = await takenBack(manifest)
  expect(chosen).toEqual({ is: "none", because: expect.stringMatching(because) })
  expect(patch).toBeUndefined()
})

async function rollout(status: (typeof STATUSES)[string] | undefined) {
  if (!status) throw new Error("there is no such status")
  const place = await cluster()
  place.peer.place(ofStatus(status), [])
  return (await place.seen()).rollout
}

test.each(Object.entries(STATUSES))("%s: waited for as long as kubectl waits", async (name, status) => {
  const { is } = await rollout(status)
  expect(RECORDED.statuses[name]).toMatch(is === "done" ? /successfully rolled out$/ : /^Waiting for deployment/)
})

test.each<[string, RegExp, object]>([
  ["past its deadline", /exceeded its progress deadline$/, { is: "waiting" }],
  ["there, past its deadline", /exceeded its progress deadline$/, { is: "done", replicas: 3 }],
  ["scaled to nothing", /successfully rolled out$/, { is: "waiting" }],
])("%s: kubectl says otherwise", async (name, theirs, ours) => {
  expect(RECORDED.statuses[name]).toMatch(theirs)
  expect(await rollout(OTHERWISE[name])).toMatchObject(ours)
})

test("at least ten Deployments are compared", () => {
  expect(Object.keys(PATCHED).length + Object.keys(UNKNOWN).length).toBeGreaterThanOrEqual(10)
})
