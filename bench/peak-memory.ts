/**
 * Says how much memory a process ever had, when it ends; loaded into it with `--import`. From `VmHWM` of
 * /proc/self/status: what getrusage(2) says is never less than what the process that started it had.
 */
import { readFileSync } from "node:fs"

process.on("exit", () => {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]
  process.stderr.write(`peak ${kilobytes ?? "unknown"} kB\n`)
})
