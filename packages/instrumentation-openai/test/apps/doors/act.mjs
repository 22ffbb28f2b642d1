// What an application does with a client, and how its process ends.
const messages = [{ role: 'user', content: 'Hi' }]

async function read(client, model) {
  let chunks = 0
  for await (const _ of await client.chat.completions.create({ model, messages, stream: true })) chunks++
  return chunks
}

/** Waits in a stream that never goes on, once the first chunk of it is there. */
async function wait(client) {
  const stream = await client.chat.completions.create({ model: 'fault:stall_forever', messages, stream: true })
  let isReady = false
  for await (const _ of stream) {
    if (!isReady) await new Promise((resolve) => process.stdout.write('ready\n', resolve))
    isReady = true
  }
}

const ACTS = {
  /** Reads a stream and has nothing left to do. */
  read: async (client) => console.log(await read(client, 'healthy:plain')),
  /** Reads two streams, one after the other. */
  twice: async (client) => {
    await read(client, 'healthy:plain')
    await read(client, 'healthy:plain')
  },
  /** Reads streams that end and streams that break, one after the other. */
  readMany: async (client) => {
    for (const model of ['healthy:plain', 'fault:cut_json', 'fault:no_done']) {
      for (let count = 0; count < 3; count++) {
        const chunks = await read(client, model).catch(() => -1)
        console.log(`${chunks < 0 ? 'broken' : 'whole'}: ${Math.abs(chunks)}`)
      }
    }
  },
  exitCode: async (client) => {
    await read(client, 'healthy:plain')
    process.exitCode = 3
  },
  /** Reads a broken stream, and handles what it throws. */
  caught: (client) => read(client, 'fault:cut_json').catch(() => {}),
  /** Reads broken streams, and lets what they throw pass. */
  reset: (client) => read(client, 'fault:reset_inside_event'),
  malformed: (client) => read(client, 'fault:cut_json'),
  refused: (client) => read(client, 'fault:http_500'),
  /** A promise that nobody handles. */
  unhandled: (client) => void read(client, 'fault:reset_inside_event'),
  unawaited: (client) => void client.chat.completions.create({ model: 'fault:http_500', messages, stream: true }),
  wait,
  ownSignalHandler: async (client) => {
    process.on('SIGTERM', () => {
      // A graceful shutdown takes its time: as many turns as a slow request, and no timer of the test.
      let turns = 2000
      const stop = () => (turns-- > 0 ? setImmediate(stop) : process.exit(7))
      stop()
    })
    await wait(client)
  },
  ownSignalHandlerOnce: async (client) => {
    // Before those of everybody else, and gone when they are asked.
    process.prependOnceListener('SIGTERM', () => {
      let turns = 2000
      const stop = () => (turns-- > 0 ? setImmediate(stop) : process.exit(7))
      stop()
    })
    await wait(client)
  },
  /** Leaves a stream unread. */
  unread: async (client) => {
    const stream = await client.chat.completions.create({ model: 'healthy:plain', messages, stream: true })
    globalThis.kept = stream
    // Its connection would keep the process alive.
    stream.controller.abort()
  },
  /** Never comes to the end of its main module: Node.js exits with 13. */
  unsettled: async (client) => {
    await read(client, 'healthy:plain')
    await new Promise(() => {})
  },
}

export async function act(client, name) {
  await ACTS[name](client)
}
