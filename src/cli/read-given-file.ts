import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { WrongUsage } from "./command.ts"

/**
 * Reads a text file that was named on the command line.
 * @param as how messages name it, such as `--config x.yml`
 * @throws WrongUsage where there is none, or it cannot be read
 */
export function readGivenFile(directory: string, file: string, as: string = file): Promise<string> {
  return readFile(resolve(directory, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(because(as, error))
  })
}

function because(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return `${file}: there is no such file`
  if (code === "EISDIR") return `${file}: that is a folder; name a file in it`
  return `${file} cannot be read: ${message}`
}
