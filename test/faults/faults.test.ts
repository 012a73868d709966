import { createHash } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { TakenMail } from "../../demo/peers/smtp/server.ts"
import { startProcess } from "../main/process.ts"
import type { MortalOptions } from "./app.ts"
import { Crew, harass } from "./crew.ts"
import { startDatabase } from "./database.ts"
import { checkOf, contentOf, KillsAtWrites, killAtRandom, kindOf, refOf } from "./kills.ts"
import type { Write } from "./proxy.ts"
import { openReceivers } from "./receivers.ts"
import { playLetIn, playStory, playTakenBack, playWayBack } from "./story.ts"
import { openTheatre, REQUEST_TIMEOUT_MS, type Theatre } from "./theatre.ts"
import { worldOf } from "./world.ts"

/**
 * The main job, told while the process dies by kill -9 again and again: at the end the world must be the one of an
 * undisturbed run. The short form, part of `npm test`, dies twice at every kind of write and at a few random instants.
 * The long form, `npm run test:faults`, sets `FAULTS_KILLS`: it dies twice at every single write, and so many times at
 * random; `FAULTS_SEED` draws other instants.
 */
const KILLS = Number(process.env.FAULTS_KILLS ?? 6)
const SEED = Number(process.env.FAULTS_SEED ?? 1)
const isLong = process.env.FAULTS_KILLS !== undefined
/** More would keep a story from ever getting on. */
const KILLS_A_STORY = 20
/** Of processes that work side by side: kills and pauses, by turns. */
const STROKES = isLong ? 40 : 4
/** Of the theatre's request time-out, a lease is one and a half. */
const PAST_A_LEASE_MS = 2 * REQUEST_TIMEOUT_MS
const WITHIN_MS = isLong ? 60 * 60_000 : 600_000

const cache = mkdtempSync(join(tmpdir(), "slipway-compiled-"))
beforeAll(async () => {
  // Node writes its cache when a process ends by itself. This one does at once: it is told nothing.
  await startProcess({ NODE_COMPILE_CACHE: cache }).ended
})
afterAll(() => rmSync(cache, { recursive: true, force: true }))

type Cast = Parameters<typeof openTheatre> extends [unknown, unknown, ...infer Rest] ? Rest : never

interface Told {
  readonly world: unknown
  readonly deadLetters: number
  readonly problems: readonly string[]
}

/** Tells the story once. `beside` runs with it until it ends. */
async function tell(
  fateOf: Parameters<typeof openTheatre>[1] = () => "pass",
  beside: (theatre: Theatre, done: AbortSignal) => Promise<unknown> = async () => undefined,
  ...cast: Cast
): Promise<Told> {
  const theatre = await openTheatre(cache, fateOf, ...cast)
  const done = new AbortController()
  const ended = beside(theatre, done.signal)
  try {
    await playStory(theatre)
    done.abort()
    await ended
    await theatre.quiet()
    return {
      world: await worldOf(theatre),
      deadLetters: await theatre.deadLetters(),
      problems: [...theatre.github.problems, ...theatre.slack.problems],
    }
  } finally {
    done.abort()
    await ended
    await theatre.close()
  }
}

/** What Slipway does to the world, by the writes that do it. One that is added is met without standing here. */
const EFFECTS = {
  draft: /POST \/repos\/acme\/shop\/releases /,
  "draft's content": /PATCH \/repos\/acme\/shop\/releases\/:id .*target_commitish/,
  "file of the audit": /POST \/api\/uploads\/repos\/acme\/shop\/releases\/:id\/assets /,
  tag: /POST \/repos\/acme\/shop\/git\/refs /,
  publication: /PATCH \/repos\/acme\/shop\/releases\/:id .*\bdraft\b/,
  "notes of a published release": /PATCH \/repos\/acme\/shop\/releases\/:id \{body\}/,
  check: /POST \/repos\/acme\/shop\/check-runs /,
  "check's content": /PATCH \/repos\/acme\/shop\/check-runs\/:id /,
  thread: /chat\.postMessage \{(?!.*thread_ts)/,
  "thread's first message": /chat\.update /,
  reply: /chat\.postMessage .*thread_ts/,
  deployment: /POST \/repos\/acme\/shop\/deployments /,
  "latest release": /PATCH \/repos\/acme\/shop\/releases\/:id \{make_latest\}/,
  "post-mortem": /POST \/repos\/acme\/shop\/issues /,
}

describe.concurrent("the main job", () => {
  const kinds = new Set<string>()
  const collect = (write: Write) => {
    kinds.add(kindOf(write))
    return "pass" as const
  }
  // Told once, beside the others: they compare with it at their end.
  let undisturbed: Promise<Told> | undefined
  const once = () => {
    undisturbed ??= tell(collect)
    return undisturbed
  }

  test("is done, undisturbed, with every effect that Slipway has", { timeout: WITHIN_MS }, async () => {
    expect(await once()).toMatchObject({ deadLetters: 0, problems: [] })
    for (const [effect, write] of Object.entries(EFFECTS)) expect([...kinds].join("\n"), effect).toMatch(write)
  })

  // Two halves at the same time: most of it is waiting for leases to run out.
  test.each([0, 1])(
    "killed before and after every write, half %i, it ends in the same world",
    {
      timeout: WITHIN_MS,
    },
    async (half) => {
      const isMine = (kind: string) => halfOf(kind) === half
      const deaths = new KillsAtWrites(isLong ? contentOf : kindOf, isMine)
      const [told, expected] = await Promise.all([tell((write) => deaths.fateOf(write)), once()])
      expect(told).toEqual(expected)
      const died = Map.groupBy(deaths.kills, ({ kind }) => kind)
      for (const kind of [...kinds].filter(isMine))
        expect(died.get(kind)?.map(({ fate }) => fate) ?? [], kind).toEqual(
          expect.arrayContaining(["die before", "die after"]),
        )
      report(
        `killed at writes: ${deaths.kills.length}`,
        [...died].map(([kind, all]) => `${all.length} × ${kind}`),
      )
    },
  )

  test(`killed at ${KILLS} random instants, it ends in the same world`, { timeout: WITHIN_MS }, async () => {
    for (let seed = SEED, left = KILLS; left > 0; seed++) {
      let killed = 0
      const beside = async ({ app }: Theatre, done: AbortSignal) => {
        killed = await killAtRandom(app, seed, Math.min(left, KILLS_A_STORY), done)
      }
      const [told, expected] = await Promise.all([tell(undefined, beside), once()])
      expect(told, `FAULTS_SEED=${seed}, ${killed} kills`).toEqual(expected)
      expect(killed).toBeGreaterThan(0)
      left -= killed
      report(`killed at random: ${killed}, seed ${seed}`)
    }
  })

  test.each([2, 4])(
    "told by %i processes on one Postgres, of which one is killed and one sleeps past its lease, it ends in the same world",
    { timeout: WITHIN_MS },
    async (size) => {
      const database = await startDatabase()
      try {
        const crews: Crew[] = []
        const hire = (options: MortalOptions) => {
          const crew = new Crew(size, options)
          crews.push(crew)
          return crew
        }
        let struck = { kills: 0, pauses: 0 }
        const beside = async (_: Theatre, done: AbortSignal) => {
          for (const crew of crews)
            struck = await harass(crew, { seed: SEED + size, times: STROKES, sleepMs: PAST_A_LEASE_MS }, done)
        }
        const env = { DATABASE_URL: database.urlAt(database.port) }
        const [told, expected] = await Promise.all([tell(undefined, beside, env, hire), once()])
        expect(told, `FAULTS_SEED=${SEED}, ${JSON.stringify(struck)}`).toEqual(expected)
        expect(Math.min(struck.kills, struck.pauses)).toBeGreaterThan(0)
        report(`${size} processes, seed ${SEED}: ${struck.kills} killed, ${struck.pauses} paused`)
      } finally {
        await database.close()
      }
    },
  )
})

// Beside the main job, which takes longer.
test.concurrent("killed while it writes a verdict, and while it answers GitHub, it says each once, and the same", {
  timeout: WITHIN_MS,
}, async () => {
  const isMine = (kind: string) => LETTING_IN.some((write) => write.test(kind))
  const deaths = new KillsAtWrites(checkOf, isMine, checkOf)
  const theatre = await openTheatre(cache, (write) => deaths.fateOf(write))
  try {
    const { sha, run } = await playLetIn(theatre)
    const { github } = theatre
    expect(github.answersOf("acme/shop", run)).toMatchObject([{ verdict: "approved" }])
    const answers = github.requests.filter(
      ({ operationId, body }) => operationId === "actions/review-custom-gates-for-run" && body.state !== undefined,
    )
    expect(answers).toMatchObject([{ status: 204, body: { state: "approved" } }])
    const [verdict, ...others] = github.checkRuns("acme/shop", { sha, name: "Slipway / production" })
    expect([verdict?.conclusion, others]).toEqual(["success", []])
    expect(verdict?.summary?.match(/dora/g)?.length).toBeGreaterThan(0)
    for (const write of LETTING_IN)
      expect(
        deaths.kills.flatMap(({ kind, fate }) => (write.test(kind) ? [fate] : [])),
        String(write),
      ).toEqual(["die before", "die after"])
    expect([await theatre.deadLetters(), github.problems, theatre.slack.problems]).toEqual([0, [], []])
    report(`killed at verdicts: ${deaths.kills.length}`)
  } finally {
    await theatre.close()
  }
})

// Beside the main job as well.
test.concurrent("killed over e-mails, calls, refs and a revert, it says and does each once", {
  timeout: WITHIN_MS,
}, async () => {
  const isMine = (kind: string) => GOING_BACK.some((write) => write.test(kind))
  const deaths = new KillsAtWrites(refOf, isMine, refOf)
  const receivers = await openReceivers(() => theatre.app)
  const theatre = await openTheatre(cache, (write) => deaths.fateOf(write), receivers.env)
  try {
    const good = await playWayBack(theatre, receivers.url)
    const { github, slack } = theatre
    const at = { owner: "acme", repo: "shop" }
    const asAna = github.as("ana").rest
    expect((await asAna.git.getRef({ ...at, ref: "slipway/production/good" })).data.object.sha).toBe(good)
    const pulls = (await asAna.pulls.list({ ...at, state: "all" })).data
    expect(pulls.filter(({ head }) => head.ref.startsWith("slipway/"))).toMatchObject([
      { state: "open", head: { ref: expect.stringMatching(/^slipway\/rollback\/1-/) }, base: { ref: "main" } },
    ])
    // Receivers know what comes twice by its key: that is the same, and so is all the rest.
    expect(new Set(receivers.calls.map((call) => JSON.stringify(call))).size).toBe(1)
    const letters = Map.groupBy(receivers.mails, ({ headers }) => headers["message-id"])
    const worded = ({ headers: { to, subject, references }, text }: TakenMail) =>
      JSON.stringify([to, subject, references, text])
    expect([...letters.values()].map((same) => new Set(same.map(worded)).size)).toEqual([1, 1])
    // Each death may have come over a letter that was on its way.
    const deathsInAll = deaths.kills.length + receivers.deaths.length
    expect(receivers.mails.length).toBeLessThanOrEqual(letters.size + deathsInAll)
    const replies = (await slack.messages("releases")).flatMap((thread) => thread.replies.map(({ text }) => text))
    expect(replies.filter((text) => text.includes("*Rolling back production*"))).toHaveLength(1)
    expect(replies.filter((text) => text.includes("did not help"))).toHaveLength(1)
    for (const write of GOING_BACK)
      expect(
        deaths.kills.flatMap(({ kind, fate }) => (write.test(kind) ? [fate] : [])),
        String(write),
      ).toEqual(["die before", "die after"])
    for (const where of ["mail", "call"])
      expect(
        receivers.deaths.flatMap(({ at, fate }) => (at === where ? [fate] : [])),
        where,
      ).toEqual(["die before", "die after"])
    expect([await theatre.deadLetters(), github.problems, slack.problems]).toEqual([0, [], []])
    report(`killed on the way back: ${deaths.kills.length + receivers.deaths.length}`)
  } finally {
    await theatre.close()
    await receivers.close()
  }
})

/** In which order the tag and the release are heard of decides what is said of them; what is done about them is the same. */
test("killed while it takes back what was published by hand, it takes it back once", {
  timeout: WITHIN_MS,
}, async () => {
  const isMine = (kind: string) => TAKING_BACK.some((write) => write.test(kind))
  const deaths = new KillsAtWrites(kindOf, isMine)
  const theatre = await openTheatre(cache, (write) => deaths.fateOf(write))
  try {
    await playTakenBack(theatre)
    const { tags, releases } = theatre.github.world()["acme/shop"] ?? {}
    expect(tags).toEqual({})
    expect(releases).toMatchObject([{ tagName: "v0.1.0", draft: true }])
    const replies = (await theatre.slack.messages("releases")).flatMap((thread) => thread.replies)
    expect(replies.filter(({ text }) => text.includes("The draft of v0.1.0 was published by hand"))).toHaveLength(1)
    for (const write of TAKING_BACK)
      expect(deaths.kills.flatMap(({ kind, fate }) => (write.test(kind) ? [fate] : []))).toEqual([
        "die before",
        "die after",
      ])
    expect([await theatre.deadLetters(), theatre.github.problems, theatre.slack.problems]).toEqual([0, [], []])
  } finally {
    await theatre.close()
  }
})

const LETTING_IN = [
  /POST \/repos\/acme\/shop\/check-runs .*Slipway \/ production: action_required/,
  /PATCH \/repos\/acme\/shop\/check-runs\/:id .*Slipway \/ production: success/,
  /POST \/repos\/acme\/shop\/actions\/runs\/:id\/deployment_protection_rule .*\bstate\b/,
]

const GOING_BACK = [
  /POST \/repos\/acme\/shop\/git\/refs .*refs\/slipway\/production\/good/,
  /POST \/repos\/acme\/shop\/git\/refs .*refs\/heads\/slipway\/rollback/,
  /POST \/repos\/acme\/shop\/pulls /,
]

const TAKING_BACK = [
  /PATCH \/repos\/acme\/shop\/releases\/:id \{draft\}/,
  /DELETE \/repos\/acme\/shop\/git\/refs\/tags/,
]

const halfOf = (kind: string): number => createHash("sha256").update(kind).digest().readUInt8(0) % 2

function report(headline: string, lines: readonly string[] = []): void {
  process.stdout.write(`${[headline, ...lines.toSorted()].join("\n  ")}\n`)
}
