// The provider of the demo: on loopback, so that only what shares its network can reach it.
import { startFaultServer } from '@streamgauge/fault-server'

const server = await startFaultServer({
  port: Number(process.env.FAULT_SERVER_PORT ?? 8080),
  // Chunks come about as fast as a model writes.
  delayMs: 40,
})
console.log(`A server that breaks streams on request: ${server.baseURL}`)
