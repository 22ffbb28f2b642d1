import { Duplex } from 'node:stream'

/** An error of the operating system, as a socket reports it. */
const systemError = (code: string, errno: number, syscall: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${syscall} ${code}`), { code, errno, syscall })

type Done = (error?: Error | null) => void

/**
 * One end of a connection within the process. It does what HTTP servers and clients ask of a socket: FIN, RST and
 * back-pressure. A write is done when the other end takes it, so each arrives as a read of its own.
 */
export class MemorySocket extends Duplex {
  /** Itself until both ends are there. */
  #peer: MemorySocket = this
  #written: Done | undefined
  #hasEnded = false

  /** Makes both ends of a connection. */
  static pair(): readonly [client: MemorySocket, server: MemorySocket] {
    const [client, server] = [new MemorySocket(), new MemorySocket()]
    client.#peer = server
    server.#peer = client
    return [client, server]
  }

  override _read(): void {
    this.#peer.#finishWrite(null)
  }

  override _write(bytes: Uint8Array, _: BufferEncoding, done: Done): void {
    this.#written = done
    this.#peer.push(bytes)
  }

  /** What was corked is one packet. */
  override _writev(writes: readonly { readonly chunk: Uint8Array }[], done: Done): void {
    this._write(Buffer.concat(writes.map(({ chunk }) => chunk)), 'binary', done)
  }

  override _final(done: Done): void {
    this.#sendEnd()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#sendEnd()
    this.#peer.#finishWrite(systemError('EPIPE', -32, 'write'))
    done(error)
  }

  /** As of `net.Socket`: FIN, once everything is written. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** As of `net.Socket`: RST. The other end loses what it hasn't read. */
  resetAndDestroy(): this {
    this.#peer.destroy(systemError('ECONNRESET', -104, 'read'))
    return this.destroy()
  }

  #sendEnd(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (!this.#peer.destroyed) this.#peer.push(null)
  }

  #finishWrite(error: Error | null): void {
    const done = this.#written
    this.#written = undefined
    done?.(error)
  }
}
