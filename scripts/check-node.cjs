// The first step of every npm script that needs a modern Node (a `pre` script would not run under `ignore-scripts`, which
// is when it is needed). CommonJS in old syntax, because the Node that runs it may be the very one that is too old to
// parse anything newer.
const [major, minor] = process.versions.node.split(".").map(Number)
// The first release with unflagged type stripping in its line; the same floor as `engines` in package.json.
const isNewEnough = major > 22 || (major === 22 && minor >= 18)
if (!isNewEnough) {
  console.error(
    [
      `Slipway needs Node 22.18 or newer, and this is Node ${process.versions.node}.`,
      "npm scripts bring their own Node 24 (the development dependency `node`), but its install script has not run:",
      "that happens when npm is told to ignore scripts. Do one of these:",
      "  npm rebuild node --ignore-scripts=false    run that one install script now",
      "  npm ci --ignore-scripts=false              install everything again, with scripts",
      "  or put Node 24 in front of your PATH       https://nodejs.org/",
    ].join("\n"),
  )
  process.exit(1)
}
