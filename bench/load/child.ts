import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"

/** A part of the benchmark in a process of its own: what it measures must not wait for what it measures. */
export interface Child<Order> {
  /** @throws when the process ends instead of answering */
  ask<Answer>(order: Order): Promise<Answer>
  close(): void
}

/** @param file beside this one */
export function startChild<Order extends object>(file: string): Child<Order> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [] })
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`${file} of the benchmark ended with ${code}`))
        child.once("exit", ended)
        child.once("message", (said) => {
          child.off("exit", ended)
          resolve(said as never)
        })
        child.send(order)
      }),
    close: () => void child.kill("SIGTERM"),
  }
}
