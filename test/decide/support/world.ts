import type { DecideInput } from "../../../src/decide/decide.ts"
import { componentNamed, readinessTarget } from "../../../src/decide/run.ts"
import type { Standing } from "../../../src/model/approval.ts"
import { bodyHash } from "../../../src/model/body-hash.ts"
import { itemsOf } from "../../../src/model/checklist.ts"
import type { AuditEntry, Decision, TimeRecord } from "../../../src/model/decision.ts"
import type { Check, Draft, Effect, OwnPull } from "../../../src/model/effect.ts"
import type { Evidence } from "../../../src/model/evidence.ts"
import type { Announcements, Facts, Learned, Unknown } from "../../../src/model/facts.ts"
import type { Gate, GateName } from "../../../src/model/gate.ts"
import { hashOf } from "../../../src/model/hash.ts"
import type { Neighbour } from "../../../src/model/joint.ts"
import { changesOf, extend, join, type Ledger } from "../../../src/model/ledger.ts"
import type { Reply } from "../../../src/model/message.ts"
import type { MetricReading } from "../../../src/model/metric.ts"
import type { Handle, Outcome } from "../../../src/model/outcome.ts"
import { ownedKey } from "../../../src/model/owned.ts"
import type { ReadinessPage } from "../../../src/model/page.ts"
import type { Plan } from "../../../src/model/plan.ts"
import { type FolderPlan, PLAN_FOLDER } from "../../../src/model/plan-folder.ts"
import type { PostMortemSeen } from "../../../src/model/post-mortem.ts"
import { followBranches, mayTouch, type ProposedFiles } from "../../../src/model/proposal.ts"
import type { Release } from "../../../src/model/release.ts"
import type { Repository } from "../../../src/model/repository.ts"
import { watchedIn } from "../../../src/model/rollback-watch.ts"
import type { Clicked, Deployed, Moved, Proposed, Requested, Signal } from "../../../src/model/signal.ts"
import { probeKey } from "../../../src/model/smoke.ts"
import type { State } from "../../../src/model/state.ts"
import { silentDeployments } from "../../../src/observe/deployment-ends.ts"
import { entryNeeds } from "../../../src/observe/entries.ts"
import { metricNeeds } from "../../../src/observe/metrics.ts"
import { needs } from "../../../src/observe/needs.ts"
import { environmentsToAsk } from "../../../src/observe/newest-deployments.ts"
import { postMortemNeeds } from "../../../src/observe/post-mortems.ts"
import { verificationNeeds } from "../../../src/observe/verifications.ts"
import { renderDraftBody } from "../../../src/render/draft-body.ts"
import { decideSoundly } from "./invariants.ts"
import { person, REPO, seen, Truth } from "./truth.ts"

export type End = Exclude<Outcome, { is: "retry" }>

/**
 * A repository, the world around it and Slipway's mind, without machinery: what happens is queued, `run` decides on it
 * and feeds the outcomes of its effects back until all is at rest. Effects are spared and superseded as in the engine.
 */
export class World {
  readonly truth = new Truth()
  repo: Repository = REPO
  /** Drafts with our marker that a read-back meets, by release id. */
  drafts: NonNullable<Learned["drafts"]> = {}
  now = new Date("2026-11-02T09:00:00.000Z")
  /** What other repositories show of themselves, by their names in small letters. */
  neighbours: { readonly [name: string]: Neighbour } = {}
  announcements: Announcements = { is: "on", channel: "#releases" }
  state: State | undefined
  handles: { [target: string]: Handle & { content?: string } } = {}
  /** Git trees of merge commits, once GitHub tells them. */
  readonly trees = new Map<string, string>()
  /** What could not be read, by the beginning of its name (`checks:`), with the reason. */
  readonly unreadable = new Map<string, string>()
  /** Environments whose deployments were asked for, one after the other. */
  readonly lookedAt: string[] = []
  /** What post-mortem issues say, by the rollback that opened them; without it, what Slipway wrote. */
  readonly postMortems = new Map<string, PostMortemSeen>()
  /** Those that were read, in order. */
  readonly readPostMortems: string[] = []
  /** GitHub's settings, which a timer looks at. */
  protection: Learned["protection"]
  /** Deployments that have ended without a word, as GitHub tells who asks for them. */
  readonly endedSilently = new Set<string>()
  /** What a run does not look at, though it should. */
  readonly omitted = new Set<keyof Learned>()
  /** How effects end that do not end well, by kind or target. */
  readonly refusing = new Map<string, End>()
  /** Git trees of the commits that Slipway made for its pull requests, and of what they were merged as. */
  readonly content = new Map<string, string>()
  /** Pull requests whose files were asked for, in order. */
  readonly asked: number[] = []
  /** Addresses that were probed, in order. */
  readonly probed: string[] = []
  /** Effects as they were applied, in order. */
  readonly applied: Effect[] = []
  readonly audit: AuditEntry[] = []
  readonly times: TimeRecord[] = []
  /** Decided and not applied yet. */
  outbox: Effect[] = []
  revisitAt: string | undefined
  /** The newest one, and what it was made from. */
  decision: Decision<State, Effect> | undefined
  input: DecideInput | undefined
  #queue: Signal[] = []
  readonly #keys = new Set<string>()
  readonly #unapproved = new Set<string>()
  #ids = 0

  push(...args: Parameters<Truth["push"]>): this {
    return this.hear(...this.truth.push(...args))
  }

  merge(...args: Parameters<Truth["merge"]>): this {
    return this.hear(...this.truth.merge(...args))
  }

  /** Changes `slipway.yml` and the plan on the branch, by a commit that releases nothing. */
  commitFiles(files: {
    config?: Truth["config"]
    plan?: Truth["plan"]
    /** Of `release-plans/`, by name; undefined deletes one. */
    plans?: { readonly [name: string]: Plan | "broken" | undefined }
    author?: string
  }): this {
    if ("config" in files) this.truth.config = files.config
    if ("plan" in files) this.truth.plan = files.plan
    for (const [name, plan] of Object.entries(files.plans ?? {}))
      if (plan === undefined) delete this.truth.plans[name]
      else this.truth.plans[name] = plan
    const touched = [
      ...("config" in files ? [CONFIG] : []),
      ...("plan" in files ? [PLAN] : []),
      ...Object.keys(files.plans ?? {}).map((name) => `${PLAN_FOLDER}/${name}`),
    ]
    return this.push("chore: release files", { files: touched, author: files.author ?? "ann" })
  }

  hear(...signals: readonly Signal[]): this {
    this.#queue.push(...signals)
    return this
  }

  later(minutes: number): this {
    this.now = new Date(this.now.getTime() + minutes * 60_000)
    return this
  }

  /** A button on the page of the open release, or on the one that is given. */
  click(button: string, login: string, on: Pick<Check, "name" | "sha" | "externalId"> = this.readiness()): this {
    const click: Clicked = {
      kind: "clicked",
      checkRun: this.handles[readinessTarget(on.sha, componentNamed(on.name))]?.id ?? "0",
      name: on.name,
      sha: on.sha,
      externalId: on.externalId,
      button,
      by: this.truth.standings[login]?.person ?? person(login),
      at: this.now.toISOString(),
    }
    return this.hear(click)
  }

  deploy(environment: string, at: string, state: Deployed["state"], more: Partial<Deployed> = {}): this {
    this.#ids += 1
    const made = more.rollback === undefined ? undefined : this.handles[`deployment:${more.rollback}`]?.id
    const deployment = more.deployment ?? made ?? `d${this.#ids}`
    this.truth.statuses.set(deployment, state)
    return this.hear({
      kind: "deployed",
      environment,
      sha: at,
      ref: at,
      task: "deploy",
      status: String(1000 + this.#ids),
      state,
      by: "cleo",
      at: this.now.toISOString(),
      ...more,
      deployment,
    })
  }

  /** A job that waits at an environment; returns the number of its run. */
  ask(environment: string, sha: string | null, more: Partial<Requested> = {}): string {
    this.#ids += 1
    const run = String(5_000 + this.#ids)
    const deployment = String(9_000 + this.#ids)
    const said = { kind: "requested" as const, run, environment, event: "workflow_dispatch", deployment, sha }
    this.hear({ ...said, ref: "main", by: "cleo", at: this.now.toISOString(), ...more })
    return more.run ?? run
  }

  /** Decides on what is queued, or on these signals; effects stay in the outbox. */
  decide(signals: readonly Signal[] = this.#queue.splice(0)): this {
    const { state, handles, now } = this
    const facts = this.#observe(signals)
    this.input = { repo: this.repo, state, facts, signals, handles: structuredClone(handles), now }
    const decision = decideSoundly(this.input)
    this.decision = decision
    for (const target of decision.forgets ?? []) delete this.handles[target]
    this.state = asStored(this.protection ? decision.state : withoutLooks(decision.state))
    this.audit.push(...decision.audit)
    this.times.push(...decision.times)
    const isLook = !this.protection && decision.revisitAt === decision.state.settings?.next
    this.revisitAt = isLook ? undefined : decision.revisitAt
    this.#withdraw(decision.withdraws ?? [])
    for (const effect of decision.effects) this.#enqueue(effect)
    return this
  }

  /** What waits for nothing but its turn was never begun. */
  #withdraw(targets: readonly string[]): void {
    const isWithdrawn = ({ mode, target }: Effect) => mode === "append" && targets.includes(target)
    const outcome: End = { is: "refused", code: "withdrawn", because: "it was withdrawn" }
    for (const { key, target, kind } of this.outbox.filter(isWithdrawn))
      this.hear({ kind: "ended", effect: key, of: kind, target, outcome, at: this.now.toISOString() })
    this.outbox = this.outbox.filter((effect) => !isWithdrawn(effect))
  }

  /** Applies what was decided, which takes a second; what came of it is queued. */
  act(): this {
    this.now = new Date(this.now.getTime() + 1_000)
    for (const effect of this.outbox.splice(0)) {
      const outcome = this.#end(effect)
      this.applied.push(effect)
      this.#keep(effect, outcome)
      const { key, target, kind } = effect
      this.hear({ kind: "ended", effect: key, of: kind, target, outcome, at: this.now.toISOString() })
    }
    return this
  }

  /** Until all is at rest. */
  run(): this {
    this.decide()
    for (let turn = 0; this.outbox.length > 0; turn++) {
      if (turn === 25) throw new Error(`never at rest: ${this.outbox.map((e) => e.target).join(", ")}`)
      this.act().decide()
    }
    return this
  }

  /** Whether the configuration asked for no approval when a tag was made. */
  asksForNobody(tag: string): boolean {
    return this.#unapproved.has(tag)
  }

  /** Whether an effect of this key was decided before. */
  knows(key: string): boolean {
    return this.#keys.has(key)
  }

  /** Signals that are queued, in order: for tests that deliver them in another one. */
  take(): Signal[] {
    return this.#queue.splice(0)
  }

  get known(): State {
    if (!this.state) throw new Error("nothing was decided yet")
    return this.state
  }

  /** The oldest release that is not out, or the one of an id. */
  release(id?: string): Release {
    const found = this.known.releases.find((r) => (id === undefined ? r.phase.is !== "published" : r.id === id))
    if (!found) throw new Error(`there is no release ${id ?? "that is open"}`)
    return found
  }

  /** What a check run shows now. */
  check(target: string): Check {
    const written = this.applied.findLast((e) => e.kind === "check" && e.target === target)
    if (written?.kind !== "check") throw new Error(`${target} was never written`)
    return written.content
  }

  /** The readiness check of a release, the open one by default. */
  readiness(id?: string): Check {
    const { shown, component } = this.release(id)
    return this.check(readinessTarget(shown?.sha ?? "", component))
  }

  page(id?: string): ReadinessPage {
    const { page } = this.readiness(id)
    if (page.is !== "readiness") throw new Error(`the page of the release is ${page.is}`)
    return page
  }

  gate(name: GateName, id?: string): Gate {
    const found = this.page(id).gates.find((gate) => gate.name === name)
    if (!found) throw new Error(`there is no gate ${name}`)
    return found
  }

  /** The newest answer to a click on the open release. */
  answer(id?: string): Release["answers"][number] {
    const last = this.release(id).answers.at(-1)
    if (!last) throw new Error("no click was answered")
    return last
  }

  replies(id: string): readonly Reply["is"][] {
    return this.applied.flatMap((e) =>
      e.kind === "reply" && e.content.thread === `thread:${id}` ? [e.content.reply.is] : [],
    )
  }

  draft(id: string): Draft {
    const written = this.applied.findLast((e) => e.kind === "draft" && e.content.release === id)
    if (written?.kind !== "draft") throw new Error(`the draft of ${id} was never written`)
    return written.content
  }

  #enqueue(effect: Effect): void {
    if (this.#keys.has(effect.key)) return
    if (effect.mode === "replace") {
      const waits = this.outbox.some((e) => e.target === effect.target)
      if (!waits && this.handles[effect.target]?.content === hashOf(effect.content)) return
      this.outbox = this.outbox.filter((e) => e.target !== effect.target || e.mode === "append")
    }
    this.#keys.add(effect.key)
    this.outbox.push(effect)
  }

  #end(effect: Effect): End {
    const refused = this.refusing.get(effect.target) ?? this.refusing.get(effect.kind)
    if (refused) return refused
    if (effect.guard && this.now.toISOString() > effect.guard.notAfter)
      return { is: "refused", code: "expired", because: "its time had passed" }
    if (effect.kind === "publish") {
      const { config } = this.known.lines.main?.inForce ?? {}
      const { tag, sha } = effect.content
      if (config?.value.approvals.required === 0) this.#unapproved.add(tag)
      const stands = this.truth.tags.get(tag)
      if (stands && stands.sha !== sha) throw new Error(`${tag} stands on ${stands.sha} already`)
      this.truth.tags.set(tag, { sha, version: tag.slice(tag.search(/\d+\.\d/)), ours: true })
    }
    if (effect.kind === "pull-request" && effect.content.commit.is !== "withdrawn")
      return this.#writePull(effect.content, effect.target)
    this.#ids += 1
    const id = this.handles[effect.target]?.id ?? String(this.#ids)
    const body = effect.kind === "draft" ? { extra: { body: bodyHash(renderDraftBody(effect.content)) } } : {}
    const named =
      effect.kind === "thread" ? { extra: this.handles[effect.target]?.extra ?? { named: effect.content.channel } } : {}
    const url = `https://peer.example/${effect.kind}/${id}`
    const result =
      effect.kind === "post-mortem" || effect.kind === "revert" ? { result: { number: Number(id), url } } : {}
    return { is: "done", handle: { id, url, ...body, ...named }, ...result }
  }

  /** The same content makes the same tree; a commit is never made twice. Its number is 100 more than its release's. */
  #writePull({ commit, version, release }: OwnPull, target: string): End {
    const number = 100 + Number(release) + 50 * Number(target.split(":")[2] ?? 0)
    const url = `https://peer.example/pull/${number}`
    const handle = { id: String(number), url }
    if (commit.is !== "built")
      return {
        is: "done",
        handle,
        result: { number, url, version, ...(commit.is === "pinned" ? { sha: commit.sha } : {}) },
      }
    this.#ids += 1
    const hex = (what: unknown) => hashOf(what).slice(0, 40)
    const tree = hex([commit, version])
    const made = { sha: hex([tree, this.#ids]), tree, on: commit.on }
    this.content.set(made.sha, tree)
    return { is: "done", handle, result: { number, url, version, ...made } }
  }

  #keep(effect: Effect, outcome: End): void {
    const { target } = effect
    if (outcome.is === "refused") {
      if (outcome.code === "gone") delete this.handles[target]
      else if (this.handles[target]) delete this.handles[target].content
    } else if (effect.forgets) delete this.handles[target]
    else if (outcome.handle && effect.kind !== "publish")
      this.handles[target] = {
        ...outcome.handle,
        ...(effect.mode === "replace" ? { content: hashOf(effect.content) } : {}),
      }
  }

  /** As `observe` does it: nothing, unless a click, a gap, a publication under way or a touched file asks for more. */
  #observe(signals: readonly Signal[]): Facts {
    const { truth, state } = this
    const line = state?.lines.main
    const rules = truth.rules(line?.inForce.config?.value)
    const moves = signals.filter((s) => s.kind === "moved")
    const mirror = line?.ledger && this.#mirrored(line.ledger, signals)
    const publishing = state?.releases.some((r) => r.phase.is === "cut" && r.phase.publishing) ?? false
    const entering =
      Object.values(state?.requests ?? {}).some(({ asked, end }) => asked !== undefined && !end) ||
      Object.values(state?.verdicts ?? {}).some(({ asked }) => asked !== undefined)
    const verifying = Object.values(state?.environments ?? {}).some(
      ({ live, rollback }) =>
        (live?.verification?.is === "running" && live.verification.asked !== undefined) ||
        watchedIn({ ...(rollback ? { rollback } : {}) })?.asked !== undefined,
    )
    const asked = entering || state?.releases.some((r) => r.unattended?.is === "asked" && r.phase.is !== "published")
    const merged = signals.some(
      (s) => s.kind === "merged" && state?.releases.some((r) => r.pull?.number === s.pull.number),
    )
    const fresh = publishing || asked || merged || signals.some((s) => s.kind === "clicked" || s.kind === "look")
    const woken = fresh || moves.length > 0
    const readBack =
      !line?.ledger ||
      !mirror ||
      (woken && line.broken !== undefined) ||
      (fresh && mirror.head !== truth.head) ||
      signals.some((s) => s.kind === "look" && s.tag) ||
      !isDivided(truth.ledger(rules), mirror)
    const unread = state?.releases.some((r) => {
      const known = r.phase.is === "cut" ? state.evidence[r.phase.candidate.sha] : undefined
      return r.phase.is === "cut" && !(known?.readAt && known.workflows)
    })
    const touched = (path: string) => moves.some((m) => m.files?.includes(path) ?? true)
    const whole = readBack || fresh
    const freeze = state?.freezes?.main
    const unlisted = freeze !== undefined && !freeze.listed && freeze.over === undefined
    const ledger = readBack ? truth.ledger(rules) : mirror
    const learned: Learned = {
      ...(whole ? { ledgers: { main: ledger }, ci: { main: truth.ci } } : {}),
      ...(whole || touched(CONFIG) || signals.some((s) => s.kind === "organisation")
        ? { configs: { main: seen(CONFIG, truth.config) }, organisations: truth.organisations }
        : {}),
      ...(whole || touched(PLAN) ? { plans: { main: seen(PLAN, truth.plan) } } : {}),
      ...(whole || moves.some(inPlans) ? { planFolders: { main: this.#plans() } } : {}),
      ...(whole || touched(PLAN) || moves.some(inPlans) ? this.#files(ledger) : {}),
      ...(entering ? { attempts: this.#attempts(ledger), attestations: this.#attestations(), ...this.#alerts() } : {}),
      ...(entering || verifying ? this.#probes() : {}),
      ...(verifying ? { statuses: Object.fromEntries(truth.statuses) } : {}),
      ...(whole || unread || verifying ? { evidence: this.#evidence(ledger), workflows: this.#workflows(ledger) } : {}),
      ...(whole ? { approvers: this.#approvers(), issues: truth.issues, issueSigns: truth.issueSigns } : {}),
      ...(whole && truth.workspace ? { workspaces: { main: truth.workspace } } : {}),
      ...(readBack ? { drafts: this.drafts } : {}),
      ...(unlisted ? { openPulls: { main: truth.openPulls } } : {}),
      ...(this.protection && signals.length === 0 ? { protection: this.protection } : {}),
      ...this.#deployments(),
      ...this.#postMortems(signals),
      ...this.#newest(),
      ...this.#metrics(fresh),
      ...this.#proposals(signals),
      ...(Object.keys(this.neighbours).length > 0 ? { neighbours: this.neighbours } : {}),
      ...(this.trees.size > 0 ? { trees: Object.fromEntries(this.trees) } : {}),
      ...(fresh ? this.#people(ledger) : this.#askers(signals)),
    }
    return this.#withGaps(learned)
  }

  /** Who labelled an issue as an incident, and who wrote it. */
  #askers(signals: readonly Signal[]): Pick<Learned, "standings"> {
    if (!signals.some(({ kind }) => kind === "labelled")) return {}
    const { people } = needs(this.repo, this.state, signals)
    const known = people.flatMap(({ login }) => this.truth.standings[login] ?? [])
    return { standings: Object.fromEntries(known.map((standing) => [standing.person.login, standing])) }
  }

  #metrics(fresh: boolean): Pick<Learned, "metrics"> {
    const whole = Object.fromEntries((this.state?.releases ?? []).map(({ id }) => [id, { fresh }]))
    const questions = metricNeeds(this.state, this.now, this.repo.defaultBranch, whole)
    const readings = questions.map(({ key, query, at }): [string, MetricReading] => {
      const said = this.truth.metrics(query, at === undefined ? this.now : new Date(at))
      const when = this.now.toISOString()
      return [
        key,
        typeof said === "number" ? { is: "value", value: said, at: when } : { is: "none", because: said, at: when },
      ]
    })
    return readings.length === 0 ? {} : { metrics: Object.fromEntries(readings) }
  }

  #deployments(): Pick<Learned, "deployments"> {
    const silent = silentDeployments(this.state)
    if (silent.length === 0) return {}
    return { deployments: Object.fromEntries(silent.map((id) => [id, this.endedSilently.has(id) ? "ended" : "open"])) }
  }

  #postMortems(signals: readonly Signal[]): Pick<Learned, "postMortems"> {
    const needs = postMortemNeeds(this.state, signals, this.now)
    if (needs.length === 0) return {}
    this.readPostMortems.push(...needs.map(({ id }) => id))
    const fresh: PostMortemSeen = { is: "open", actions: [], refs: [] }
    return { postMortems: Object.fromEntries(needs.map(({ id }) => [id, this.postMortems.get(id) ?? fresh])) }
  }

  #newest(): Pick<Learned, "newest"> {
    const asked = environmentsToAsk(this.state)
    this.lookedAt.push(...asked)
    if (asked.length === 0) return {}
    return { newest: Object.fromEntries(asked.map((name) => [name, this.truth.newest.get(name) ?? []])) }
  }

  /** Those whose pushes have not told that they touch neither configuration nor plan. */
  #proposals(signals: readonly Signal[]): Pick<Learned, "proposals"> {
    const { state } = this
    if (!state) return {}
    const branches = followBranches(state, signals)
    const asked = signals.filter(
      (s): s is Proposed => s.kind === "proposed" && mayTouch(branches ? { ...state, branches } : state, s),
    )
    this.asked.push(...asked.map(({ pull }) => pull.number))
    const read = asked.map(({ pull: { number, headSha: sha }, base }) => {
      const files: ProposedFiles = this.truth.proposals[number] ?? { is: "untouched", sha, base }
      return [String(number), files] as const
    })
    return read.length === 0 ? {} : { proposals: Object.fromEntries(read) }
  }

  #mirrored(ledger: Ledger, signals: readonly Signal[]): Ledger | undefined {
    const moves = signals.flatMap((s) => (s.kind === "moved" ? [s] : []))
    if (moves.some((m) => m.deleted)) return undefined
    const extended = extend(
      ledger,
      moves.map((m) => m.advance),
    )
    const pulls = signals.flatMap((s) => (s.kind === "merged" ? [s.pull] : []))
    return extended.is === "gap" ? undefined : join(extended.ledger, pulls)
  }

  #shas(ledger: Ledger): readonly string[] {
    const cut = this.state?.releases.flatMap((r) =>
      r.phase.is === "drafted" ? (r.shown?.sha ?? []) : r.phase.candidate.sha,
    )
    return [...new Set([ledger.head, ...(cut ?? [])])]
  }

  #evidence(ledger: Ledger): { [sha: string]: readonly Evidence[] } {
    return Object.fromEntries(this.#shas(ledger).map((sha) => [sha, this.truth.checks.get(sha) ?? []]))
  }

  #attempts(ledger: Ledger): { [sha: string]: readonly Evidence[] } {
    const { attempts } = this.truth
    const all = Object.entries(this.#evidence(ledger))
    return Object.fromEntries(all.map(([sha, items]) => [sha, [...(attempts.get(sha) ?? []), ...items]]))
  }

  #attestations(): NonNullable<Learned["attestations"]> {
    const asked = [
      ...Object.values(this.state?.requests ?? {}).flatMap(({ artifact }) =>
        artifact?.is === "digests" ? artifact.digests : [],
      ),
      ...[...this.truth.checks.values()].flat().flatMap(({ digests }) => digests ?? []),
    ]
    const readAt = this.now.toISOString()
    const of = (digest: string) => this.truth.attestations[digest] ?? { verified: [], refused: [] }
    return Object.fromEntries(asked.map((digest) => [digest, { ...of(digest), readAt }]))
  }

  #alerts(): Pick<Learned, "alerts"> {
    const at = this.now.toISOString()
    const read = entryNeeds(this.state, this.repo.defaultBranch).flatMap(({ sha }) => {
      const found = this.truth.alerts[sha]
      return found ? [[sha, { ...found, at }] as const] : []
    })
    return read.length > 0 ? { alerts: Object.fromEntries(read) } : {}
  }

  /** Those that deployments ask for which are about to be let in. */
  #probes(): Pick<Learned, "probes"> {
    const { defaultBranch } = this.repo
    const needs = [...entryNeeds(this.state, defaultBranch), ...verificationNeeds(this.state, defaultBranch)]
    const all = needs.flatMap(({ probes }) => probes)
    const asked = [...new Map(all.map((probe) => [probeKey(probe), probe])).values()]
    this.probed.push(...asked.map(({ url }) => url))
    const at = this.now.toISOString()
    const read = asked.map((probe) => [probeKey(probe), { ...this.truth.answer(probe), at }] as const)
    return asked.length > 0 ? { probes: Object.fromEntries(read) } : {}
  }

  /** As they stood at each commit when it was the head. */
  #workflows(ledger: Ledger): { [sha: string]: readonly string[] } {
    const { workflows, ci } = this.truth
    return Object.fromEntries(this.#shas(ledger).map((sha) => [sha, workflows.get(sha) ?? ci.workflows]))
  }

  #files(ledger: Ledger): Pick<Learned, "files"> {
    const { plan, plans, files } = this.truth
    const all = [plan, ...Object.values(plans)]
    const named = all.flatMap((one) => (typeof one === "object" ? filesIn(one) : []))
    if (named.length === 0) return {}
    const at = this.#shas(ledger).flatMap((sha) => named.map((path) => [`${sha}:${path}`, files.has(path)]))
    return { files: Object.fromEntries(at) }
  }

  #plans(): readonly FolderPlan[] {
    const all = Object.entries(this.truth.plans).map(([name, plan]) => seen(`${PLAN_FOLDER}/${name}`, plan))
    return all.flatMap((plan) => (plan.is === "absent" ? [] : [plan]))
  }

  #approvers(): NonNullable<Learned["approvers"]> {
    const all = Object.values(this.truth.standings)
    const team = (name: string) => all.filter((s) => s.teams[name]).map((s) => s.person)
    return {
      writers: all.filter((s) => s.permission === "write" || s.permission === "admin").map((s) => s.person),
      admins: all.filter((s) => s.permission === "admin").map((s) => s.person),
      teams: { "acme/sre": team("acme/sre"), "acme/release": team("acme/release") },
      ...(this.truth.goneTeams.length > 0 ? { gone: this.truth.goneTeams } : {}),
      ...(this.truth.left.length > 0 ? { left: this.truth.left } : {}),
    }
  }

  #people(ledger: Ledger): Pick<Learned, "standings" | "authorship" | "brought" | "reviews" | "owners" | "tags"> {
    const { standings, authorship, brought, reviews, tags } = this.truth
    const changes = changesOf(ledger).map((change) => change.id)
    const { requests = {}, verdicts = {} } = this.state ?? {}
    const waiting = [...Object.values(requests), ...Object.values(verdicts)].map(({ release }) => release)
    const open = this.state?.releases.filter((r) => r.phase.is !== "published" || waiting.includes(r.id)) ?? []
    const of = <T>(known: { readonly [change: string]: T }) =>
      Object.fromEntries(changes.flatMap((id) => (known[id] ? [[id, known[id]]] : [])))
    return {
      standings,
      authorship: of(authorship),
      brought: of(brought),
      reviews: of(reviews),
      owners: this.#owners(ledger),
      tags: Object.fromEntries(open.map(({ tag }) => [tag, tags.get(tag)?.sha ?? null])),
    }
  }

  /** As they were read for the end that each open release has now. */
  #owners(ledger: Ledger): NonNullable<Learned["owners"]> {
    const { owners } = this.truth
    const open = this.state?.releases.filter(({ phase }) => phase.is !== "published") ?? []
    const owned = open.flatMap((release) => {
      const { phase, shown } = release
      const tip = phase.is === "drafted" ? (shown?.sha ?? ledger.head) : phase.candidate.sha
      return changesOf(ledger).flatMap((change) => {
        const parts = owners[change.id]
        return parts ? [[ownedKey(change, release), { to: change.sha, tip, parts }] as const] : []
      })
    })
    return Object.fromEntries(owned)
  }

  /** Takes away what cannot be read, and says why. */
  #withGaps(all: Learned): Facts {
    const unknown: Unknown[] = []
    const learned = Object.fromEntries(
      Object.entries(all).flatMap(([kind, values]) => {
        if (this.omitted.has(kind as keyof Learned)) return []
        const whole = this.unreadable.get(kind)
        if (whole !== undefined) {
          unknown.push({ what: kind, because: whole })
          return []
        }
        if (kind === "approvers" || kind === "drafts" || kind === "protection") return [[kind, values] as const]
        const kept = Object.entries(values as object).filter(([key]) => {
          const what = `${WORDS[kind]}:${key}`
          const reason = [...this.unreadable].find(([start]) => what.startsWith(start))?.[1]
          if (reason !== undefined) unknown.push({ what, because: reason })
          return reason === undefined
        })
        const known = kind === "standings" ? this.#withoutTeams(kept as [string, Standing][], unknown) : kept
        return [[kind, Object.fromEntries(known)] as const]
      }),
    )
    return structuredClone({ learned, unknown, announcements: this.announcements })
  }

  #withoutTeams(standings: readonly [string, Standing][], unknown: Unknown[]): readonly [string, Standing][] {
    return standings.map(([login, standing]) => {
      const teams = Object.entries(standing.teams).filter(([team]) => {
        const because = this.unreadable.get(`team:${team}`)
        if (because !== undefined) unknown.push({ what: `team:${team}`, because })
        return because === undefined
      })
      return [login, { ...standing, teams: Object.fromEntries(teams) }]
    })
  }
}

/**
 * What is kept by name comes back in another order, shorter names first.
 * https://www.postgresql.org/docs/current/datatype-json.html: "jsonb does not preserve … the order of object keys"
 */
const asStored = (state: State): State =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, isNamed(value) ? inOrderOfNames(value) : value]),
  ) as unknown as State

const isNamed = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const inOrderOfNames = (named: object): object =>
  Object.fromEntries(Object.entries(named).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))

/** The daily look at GitHub's settings comes between nobody's timers where a test does not speak of it. */
const withoutLooks = (state: State): State =>
  state.settings ? { ...state, settings: { ...state.settings, next: "9999-01-01T00:00:00.000Z" } } : state

/** Whether the mirror begins where each component does, and speaks of the paths that are asked for. */
function isDivided({ starts, paths }: Ledger, mirror: Ledger): boolean {
  const known = [Object.keys(mirror.starts ?? {}), mirror.paths ?? []]
  return hashOf([Object.keys(starts ?? {}), paths ?? []]) === hashOf(known)
}

const filesIn = ({ rollback_plan, checklist }: Plan): readonly string[] => [
  ...(rollback_plan ? [rollback_plan.procedure] : []),
  ...itemsOf(checklist).flatMap(({ by }) => (by.is === "file" ? [by.file] : [])),
]

const inPlans = ({ files }: Moved): boolean => files?.some((path) => path.startsWith(`${PLAN_FOLDER}/`)) ?? true

const CONFIG = ".github/slipway.yml"
const PLAN = "release-plan.yml"
const WORDS: { readonly [kind: string]: string } = {
  ledgers: "history",
  configs: "config",
  plans: "plan",
  planFolders: "plans",
  ci: "ci",
  evidence: "checks",
  attempts: "attempts",
  statuses: "status",
  metrics: "metric",
  workflows: "workflows",
  authorship: "authors",
  brought: "brought",
  owners: "owners",
  reviews: "reviews",
  standings: "standing",
  issues: "issue",
  issueSigns: "issue",
  files: "file",
  tags: "tag",
  deployments: "deployment",
  newest: "newest",
  attestations: "attestations",
  openPulls: "pulls",
  proposals: "proposal",
  trees: "tree",
  postMortems: "post-mortem",
}

/** An installed App that has seen the repository once, at its release 1.0.0. */
export const world = (prepare: (world: World) => void = () => undefined): World => {
  const it = new World()
  prepare(it)
  return it.hear({ kind: "look", because: "the App was installed" }).run()
}
