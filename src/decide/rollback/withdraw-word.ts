import type { Incident } from "../../model/incident.ts"
import { own } from "../../model/own.ts"
import { putEnvironment, type Run } from "../run.ts"

/** The first of two words does not stand any more that an issue asked by, if it is the one that stands. */
export function withdrawWord(run: Run, { by, at, stands }: Incident): void {
  const environment = stands.is === "waits" ? own(run.state.environments, stands.place) : undefined
  if (environment?.asked?.at !== at || environment.asked.by.login !== by) return
  const { asked: _, ...rest } = environment
  putEnvironment(run, rest)
}
