/** What `streamgauge --help` prints. */
export const HELP = `streamgauge tells you why your LLM stream stopped.

Usage
  streamgauge demo     a real app reads streams from a server that misbehaves; see why each one stopped
  streamgauge faults   list the faults that the demo can inject
  streamgauge help     print this text
  streamgauge version  print the version

Options of demo
  --once          run the tour once and exit (so does any run whose output is no terminal)
  --json          print one JSON document instead of tables; implies --once
  --fault NAME    run only this fault or healthy stream; may be given several times
  --port PORT     port of the OTLP receiver on 127.0.0.1, 0 to 65535; 0 takes a free one (default)

Exit codes
  0    done; for demo: every stream was recognised as what it was
  1    demo: at least one stream was told as something else; the differences are printed
  2    the command line makes no sense
  3    this machine did not play along: a port in use, an app that could not start, too old a Node.js
  130  interrupted by Ctrl-C
`
