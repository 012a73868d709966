import type { Workload } from "../../../demo/peers/kubernetes/namespace.ts"

/** A Deployment and its ReplicaSets as an API server has them. What `kubectl rollout undo` makes of them is recorded. */
export interface Manifest {
  readonly deployment: Workload
  readonly sets: readonly Workload[]
}

type Spec = { readonly [key: string]: unknown }
type Words = { readonly [key: string]: string }

const UID = "5c1f1a0e-7f0a-4c5e-9d43-3f0f4a1b2c3d"
const LABELS = { app: "shop" }
const REVISION = "deployment.kubernetes.io/revision"

/** As API servers up to 1.32 say it: `creationTimestamp: null` and `resources: {}` stand there. */
const pod = (image: string, more: Spec = {}, container: Spec = {}): Workload["spec"]["template"] => ({
  metadata: { creationTimestamp: null, labels: { ...LABELS } },
  spec: {
    containers: [
      {
        name: "shop",
        image,
        imagePullPolicy: "IfNotPresent",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        ...container,
      },
    ],
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...more,
  },
})

type Template = Workload["spec"]["template"]

function deployment(template: Template, revision: number, more: { annotations?: Words; spec?: Spec } = {}): Workload {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "shop",
      namespace: "prod",
      uid: UID,
      resourceVersion: "4711",
      generation: revision,
      creationTimestamp: "2026-11-01T08:00:00Z",
      labels: { ...LABELS },
      annotations: { [REVISION]: String(revision), ...more.annotations },
    },
    spec: {
      progressDeadlineSeconds: 600,
      replicas: 3,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { ...LABELS } },
      strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, type: "RollingUpdate" },
      template,
      ...more.spec,
    },
    status: { observedGeneration: revision, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 },
  }
}

function set(template: Template, revision: number, more: { annotations?: Words; owner?: string; made?: number } = {}) {
  const hash = `${revision}`.padStart(10, "b")
  const { made = revision, owner = UID } = more
  const { labels = {}, ...metadata } = template.metadata ?? {}
  const written: Workload = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `shop-${hash}${owner === UID ? "" : "-other"}`,
      namespace: "prod",
      uid: `uid-${owner}-${revision}`,
      resourceVersion: String(4000 + revision),
      generation: 1,
      creationTimestamp: `2026-11-${String(made).padStart(2, "0")}T08:00:00Z`,
      labels: { ...LABELS, "pod-template-hash": hash },
      annotations: {
        [REVISION]: String(revision),
        "deployment.kubernetes.io/desired-replicas": "3",
        "deployment.kubernetes.io/max-replicas": "4",
        ...more.annotations,
      },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          blockOwnerDeletion: true,
          controller: true,
          kind: "Deployment",
          name: "shop",
          uid: owner,
        },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...LABELS, "pod-template-hash": hash } },
      template: { ...template, metadata: { ...metadata, labels: { ...labels, "pod-template-hash": hash } } },
    },
    status: { replicas: 0 },
  }
  return written
}

/** Revisions from the first template on; the last one runs. */
function history(templates: readonly Template[], more: Parameters<typeof deployment>[2] = {}): Manifest {
  const last = templates.at(-1) ?? pod("none")
  return {
    deployment: deployment(last, templates.length, more),
    sets: templates.map((template, at) => set(template, at + 1)),
  }
}

const OLD = "ghcr.io/acme/shop:1.4.2"
const NEW = "ghcr.io/acme/shop:1.5.0"
const both = (make: (image: string) => Template) => history([make(OLD), make(NEW)])

const probe = { httpGet: { path: "/healthz", port: "http", scheme: "HTTP" }, periodSeconds: 10, failureThreshold: 3 }
const rich = (image: string): Template =>
  pod(
    image,
    {
      initContainers: [{ name: "migrate", image, command: ["./migrate"], resources: {} }],
      serviceAccountName: "shop",
      serviceAccount: "shop",
      imagePullSecrets: [{ name: "ghcr" }],
      hostAliases: [{ ip: "10.0.0.7", hostnames: ["db"] }],
    },
    {
      args: ["serve", "--port=8080"],
      ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
      env: [
        { name: "LEVEL", value: "info" },
        { name: "EMPTY" },
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
        { name: "NODE", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } },
      ],
      envFrom: [{ configMapRef: { name: "shop" } }],
      livenessProbe: { ...probe, timeoutSeconds: 1, successThreshold: 1 },
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5, timeoutSeconds: 1, successThreshold: 1 },
      resources: { limits: { cpu: "1", memory: "512Mi" }, requests: { cpu: "250m", memory: "256Mi" } },
      lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
    },
  )

const stored = (image: string): Template =>
  pod(
    image,
    {
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "config", configMap: { name: "shop", defaultMode: 420, items: [{ key: "a.yml", path: "a.yml" }] } },
        { name: "data", persistentVolumeClaim: { claimName: "shop" } },
        {
          name: "token",
          projected: {
            defaultMode: 420,
            sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }],
          },
        },
      ],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000660000,
        fsGroup: 1000660000,
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
    {
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "config", mountPath: "/etc/shop", readOnly: true },
      ],
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      },
    },
  )

const placed = (image: string): Template =>
  pod(image, {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { labelSelector: { matchLabels: LABELS }, topologyKey: "kubernetes.io/hostname" },
          },
        ],
      },
    },
    nodeSelector: { "kubernetes.io/arch": "amd64" },
    tolerations: [{ key: "spot", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 60 }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: LABELS },
      },
    ],
    priorityClassName: "high",
  })

const annotated = (image: string): Template => {
  const template = pod(image)
  const annotations = {
    "prometheus.io/scrape": "true",
    "checksum/config": image,
    "kubectl.kubernetes.io/restartedAt": "2026-11-02T08:00:00Z",
  }
  return { ...template, metadata: { ...template.metadata, annotations } }
}

/** What kubectl 1.20 does not know, and throws away: later Kubernetes has some of it, and some of it is nobody's. */
const unknownTo = (image: string): Template => {
  const template = pod(
    image,
    {
      initContainers: [{ name: "proxy", image: "envoy:1.31", restartPolicy: "Always", resources: {} }],
      os: { name: "linux" },
      schedulingGates: [{ name: "acme.dev/quota" }],
      futureSpec: { deep: [{ a: 1, b: null }, "c"] },
    },
    { resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }], futureContainer: true },
  )
  return { ...template, metadata: { ...template.metadata, futureMetadata: "kept" }, futureTemplate: { x: image } }
}

const unknownDeep = (image: string): Template =>
  pod(
    image,
    {
      volumes: [
        { name: "art", image: { reference: "ghcr.io/acme/art:1", pullPolicy: "IfNotPresent" } },
        { name: "tmp", emptyDir: { futureLimit: "1Gi" } },
      ],
    },
    {
      env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "tmp", path: "a", key: "A" } } }],
      livenessProbe: { grpc: { port: 9000 }, periodSeconds: 7 },
    },
  )

/** Newer servers leave out what says nothing; kubectl adds it. */
const bare = (image: string): Template => ({
  metadata: { labels: { ...LABELS } },
  spec: { containers: [{ name: "shop", image }], restartPolicy: "Always" },
})

const sidecars = (image: string): Template => {
  const template = pod(image)
  const containers = template.spec.containers as unknown[]
  return {
    ...template,
    spec: { ...template.spec, containers: [...containers, { name: "proxy", image: "envoy:1.4.2", resources: {} }] },
  }
}

const applied = { "kubectl.kubernetes.io/last-applied-configuration": `{"kind":"Deployment","spec":{"replicas":3}}\n` }

const withSets = ({ deployment, sets }: Manifest, ...more: readonly Workload[]): Manifest => ({
  deployment,
  sets: [...sets, ...more],
})

/** What is patched, field for field as kubectl does. */
export const PATCHED: { readonly [name: string]: Manifest } = {
  "two revisions": both((image) => pod(image)),
  "four revisions": history([pod("shop:1"), pod("shop:2"), pod(OLD), pod(NEW)]),
  "a change cause, and what was applied": {
    deployment: deployment(pod(NEW), 2, {
      annotations: { ...applied, "kubernetes.io/change-cause": "new", "acme.dev/team": "web" },
    }),
    sets: [
      set(pod(OLD), 1, { annotations: { "kubernetes.io/change-cause": "old", "acme.dev/team": "shop" } }),
      set(pod(NEW), 2, { annotations: { "kubernetes.io/change-cause": "new", "acme.dev/team": "web" } }),
    ],
  },
  "probes, environment and an init container": both(rich),
  "volumes and security contexts": both(stored),
  "where pods may run": both(placed),
  "annotated pods": both(annotated),
  "a sidecar": both(sidecars),
  "one that was taken back before": {
    deployment: deployment(pod(NEW), 4, { annotations: { "deployment.kubernetes.io/revision-history": "1" } }),
    sets: [
      set(pod("shop:1"), 2),
      set(pod(OLD), 3, { annotations: { "deployment.kubernetes.io/revision-history": "1" } }),
      set(pod(NEW), 4),
    ],
  },
  "ReplicaSets of another Deployment": withSets(
    both((image) => pod(image)),
    set(pod("other:9"), 9, { owner: "another" }),
  ),
  "a selector of expressions": history([pod(OLD), pod(NEW)], {
    spec: {
      selector: {
        matchExpressions: [
          { key: "app", operator: "In", values: ["shop", "store"] },
          { key: "canary", operator: "DoesNotExist" },
        ],
      },
    },
  }),
  "recreated, without replicas": history([pod(OLD), pod(NEW)], {
    spec: { replicas: 0, strategy: { type: "Recreate" } },
  }),
}

/** The same, with fields that kubectl does not know: it loses them. */
export const UNKNOWN: { readonly [name: string]: Manifest } = {
  "fields of later versions, and of nobody": both(unknownTo),
  "fields deep in volumes, environment and probes": both(unknownDeep),
}

/** The same, of a server that leaves out what says nothing: kubectl adds it. */
export const BARE: { readonly [name: string]: Manifest } = { "a server that says less": both(bare) }

const counted = (replicas: number, updatedReplicas: number, availableReplicas: number) => ({
  observedGeneration: 2,
  replicas,
  updatedReplicas,
  availableReplicas,
})
const LATE = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }

/** How far a rollout is: kubectl says whether it is waited for. */
export const STATUSES: { readonly [name: string]: { readonly spec?: Spec; readonly status: Spec } } = {
  "nothing seen yet": { status: { ...counted(3, 3, 3), observedGeneration: 1 } },
  "no status at all": { status: {} },
  "some replicas updated": { status: counted(4, 1, 3) },
  "old replicas left": { status: counted(4, 3, 3) },
  "not all available": { status: counted(3, 3, 2) },
  "all there": { status: counted(3, 3, 3) },
  "more wanted than there are": { spec: { replicas: 5 }, status: counted(3, 3, 3) },
  "one replica, which is what none says": { spec: { replicas: 1 }, status: counted(1, 1, 1) },
}

/** Where we say otherwise than kubectl, and why stands in `src/act/kubernetes/rollout.ts`. */
export const OTHERWISE: typeof STATUSES = {
  "past its deadline": { status: { ...counted(4, 1, 3), conditions: [LATE] } },
  "there, past its deadline": { status: { ...counted(3, 3, 3), conditions: [LATE] } },
  "scaled to nothing": { spec: { replicas: 0 }, status: counted(0, 0, 0) },
}

/** A Deployment of such a status. */
export const ofStatus = ({ spec = {}, status }: (typeof STATUSES)[string]): Workload => ({
  ...deployment(pod(NEW), 2, { spec }),
  status,
})

/** What is not patched: kubectl says why. */
export const ANSWERED: { readonly [name: string]: Manifest } = {
  paused: history([pod(OLD), pod(NEW)], { spec: { paused: true } }),
  "no previous revision": history([pod(NEW)]),
  "equal template": { deployment: deployment(pod(OLD), 2), sets: [set(pod(OLD), 1), set(pod(NEW), 2)] },
}
