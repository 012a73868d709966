/** Says how much memory a process ever had, when it ends; loaded into it with `--import`. https://man7.org/linux/man-pages/man2/getrusage.2.html */
process.on("exit", () => {
  process.stderr.write(`peak ${process.resourceUsage().maxRSS} kB\n`)
})
