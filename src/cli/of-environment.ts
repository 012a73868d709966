import { type ParseArgsOptionsConfig, parseArgs } from "node:util"
import { WrongUsage } from "./command.ts"

/**
 * The arguments of a command that takes one environment.
 *
 * @throws WrongUsage where none is named, or several are
 */
export function ofEnvironment<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [environment, ...rest]: readonly string[] = positionals
  if (environment === undefined || rest.length > 0) throw new WrongUsage("it takes one environment, as production")
  return { environment, values }
}
