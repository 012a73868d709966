import type { Problem } from "../model/problem.ts"
import { plain } from "./paint.ts"

/** One line a mistake, as compilers write them, so that editors can jump there: `file:line:column: message`. */
export const showProblems = (problems: readonly Problem[]): string =>
  problems
    .map(({ file, line, column, path, message }) =>
      plain(`${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`),
    )
    .join("\n")
