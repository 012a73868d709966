import { afterEach, describe, expect, test } from "vitest"
import type { Workload } from "../../demo/peers/kubernetes/namespace.ts"
import { CERTIFICATE, KEY } from "../../demo/peers/smtp/certificate.ts"
import type { Undo } from "../../src/model/kubernetes.ts"
import { PATCHED } from "../support/kubectl/manifests.ts"
import { closeClusters, cluster } from "./cluster.ts"

afterEach(closeClusters)

const shop = (image: string, more: Partial<Workload["metadata"]> = {}, spec: object = {}): Workload => ({
  metadata: { name: "shop", namespace: "prod", labels: { app: "shop" }, ...more },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "shop" } },
    template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "shop", image }] } },
    ...spec,
  },
})

/** 1.4.2 ran, 1.5.0 does; the change that takes it back. */
async function released() {
  const it = await cluster()
  for (const version of ["1.4.2", "1.5.0"]) {
    it.peer.apply(shop(`ghcr.io/acme/shop:${version}`, { ...it.peer.deployment("prod", "shop")?.metadata }))
    it.peer.rollOut("prod", "shop")
  }
  const { template, revisions } = await it.seen()
  const before = revisions[1]
  if (!before) throw new Error("there is one revision alone")
  const undo: Undo = { revision: before.number, template: before.template, left: template }
  const patches = () => it.peer.asked.filter(({ method }) => method === "PATCH").length
  const image = () => it.peer.deployment("prod", "shop")?.spec.template.spec.containers
  return { ...it, undoIt: undo, patches, image }
}

describe("a look", () => {
  test("tells what runs, what ran, and how far it is", async () => {
    const { peer, seen, undoIt, undo } = await released()
    expect(await seen()).toMatchObject({
      paused: false,
      images: { shop: "ghcr.io/acme/shop:1.5.0" },
      rollout: { is: "done", replicas: 2 },
      revisions: [
        { number: 2, images: { shop: "ghcr.io/acme/shop:1.5.0" } },
        { number: 1, images: { shop: "ghcr.io/acme/shop:1.4.2" } },
      ],
    })
    await undo(undoIt)
    const back = await seen()
    expect(back).toMatchObject({ template: undoIt.template, rollout: { is: "waiting" } })
    expect(back.revisions.map(({ number }) => number)).toEqual([3, 2])
    peer.rollOut("prod", "shop")
    expect((await seen()).rollout).toEqual({ is: "done", replicas: 2 })
  })

  test("reads every page of ReplicaSets, and none of other controllers", async () => {
    const { peer, seen } = await cluster()
    const manifest = PATCHED["ReplicaSets of another Deployment"]
    if (!manifest) throw new Error("there is no such manifest")
    const [one] = manifest.sets
    if (!one) throw new Error("it has no ReplicaSets")
    const others = Array.from({ length: 1_200 }, (_, at) => ({
      ...one,
      metadata: { ...one.metadata, name: `other-${at}`, ownerReferences: [{ uid: "another", controller: true }] },
    }))
    peer.place(manifest.deployment, [...others, ...manifest.sets])
    expect((await seen()).revisions.map(({ number }) => number)).toEqual([2, 1])
    expect(peer.asked.filter(({ path }) => path.includes("/replicasets?"))).toHaveLength(3)
  })

  test.each<[string, Partial<Workload["metadata"]>, RegExp | undefined]>([
    ["nobody", {}, undefined],
    ["a chart of Helm", { labels: { app: "shop", "app.kubernetes.io/instance": "shop" } }, undefined],
    [
      "Argo CD, by its annotation",
      { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:prod/shop" } },
      /^Argo CD .*tracking-id/,
    ],
    ["Argo CD, by its own label", { labels: { "argocd.argoproj.io/instance": "shop" } }, /^Argo CD .*instance/],
    [
      "Argo CD, by the label of charts that it writes",
      {
        labels: { "app.kubernetes.io/instance": "shop" },
        managedFields: [{ manager: "argocd-controller", operation: "Apply" }],
      },
      /^Argo CD .*app\.kubernetes\.io\/instance/,
    ],
    [
      "Flux, from a Kustomization",
      { labels: { "kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux" } },
      /^Flux .*kustomize\.toolkit/,
    ],
    ["Flux, from a HelmRelease", { labels: { "helm.toolkit.fluxcd.io/name": "shop" } }, /^Flux .*helm\.toolkit/],
    [
      "nobody, where Flux is told to leave it",
      {
        labels: { "kustomize.toolkit.fluxcd.io/name": "shop" },
        annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" },
      },
      undefined,
    ],
  ])("knows who keeps it as it is in Git: %s", async (_, metadata, owner) => {
    const { peer, seen } = await cluster()
    peer.apply(shop("shop:1", metadata))
    const found = (await seen()).owner
    if (owner === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(owner)
  })

  test.each<[string, object, object, number, string]>([
    ["whose controller has not seen the change", {}, { observedGeneration: 0 }, 1, "has not seen the change"],
    ["with old pods only", {}, { replicas: 2, updatedReplicas: 0 }, 1, "0 of 2 replicas are updated"],
    ["with old pods still there", {}, { replicas: 3, updatedReplicas: 2 }, 1, "1 old replicas have not ended"],
    ["with pods that are not ready", {}, { replicas: 2, updatedReplicas: 2 }, 1, "0 of 2 replicas are available"],
    ["that is scaled to nothing", { replicas: 0 }, {}, 1, "scaled to 0 replicas"],
    [
      "past its deadline",
      {},
      {
        conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
        updatedReplicas: 0,
      },
      1,
      "made no progress for as long as",
    ],
  ])("waits for a Deployment %s", async (_, spec, status, observedGeneration, because) => {
    const { peer, seen } = await cluster()
    const deployment = shop("shop:1", { uid: "u", resourceVersion: "1", generation: 1 }, spec)
    peer.place({ ...deployment, status: { observedGeneration, ...status } }, [])
    expect((await seen()).rollout).toEqual({ is: "waiting", because: expect.stringContaining(because) })
  })

  test("a deadline that passed before all came up is history", async () => {
    const { peer, seen } = await cluster()
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }]
    const deployment = shop("shop:1", { uid: "u", resourceVersion: "1", generation: 1 })
    const counts = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }
    peer.place({ ...deployment, status: { observedGeneration: 1, ...counts, conditions } }, [])
    expect((await seen()).rollout).toEqual({ is: "done", replicas: 2 })
  })
})

describe("a change", () => {
  test("is made once, and known by the pod template when the process died behind it", async () => {
    const { undo, undoIt, patches, image } = await released()
    expect(await undo(undoIt)).toEqual({ is: "done", handle: { id: undoIt.template } })
    expect(await undo(undoIt, { mayHaveHappened: true })).toEqual({ is: "done", handle: { id: undoIt.template } })
    expect(patches()).toBe(1)
    expect(image()).toMatchObject([{ image: "ghcr.io/acme/shop:1.4.2" }])
  })

  test("is made by an attempt after one that died before it", async () => {
    const { undo, undoIt, patches } = await released()
    expect(await undo(undoIt, { mayHaveHappened: true })).toMatchObject({ is: "done" })
    expect(patches()).toBe(1)
  })

  test("goes on where only the controller wrote meanwhile", async () => {
    const { peer, undo, undoIt, patches, image } = await released()
    let writes = 2
    peer.intercept(({ method }) => {
      if (method === "PATCH" && writes-- > 0) peer.rollOut("prod", "shop")
      return undefined
    })
    expect(await undo(undoIt)).toMatchObject({ is: "done" })
    expect(patches()).toBe(3)
    expect(image()).toMatchObject([{ image: "ghcr.io/acme/shop:1.4.2" }])
  })

  test("is tried again later where somebody writes each time", async () => {
    const { peer, undo, undoIt, image } = await released()
    peer.intercept(({ method }) => {
      if (method === "PATCH") peer.rollOut("prod", "shop")
      return undefined
    })
    expect(await undo(undoIt)).toMatchObject({ is: "retry", because: expect.stringContaining("others wrote") })
    expect(image()).toMatchObject([{ image: "ghcr.io/acme/shop:1.5.0" }])
  })

  test("is not put over what somebody else changed meanwhile", async () => {
    const { peer, undo, undoIt, image } = await released()
    let isFirst = true
    peer.intercept(({ method }) => {
      if (method === "PATCH" && isFirst)
        peer.apply(shop("ghcr.io/acme/shop:1.5.1", { ...peer.deployment("prod", "shop")?.metadata }))
      isFirst &&= method !== "PATCH"
      return undefined
    })
    expect(await undo(undoIt)).toMatchObject({
      is: "refused",
      because: expect.stringContaining("was changed by somebody else meanwhile"),
    })
    expect(image()).toMatchObject([{ image: "ghcr.io/acme/shop:1.5.1" }])
  })

  test.each<[string, Partial<Workload["metadata"]>, object, RegExp]>([
    ["was paused", {}, { paused: true }, /^the Deployment shop is paused$/],
    ["came to Argo CD", { labels: { "argocd.argoproj.io/instance": "shop" } }, {}, /Argo CD .* rolled back in Git$/],
  ])("is not made where it %s since the look", async (_, metadata, spec, because) => {
    const { peer, undo, undoIt, patches } = await released()
    const now = peer.deployment("prod", "shop")?.metadata
    peer.apply(shop("ghcr.io/acme/shop:1.5.0", { ...now, ...metadata }, spec))
    expect(await undo(undoIt)).toMatchObject({ is: "refused", because: expect.stringMatching(because) })
    expect(patches()).toBe(0)
  })

  test("is not made to a revision that is not kept any more", async () => {
    const { undo, undoIt } = await released()
    expect(await undo({ ...undoIt, template: "gone" })).toMatchObject({
      is: "refused",
      because: "revision 1 of the Deployment shop is not kept any more",
    })
  })

  test("is not made where a number would not be written back as it is", async () => {
    const it = await cluster()
    for (const runAsUser of [2 ** 60, 1]) {
      const deployment = shop(`shop:${runAsUser}`, { ...it.peer.deployment("prod", "shop")?.metadata })
      deployment.spec.template.spec.securityContext = { runAsUser }
      it.peer.apply(deployment)
    }
    const { template, revisions } = await it.seen()
    const undo = { revision: 1, template: revisions[1]?.template ?? "", left: template }
    expect(await it.undo(undo)).toMatchObject({ is: "refused", because: expect.stringContaining("number") })
  })

  test.each<[number, string, RegExp]>([
    [401, "refused", /does not know the token/],
    [403, "refused", /needs get and patch of deployments and list of replicasets/],
    [404, "refused", /has no Deployment shop in the namespace prod$/],
    [422, "refused", /answered 422 for the Deployment shop/],
    [429, "retry", /answered 429/],
    [500, "retry", /answered 500/],
  ])("that is answered with %i is %s", async (status, is, because) => {
    const { peer, undo, undoIt, image } = await released()
    peer.intercept(({ method }) => (method === "PATCH" ? { status, reason: "a secret of theirs" } : undefined))
    const outcome = await undo(undoIt)
    expect(outcome).toMatchObject({ is, because: expect.stringMatching(because) })
    expect(JSON.stringify(outcome)).not.toMatch(/a secret of theirs|s3cret-token/)
    expect(image()).toMatchObject([{ image: "ghcr.io/acme/shop:1.5.0" }])
  })
})

test("a server whose certificate an authority of its own signed is asked where the configuration names that", async () => {
  const { peer, place, look } = await cluster({ key: KEY, cert: CERTIFICATE })
  peer.apply(shop("shop:1"))
  expect(await look(place)).toMatchObject({
    is: "retry",
    because: expect.stringMatching(/\((?:DEPTH_ZERO_)?SELF_SIGNED_CERT/),
  })
  expect(peer.asked).toEqual([])
  expect(await look({ ...place, ca: CERTIFICATE })).toMatchObject({ is: "done" })
})

test("an API server at a private address is not asked, unless who runs Slipway opened its network", async () => {
  const { peer, look } = await cluster(undefined, "")
  expect(await look()).toMatchObject({ is: "refused", because: expect.stringContaining("is no public address") })
  expect(peer.asked).toEqual([])
})

test("a token goes to its own host alone", async () => {
  const mine = await cluster()
  const other = await cluster()
  mine.peer.apply(shop("shop:1"))
  const outcome = await mine.look({ ...mine.place, server: other.peer.url })
  expect(outcome).toMatchObject({ is: "refused", because: expect.stringMatching(/is for another host than 127/) })
  expect(other.peer.asked).toEqual([])
  expect(await mine.look({ ...mine.place, token: "NONE" })).toMatchObject({
    is: "refused",
    because: expect.stringContaining("there is no secret NONE"),
  })
})

test("an API server with a path before it is asked there", async () => {
  const { peer, place, look } = await cluster()
  expect(await look({ ...place, server: `${peer.url}/k8s/clusters/c-1/` })).toMatchObject({ is: "refused" })
  expect(peer.asked.map(({ path }) => path)).toEqual([
    "/k8s/clusters/c-1/apis/apps/v1/namespaces/prod/deployments/shop",
  ])
})
