/** One module specifier as a source file writes it. `undefined`: an import whose target is computed. */
export interface Import {
  readonly line: number
  readonly specifier: string | undefined
}

// A static import or re-export starts its line: the formatter, which the lint step enforces, puts one on no other
// place. Its clause is names, braces, commas and comments, so that prose that says `from "…"` is not taken for one.
const STATIC =
  /^[ \t]*(?:import|export)\b(?:(?:[\w$*{},\s]|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*?\bfrom\b)?\s*["']([^"'\n]+)["']/gm
// Also `import("x").T` in types. Whatever follows the parenthesis and is not a plain string counts as computed.
const DYNAMIC = /\bimport\s*\(\s*(?:["']([^"'\n]+)["']\s*[,)])?/g
// Finding a package's path (`createRequire(…).resolve`) loads nothing; every other use of CommonJS does.
const OTHER_LOADERS = /\b(?:createRequire\b\s*\([^()]*\)(?!\s*\.resolve\()|(?:getBuiltinModule|require)\b\s*\()/g

/**
 * Every module that a TypeScript source file loads or takes types from: static imports (`import type` too), re-exports,
 * side-effect imports, `import()` in code and in types, and CommonJS loaders (as computed). Works on text, because
 * TypeScript 7 has no compiler API; it errs towards finding too much.
 */
export function importsOf(source: string): Import[] {
  const found = [
    ...[...source.matchAll(STATIC)].map((match) => ({ index: match.index, specifier: match[1] })),
    ...[...source.matchAll(DYNAMIC)].map((match) => ({ index: match.index, specifier: match[1] })),
    ...[...source.matchAll(OTHER_LOADERS)].map((match) => ({ index: match.index, specifier: undefined })),
  ]
  return found
    .filter(({ index }) => !isCommentLine(lineAt(source, index)))
    .map(({ index, specifier }) => ({ line: source.slice(0, index).split("\n").length, specifier }))
    .sort((a, b) => a.line - b.line)
}

/** Whether nothing but a comment is on this line. A trailing comment does not count: it is read as code. */
export const isCommentLine = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*)/.test(line)

function lineAt(source: string, index: number): string {
  const start = source.lastIndexOf("\n", index - 1) + 1
  const end = source.indexOf("\n", index)
  // A match may begin with the indentation of its own line, never with the line break before it.
  return source.slice(start, end === -1 ? source.length : end)
}
