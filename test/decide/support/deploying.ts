import type { Check } from "../../../src/model/effect.ts"
import type { Gate } from "../../../src/model/gate.ts"
import type { ProtectionNote, ProtectionRequest } from "../../../src/model/protection.ts"
import { config } from "./truth.ts"
import { type World, world } from "./world.ts"

/** One release after another, and the jobs that deploy them: what is asked, pressed and answered, and what pages show. */
export class Deploying {
  readonly w: World

  /** @param production what production asks for */
  constructor(production: object, more: object = {}) {
    this.w = world((it) => {
      it.truth.config = config({ environments: { staging: null, production }, ...more })
      it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    })
  }

  /** Publishes a release of one more change; returns its commit. */
  release(number: number): string {
    const { w } = this
    w.merge(number, `fix: number ${number}`).run().click("approve", "ben").run().click("publish", "cleo").run()
    return w.truth.head
  }

  /** Until what the clock alone brings has come: what is to be read at once. */
  settle(): this {
    const { w } = this
    w.run()
    for (let turn = 0; Date.parse(w.revisitAt ?? "") - w.now.getTime() < 1_000; turn++) {
      if (turn === 10) throw new Error("it looks again and again")
      w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt ?? "")))
      w.run()
    }
    return this
  }

  later(minutes: number): this {
    this.w.later(minutes)
    return this.settle()
  }

  /** A job asks; returns its run. */
  ask(at: string, more: Parameters<World["ask"]>[2] = {}, environment = "production"): string {
    const run = this.w.ask(environment, at, more)
    this.settle()
    return run
  }

  request(run: string): ProtectionRequest {
    const found = Object.values(this.w.known.requests ?? {}).find((request) => request.run === run)
    if (!found) throw new Error(`nothing is known of run ${run}`)
    return found
  }

  verdict(run: string): string {
    const { end } = this.request(run)
    return end?.is === "answered" ? end.verdict : (end?.is ?? "waits")
  }

  /** The deployment of a job goes a step further. */
  tell(run: string, state: Parameters<World["deploy"]>[2], deployment = this.request(run).deployment): this {
    const { sha, environment } = this.request(run)
    this.w.deploy(environment, sha ?? "", state, { deployment })
    return this.settle()
  }

  page(at: string, environment = "production"): Check {
    return this.w.check(`check:environment:${environment}:${at}`)
  }

  gate(at: string, name: Gate["name"], environment = "production"): Gate | undefined {
    const { page } = this.page(at, environment)
    if (page.is !== "entry") throw new Error(`the page is ${page.is}`)
    return page.gates.find((gate) => gate.name === name)
  }

  press(button: string, login: string, at: string, environment = "production"): this {
    this.w.click(button, login, this.page(at, environment))
    return this.settle()
  }

  /** What was commented on deployments that wait, oldest first. */
  comments(): readonly ProtectionNote[] {
    return this.w.applied.flatMap((effect) => (effect.kind === "protection-comment" ? [effect.content.note] : []))
  }
}
