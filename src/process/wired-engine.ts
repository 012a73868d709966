import { createAct } from "../act/act.ts"
import type { MailPeer } from "../act/context.ts"
import { createMembers } from "../act/members.ts"
import type { Settings } from "../config/environment.ts"
import { decide } from "../decide/decide.ts"
import { isEcho } from "../decide/echo.ts"
import { isAwaited, settle } from "../decide/settle.ts"
import { createEngine, type Engine } from "../engine/engine.ts"
import type { Clock } from "../model/clock.ts"
import type { Effect } from "../model/effect.ts"
import type { Announcements, Facts } from "../model/facts.ts"
import type { Log } from "../model/log.ts"
import { mailboxOf } from "../model/mail-address.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { createObserve } from "../observe/observe.ts"
import { createAttestations } from "../peers/attestations.ts"
import type { GitHub } from "../peers/github.ts"
import { type CallSettings, createHttpCall } from "../peers/http-call.ts"
import { createHttpProbe } from "../peers/http-probe.ts"
import { createKubernetes } from "../peers/kubernetes.ts"
import { createNameLookup, type FindAddresses } from "../peers/name-lookup.ts"
import { privateNetworks } from "../peers/probe-addresses.ts"
import { createPrometheus, type Prometheus } from "../peers/prometheus.ts"
import { createSlack } from "../peers/slack.ts"
import { createSmtp } from "../peers/smtp.ts"
import { auditOf } from "../store/audit.ts"
import { auditKey } from "../store/audit-key.ts"
import { createCheckpoints } from "../store/checkpoints.ts"
import { readNeighbours } from "../store/neighbours.ts"
import type { Store } from "../store/open.ts"
import type { Metrics } from "../telemetry/metrics.ts"
import { callSettingsOf } from "./call-settings.ts"
import { ended } from "./ended.ts"
import type { Scopes } from "./scope.ts"
import { VERSION } from "./version.ts"

/**
 * How long a killed process's request may still take effect: as long as we ourselves would wait for it, and a little
 * more. With the default time-out these are the 10 s after which GitHub ends a request.
 */
const LANDING_FACTOR = 1.25

interface Wiring {
  readonly settings: Settings
  readonly store: Store
  readonly github: GitHub
  readonly metrics: Metrics
  readonly log: Log
  readonly clock: Clock
  readonly scopes: Scopes
}

/** The engine with what it observes, decides and acts by, for GitHub, Slack and metrics of every account. */
export function createWiredEngine({ settings, store, github, metrics, log, clock, scopes }: Wiring): Engine<Signal> {
  const { requestTimeoutMs, accounts } = settings
  const slack = createSlack({ apiUrl: settings.slackApiUrl, log, requestTimeoutMs })
  const slackOf = (owner: string) => {
    const { slackToken } = accounts(owner)
    return slackToken === undefined ? undefined : slack.client(slackToken)
  }
  const names = createNameLookup()
  const callSettings = (owner: string): CallSettings =>
    callSettingsOf(accounts(owner), { names, timeoutMs: requestTimeoutMs })
  return createEngine<State, Signal, Facts, Effect>({
    store,
    clock,
    log,
    scope: scopes.work,
    metrics,
    requestTimeoutMs,
    keepDays: settings.keepDays,
    landingMs: requestTimeoutMs * LANDING_FACTOR,
    parts: {
      settle,
      isAwaited,
      isEcho,
      observe: createObserve({
        github,
        appId: settings.app.id,
        neighbours: (repo, names) => readNeighbours(store.db, repo, names),
        announcements: (owner) => announcementsOf(settings, owner),
        ...(settings.trustedRoots === undefined ? {} : { attestations: createAttestations(settings.trustedRoots) }),
        probe: (owner) => {
          const { probePrivate } = accounts(owner)
          const resolve = probePrivate === undefined ? names.byDns : names.asMachine
          return createHttpProbe({ version: VERSION, allowed: privateNetworks(probePrivate), resolve })
        },
        metrics: metricsOf(settings, names.asMachine),
      }),
      decide,
      act: createAct({
        github,
        slack: { for: slackOf },
        mail: { for: mailOf(settings, names.asMachine) },
        members: createMembers({ github, now: clock.now, requestTimeoutMs }),
        call: (owner) => createHttpCall(callSettings(owner)),
        kubernetes: (owner) => createKubernetes(callSettings(owner)),
        records: (repo, release) => auditOf(store.db, repo.id, release),
        checkpoint: createCheckpoints(store.db, auditKey(settings.app.privateKey), clock),
      }),
      outcome: (effect, outcome) => ended(effect, outcome, clock.now()),
    },
  })
}

function announcementsOf({ accounts }: Settings, owner: string): Announcements {
  const { slackToken, slackChannel, smtpUrl } = accounts(owner)
  const mail = smtpUrl === undefined ? {} : ({ mail: "on" } as const)
  if (slackToken === undefined) return { is: "off", because: `no Slack token is set for ${owner}`, ...mail }
  return { is: "on", channel: slackChannel ?? null, ...mail }
}

function mailOf(
  { accounts, requestTimeoutMs }: Settings,
  find: FindAddresses,
): (owner: string) => MailPeer | undefined {
  const smtp = createSmtp({ requestTimeoutMs, find })
  return (owner) => {
    const { smtpUrl, mailFrom } = accounts(owner)
    const from = mailFrom === undefined ? undefined : mailboxOf(mailFrom)
    return smtpUrl === undefined || from === undefined ? undefined : { smtp: smtp(smtpUrl), from }
  }
}

function metricsOf(
  { accounts, requestTimeoutMs }: Settings,
  find: FindAddresses,
): (owner: string) => Prometheus | undefined {
  // One for an account's server: it knows whether that said nothing just now.
  const known = new Map<string, Prometheus>()
  return (owner) => {
    const { prometheusUrl: url, prometheusToken: token } = accounts(owner)
    if (url === undefined) return undefined
    const key = JSON.stringify([owner.toLowerCase(), url, token])
    const server =
      known.get(key) ?? createPrometheus({ url, ...(token === undefined ? {} : { token }), requestTimeoutMs, find })
    known.set(key, server)
    return server
  }
}
