/** Text with its formatting, from Markdown or from Slack's mrkdwn. */
export type Inline =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "code"; readonly text: string }
  | { readonly is: "strong" | "em" | "del"; readonly inside: readonly Inline[] }
  | { readonly is: "link"; readonly url: string; readonly inside: readonly Inline[] }
  | { readonly is: "break" }

/** The blocks that Slipway writes, and a little more, since people write above and below them. */
export type MarkdownBlock =
  | { readonly is: "heading"; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly is: "paragraph"; readonly inside: readonly Inline[] }
  | { readonly is: "list"; readonly ordered: boolean; readonly items: readonly (readonly MarkdownBlock[])[] }
  | {
      readonly is: "table"
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }
  | { readonly is: "quote"; readonly alert?: string; readonly blocks: readonly MarkdownBlock[] }
  | { readonly is: "details"; readonly summary: readonly Inline[]; readonly blocks: readonly MarkdownBlock[] }
  | { readonly is: "code"; readonly text: string }
  | { readonly is: "rule" }
