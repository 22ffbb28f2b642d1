/**
 * A provider of the API: the one that it was given, else the global one of now. The proxies of the API follow a provider that
 * is set late, but none that comes in its place; and meters have no proxy at all.
 */
export class FollowedProvider<P> {
  readonly #global: () => P
  readonly #use: (provider: P) => void
  #isGiven = false
  #current: P | undefined

  constructor(global: () => P, use: (provider: P) => void) {
    this.#global = global
    this.#use = use
  }

  /** Registering hands over the global provider of that moment, which may be none yet: then the global one is followed. */
  give(provider: P): void {
    this.#isGiven = provider !== this.#global()
    this.#change(provider)
  }

  follow(): void {
    if (!this.#isGiven) this.#change(this.#global())
  }

  #change(provider: P): void {
    if (provider === this.#current) return
    this.#current = provider
    this.#use(provider)
  }
}
