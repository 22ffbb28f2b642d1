/** What `streamgauge --help` prints. */
export const HELP = `streamgauge tells you why your LLM stream stopped.

Usage
  streamgauge demo     read streams that break, and see why each one stopped
  streamgauge view     receive an app's telemetry, and show it on a page
  streamgauge faults   list the streams that the demo can read
  streamgauge help     print this text
  streamgauge version  print the version

Options of demo
  --once        exit after the tour, as it does where its output is no terminal
  --json        print one JSON document instead of tables; implies --once
  --fault NAME  read only this stream of the list; may be given several times
  --port PORT   port of the page and the receiver; 0 (default) picks one

Options of view
  --port PORT  port of the page and the receiver on 127.0.0.1; default 4318
  --db FILE    keep the telemetry in this file; in memory without it
  --open       open the page in the browser

Exit codes
  0    done; for demo: every stream was told as what it was
  1    demo: a stream was told as something else; the differences are printed
  2    the command line makes no sense
  3    this machine does not play along: a busy port, a full disk, old Node.js
  130  Ctrl-C during the demo's tour; after it, Ctrl-C ends with its result
`
