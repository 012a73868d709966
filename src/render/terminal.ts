import type { Block } from "./block-kit.ts"
import { showInstant } from "./instant.ts"
import { parseMrkdwn } from "./mrkdwn.ts"
import { markdownLines } from "./terminal-blocks.ts"
import { type Line, lineWidth, paint, printable, type Style, spansOf, wrap } from "./terminal-text.ts"
import { type CheckView, conclusionOf, type MessageView, type ThreadView } from "./views.ts"
import { shortSha } from "./words.ts"

export interface TerminalOptions {
  /** ANSI colours and styles: the caller knows whether this is a terminal that wants them. */
  readonly colour: boolean
  /** Columns, 100 unless told. */
  readonly width?: number
}

const WIDTH = 100

/** Markdown (release notes, an issue) for a terminal. */
export const markdownForTerminal = (markdown: string, options: TerminalOptions): string =>
  print(markdownLines(markdown, options.width ?? WIDTH), options)

/** A check run of ours in a frame: name, conclusion, title, buttons, summary and text. */
export function checkForTerminal(it: CheckView, options: TerminalOptions): string {
  const width = (options.width ?? WIDTH) - 4
  const [symbol, word] = conclusionOf(it.conclusion, "▫")
  const buttons = it.buttons.map(({ label }) => `[ ${label} ]`).join("  ")
  return print(
    framed(
      `${it.name} on ${shortSha(it.sha)}`,
      [
        [span(`${symbol} ${it.title}`, { bold: true }), span(`  (${word})`, { faint: true })],
        ...(buttons ? [[], [span(buttons, { colour: "green" })]] : []),
        [],
        ...markdownLines(it.summary, width),
        ...(it.text ? [[], [span("─".repeat(width), { faint: true })], [], ...markdownLines(it.text, width)] : []),
      ],
      options.width ?? WIDTH,
    ),
    options,
  )
}

/** A Slack thread in a frame: the first message, then its replies, indented. */
export function threadForTerminal(it: ThreadView, options: TerminalOptions): string {
  const width = (options.width ?? WIDTH) - 4
  const replies = it.replies.flatMap((reply) => [
    [],
    ...messageLines(reply, width - 4).map((line): Line => [span("  │ ", { faint: true }), ...line]),
  ])
  return print(framed(it.channel, [...messageLines(it.first, width), ...replies], options.width ?? WIDTH), options)
}

function messageLines(it: MessageView, width: number): Line[] {
  const grey = `  ${showInstant(it.at)}${it.edited ? " (edited)" : ""}${it.broadcast ? " · also sent to the channel" : ""}`
  return [
    [span("Slipway", { bold: true }), span(grey, { faint: true })],
    ...it.blocks.flatMap((block) => blockLines(block, width)),
  ]
}

function blockLines(it: Block, width: number): Line[] {
  switch (it.type) {
    case "header":
      return wrap([span(it.text.text, { bold: true, colour: "cyan" })], width)
    case "section":
      return "text" in it
        ? mrkdwn(it.text.text, width)
        : columns(
            it.fields.map((field) => mrkdwn(field.text, width / 2 - 2)),
            width,
          )
    case "context":
      return it.elements.flatMap((element) => mrkdwn(element.text, width, { faint: true }))
    case "divider":
      return [[span("─".repeat(width), { faint: true })]]
    case "actions":
      return [[span(it.elements.map(({ text }) => `[ ${text.text} ]`).join("  "), { colour: "green" })]]
  }
}

/** Fields stand in pairs, as Slack draws them. */
function columns(fields: readonly Line[][], width: number): Line[] {
  const [left = [], right = [], ...rest] = fields
  if (left.length === 0) return []
  const half = Math.floor(width / 2)
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, at): Line => {
    const line = left[at] ?? []
    return [...line, span(" ".repeat(Math.max(0, half - lineWidth(line)))), ...(right[at] ?? [])]
  })
  return [...rows, ...columns(rest, width)]
}

const mrkdwn = (text: string, width: number, style: Style = {}): Line[] =>
  spansOf(parseMrkdwn(text), style).flatMap((line) => wrap(line, width))

const span = (text: string, style: Style = {}) => ({ text: printable(text), style })

function framed(title: string, lines: readonly Line[], width: number): Line[] {
  const name = ` ${title} `
  const faint = { faint: true }
  const side = (line: Line): Line => [
    span("│ ", faint),
    ...line,
    span(`${" ".repeat(Math.max(0, width - 4 - lineWidth(line)))} │`, faint),
  ]
  return [
    [
      span("╭─", faint),
      span(name, { bold: true }),
      span(`${"─".repeat(Math.max(0, width - 3 - lineWidth([span(name)])))}╮`, faint),
    ],
    ...lines.flatMap((line) => wrap(line, width - 4)).map(side),
    [span(`╰${"─".repeat(width - 2)}╯`, faint)],
  ]
}

const print = (lines: readonly Line[], { colour }: TerminalOptions): string =>
  lines.map((line) => paint(line, colour)).join("\n")
