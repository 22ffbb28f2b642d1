/** What `streamgauge --help` prints. */
export const HELP = `streamgauge tells you why your LLM stream stopped.

Usage
  streamgauge demo     read streams that break, and see why each one stopped
  streamgauge view     receive an app's telemetry, and show it on a page
  streamgauge replay   say why a stream that was captured stopped, and where
  streamgauge explain  say what a name means, and what can be set against it
  streamgauge probe    send few requests, and see what the path does to a stream
  streamgauge doctor   say what would be hooked here; after --, what really is
  streamgauge faults   list the streams that the demo can read
  streamgauge help     print this text
  streamgauge version  print the version

Options of demo
  --once        exit after the tour, as it does where its output is no terminal
  --json        print one JSON document instead of tables; implies --once
  --open        open the page in the browser, where the streams appear live
  --fault NAME  read only this stream of the list; may be given several times
  --port PORT   port of the page and the receiver; 0 (default) picks one

Options of view
  --port PORT    port of the page and the receiver; default 4318; 0 picks one
  --host HOST    address to listen on; default 127.0.0.1; others need a token
  --token TOKEN  what requests must carry; better in STREAMGAUGE_VIEW_TOKEN
  --db FILE      keep the telemetry in this file; in memory without it
  --grafana URL  link each stream to its trace in this Grafana
  --open         open the page in the browser

Options of replay
  FILE          a body, \`curl -i\` output, a HAR or a recorded chunk; - is stdin
  --full        show what the model said, which is masked otherwise
  --json        print one JSON document
  --end END     how it ended: eof, reset, close, timeout; default: as captured
  --host HOST   host that was asked: a few end their answers in their own way
  --model NAME  model that was asked for, for the same reason

Options of explain
  NAME            fault, anomaly, cause, outcome or HTTP status; none lists all
  --product NAME  only the settings of this product, such as nginx
  --json          print one JSON document

Options of probe
  URL                     base URL, such as https://api.openai.com/v1
  --model NAME            model to ask; needed
  --key-env NAME          variable that holds the key; default OPENAI_API_KEY
  --compare URL           probe this one as well, and tell what lies between
  --compare-key-env NAME  variable with the key for that one; default the same
  --allow-http            send the key over http:// to another machine
  --api NAME              chat (default) or responses
  --max-tokens N          most tokens of each answer; default 256
  --timeout SECONDS       longest that each request may take; default 60
  --yes                   do not ask before the requests are sent
  --json                  print one JSON document instead of tables

Options of doctor
  -- COMMAND         run it, such as node app.mjs, and see what is hooked in it
  --timeout SECONDS  longest that it may run; default 60
  --json             print one JSON document; its output goes to stderr then

Exit codes
  0    done; demo: each was told as what it was; replay: the stream is complete
  1    demo: a stream was told as something else; replay: the stream is broken
  2    the command line makes no sense
  3    this machine does not play along: a busy port, a full disk, old Node.js
  4    replay: the file is missing, empty, or no captured stream
  5    streamgauge itself is broken, which is worth a report
  60   probe: streams come broken, or are held back
  61   probe: the server cannot be reached, or does not answer
  62   probe: the key is refused
  63   probe: what answers there is no OpenAI-like server, or not at this path
  64   probe: the server refuses the request (model, limit, failure)
  65   probe: too few events came to tell whether they are held back
  70   doctor: the worst that it found is a warning
  71   doctor: it found a problem
  130  Ctrl-C before there was a result (the demo's tour), or no to a question
`
