import type { Reply } from "./message.ts"

/** What a reply in a release's thread is about: `slack.channels` routes by it. */
export const THREAD_EVENTS = [
  "approval",
  "release",
  "deployment",
  "failure",
  "rollback",
  "schedule",
  "lock",
  "stop",
  "bypass",
] as const
export type ThreadEvent = (typeof THREAD_EVENTS)[number]

/** `warning`: somebody has to do something for the release to go on. `critical`: people who use it may be hurt. */
export const SEVERITIES = ["info", "warning", "critical"] as const
export type Severity = (typeof SEVERITIES)[number]

interface About {
  readonly event: ThreadEvent
  readonly severity: Severity
  /** As the reply names it: with its component behind it, where there are several. */
  readonly environment?: string
}

type Kind = readonly [event: ThreadEvent, severity: Severity]
const KINDS: { readonly [Is in Exclude<Reply["is"], "elsewhere">]: Kind } = {
  "approval asked": ["approval", "warning"],
  approved: ["approval", "info"],
  held: ["approval", "warning"],
  "nobody left": ["approval", "warning"],
  waits: ["release", "warning"],
  "stood in": ["approval", "critical"],
  cut: ["release", "info"],
  recut: ["release", "info"],
  ready: ["release", "info"],
  published: ["release", "info"],
  row: ["release", "info"],
  followed: ["release", "info"],
  back: ["release", "info"],
  "let in": ["deployment", "info"],
  "turned away": ["deployment", "warning"],
  deployed: ["deployment", "info"],
  verified: ["deployment", "info"],
  failed: ["failure", "critical"],
  "post-mortem": ["rollback", "info"],
  mended: ["rollback", "info"],
  actions: ["rollback", "info"],
  "second asked": ["rollback", "critical"],
  criterion: ["failure", "critical"],
  "rolling back": ["rollback", "warning"],
  "rollback step": ["rollback", "info"],
  "rolled back": ["rollback", "critical"],
  "rollback failed": ["rollback", "critical"],
  "rollback left": ["rollback", "critical"],
  drill: ["rollback", "info"],
  due: ["schedule", "info"],
  "missed the train": ["schedule", "warning"],
  collides: ["schedule", "warning"],
  locked: ["lock", "warning"],
  unlocked: ["lock", "info"],
  stopped: ["stop", "warning"],
  "stop lifted": ["stop", "info"],
  "tag strayed": ["bypass", "critical"],
  "went round": ["bypass", "critical"],
  "way round ended": ["bypass", "info"],
}

/** What a reply is about, and how bad it is. Of what another repository told, what that is about. */
export function aboutOf(reply: Reply): About {
  if (reply.is === "elsewhere") return aboutOf(reply.told)
  const [event, severity] = KINDS[reply.is]
  const environment = "environment" in reply && reply.environment !== undefined ? reply.environment : undefined
  return { ...worse(reply, { event, severity }), ...(environment === undefined ? {} : { environment }) }
}

/** What is one kind of reply by its name, and another by what it tells. */
function worse(reply: Reply, about: About): About {
  // A soak, a window: nobody has to do anything.
  if (reply.is === "waits" && reply.environment !== undefined) return { event: "deployment", severity: "info" }
  if (reply.is === "row" && reply.what === "stopped") return { event: "failure", severity: "critical" }
  if (reply.is === "followed" && reply.state !== "succeeded") return { event: "failure", severity: "critical" }
  if (reply.is === "criterion" && reply.state === "kept") return { event: "failure", severity: "info" }
  if (reply.is === "rollback step" && reply.state === "failed") return { event: "rollback", severity: "warning" }
  if (reply.is === "drill" && (reply.state === "failed" || reply.state === "missed"))
    return { event: "rollback", severity: "warning" }
  if (reply.is === "back" && reply.state !== "opened" && reply.state !== "reached")
    return { event: "release", severity: "warning" }
  return about
}

/** Replies that the whole channel must see, not only who follows the thread: that it is out, and what went wrong. */
export const isForTheChannel = (reply: Reply): boolean =>
  (reply.is === "elsewhere" ? reply.told : reply).is === "published" || aboutOf(reply).severity === "critical"
