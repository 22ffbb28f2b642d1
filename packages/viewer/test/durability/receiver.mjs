// A receiver into a file, in a process of its own that the test kills.
import { openStore, startReceiver } from '@streamgauge/viewer'

const receiver = await startReceiver({ port: 0, store: openStore({ path: process.argv[2], maxStreams: 1_000_000 }) })
process.send(receiver.url)
