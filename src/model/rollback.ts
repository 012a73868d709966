import type { HttpCall } from "./http-call.ts"
import type { KubernetesPlace, Undo } from "./kubernetes.ts"

/** A release at one end of a rollback. */
export interface RollbackEnd {
  /** Its id in the repository. */
  readonly release: string
  readonly version: string
  readonly sha: string
}

/** Who or what wants a release gone from an environment: what a button, a command, an issue and a criterion come to. */
export interface RollbackAsk {
  /** The id of the release that is bad. */
  readonly from: string
  /** The id of an earlier release that was live and good there. Absent: the newest one, the last known good. */
  readonly to?: string
  /** The login of who asked, or what did: `the criterion “p95”`. */
  readonly by: string
  /** No person asked: what could not be undone is left to one. */
  readonly automatic?: true
  /** Absent: what is known of the release says it, as that its deployment failed. */
  readonly because?: string
  /** The issue in which it was asked for. */
  readonly issue?: number
  /** ISO 8601 */
  readonly at: string
  /** What the audit is to keep of how it was asked: a check run, an issue, the figures of a criterion. */
  readonly evidence?: { readonly [key: string]: string | number }
}

/** What a rollback was asked for came to. */
export type RollbackAnswer =
  | { readonly is: "begun"; readonly to: RollbackEnd }
  | { readonly is: "refused"; readonly because: string }

/** One way back that an environment declares. They are tried in the order in which they are declared. */
export type RollbackLevel =
  /** A flag is switched off; the release stays. */
  | { readonly is: "flag"; readonly name: string; readonly call: HttpCall }
  /** The release that was good is deployed again: GitHub makes a deployment, which somebody's workflow carries out. */
  | { readonly is: "application" }
  /** The same, by a workflow that is started. Templates such as `{to}` are in `ref` and `inputs`. */
  | ({ readonly is: "workflow" } & WorkflowBack)
  /** The same, where a Deployment in a cluster has run it: what `kubectl rollout undo` does. */
  | ({ readonly is: "kubernetes" } & ClusterBack)
  /** A pull request takes back what came between the releases. `merge`: Slipway merges it as soon as GitHub lets it. */
  | { readonly is: "configuration"; readonly merge?: true }

export interface WorkflowBack {
  /** Its file: `deploy.yml`. */
  readonly workflow: string
  /** What it runs on. */
  readonly ref: string
  readonly inputs: { readonly [name: string]: string }
}

export interface ClusterBack extends KubernetesPlace {
  /** The image of a release, with templates such as `{to}`. Absent: what its pods say has to do. */
  readonly image?: string
}

/** How an environment goes back. Times in minutes. */
export interface RollbackRules {
  readonly levels: readonly RollbackLevel[]
  /** How long each of them has. */
  readonly within: number
  /** How long what came back has to be well. */
  readonly health: number
}

/** What became of one way back. Instants are ISO 8601. */
export type RollbackStep = {
  readonly level: RollbackLevel["is"]
  readonly begun: string
  /** GitHub's id of the workflow run that it started, as text. */
  readonly run?: string
} & (
  | ({ readonly is: "running" } & Running)
  /** It did what it does, at `since`; what the environment's `verify` asks is looked at until `ends`. */
  | ({ readonly is: "verifying" } & Checking)
  /** `verified`: shown to be well; false where the environment asks for nothing that would show it. */
  | { readonly is: "worked"; readonly ended: string; readonly verified: boolean }
  /** `untouched`: it is certain that nothing was changed. */
  | { readonly is: "failed"; readonly ended: string; readonly because: string; readonly untouched?: true }
)

/** Where it stands. Instants are ISO 8601. */
export interface Running {
  /** The pull request that is to be merged. */
  readonly pull?: number
  /** Of a component: the files that it takes back, as they were declared when it began. */
  readonly own?: OwnFiles
  /** How often it was looked at how it goes on, and when that is done next; without that, a look is on its way. */
  readonly looks?: number
  readonly next?: string
  readonly cluster?: Undoing
}

/** The patterns of a component's files, and those of the others, whose files stay as they are. */
export interface OwnFiles {
  readonly paths: readonly string[]
  readonly others: readonly string[]
}

/** What is changed in a cluster, from when it is decided on. */
export interface Undoing extends Undo {
  /** By what the revision is known to be that of the release. */
  readonly says: string
  /** The API server has taken it. */
  readonly isDone: boolean
  /** What is waited for. */
  readonly missing?: string
}

export interface Checking {
  readonly since: string
  /** Nothing is decided before. */
  readonly ends: string
  /** What it rests on is read by the next run. */
  readonly asked?: string
  /** Not looked at again before, and why it was not shown the last time. */
  readonly again?: string
  readonly missing?: string
}

/** A rollback from when it was asked for to its end. `id` is unique in the repository and in every key that it makes. */
export interface Rollback {
  readonly id: string
  readonly from: RollbackEnd
  readonly to: RollbackEnd
  /** As in `RollbackAsk`. */
  readonly by: string
  readonly automatic?: true
  /** It is one half of a drill (`Environment.drill`): to the earlier release, or to the one that was live again. */
  readonly drill?: "back" | "return"
  readonly because: string
  readonly issue?: number
  /** ISO 8601: when it was asked for. */
  readonly begun: string
  readonly is: "running" | "done" | "failed"
  /** Of the bad release, when it began: since when it was live, and how it failed. */
  readonly was?: {
    readonly live?: string
    readonly failed?: { readonly at: string; readonly because?: string }
    /** The first sign that it was bad, of those that nothing failed by: since when a criterion is broken. */
    readonly sign?: { readonly at: string; readonly what: string }
  }
  /** As it was declared when it began. Absent: it is from before there were several ways back. */
  readonly rules?: RollbackRules
  /** The levels that were tried, oldest first; the last one is the present one. */
  readonly steps?: readonly RollbackStep[]
  /** GitHub's id of its deployment, from the first status of it on. */
  readonly deployment?: string
  /** When a status of it came last. ISO 8601. */
  readonly heard?: string
  readonly ended?: string
  readonly detail?: string
  /** Another release that went live while it ran: no further way back is tried. */
  readonly overtaken?: { readonly release: string; readonly version: string }
}

/** Whether a way back brings an earlier release to where it runs; a flag and a pull request leave to others what is live. */
const deploys = (level: RollbackLevel["is"]): boolean => level !== "flag" && level !== "configuration"

/** Whether it deployed the earlier release. */
export function wentBack(rollback: Rollback): boolean {
  const last = stepsOf(rollback).at(-1)
  return last !== undefined && deploys(last.level)
}

/** The levels that were tried; of a rollback from before there were several, the one that it was. */
export const stepsOf = ({ steps, begun }: Rollback): readonly RollbackStep[] =>
  steps ?? [{ level: "application", begun, is: "running" }]

/** The level that is being tried; undefined: none is any more. */
export const presentStep = (rollback: Rollback): RollbackStep | undefined =>
  rollback.is === "running" ? stepsOf(rollback).at(-1) : undefined

/** The release in whose thread it is told: of a drill always the one that was live. */
export const toldWith = ({ drill, from, to }: Pick<Rollback, "drill" | "from" | "to">): string =>
  drill === "return" ? to.release : from.release

/** What marks a reply of one half of a drill as such. */
export const markOf = ({ drill }: Pick<Rollback, "drill">): { readonly drill?: true } =>
  drill === undefined ? {} : { drill: true }
