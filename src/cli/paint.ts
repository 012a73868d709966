import { styleText } from "node:util"
import type { Terminal } from "./command.ts"

/** Styled where the terminal shows colours, plain elsewhere (pipes, files, NO_COLOR). */
export const paint = (terminal: Terminal, style: Parameters<typeof styleText>[0], text: string): string =>
  terminal.colours ? styleText(style, text, { validateStream: false }) : text

/**
 * Text from outside for a terminal: without control characters, which could move the cursor, rename the window or
 * hide what stands before.
 */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ")
