import { X509Certificate } from 'node:crypto'
import { rootCertificates, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'

/** What a TLS connection says of who is at its other end. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** Who issued the server's certificate: organisation, or common name. */
  readonly issuer: string
  /** The chain ends in one of the public roots that Node.js comes with: `null` where its end was not seen. */
  readonly isPublicRoot: boolean | null
}

/** Reads the facts off a connection that is up. */
export function readTls(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerCertificate(true)
  return {
    version: socket.getProtocol() ?? 'unknown',
    issuer: issuerOf(certificate),
    isPublicRoot: isPublicRoot(certificate),
  }
}

function issuerOf({ issuer }: Partial<DetailedPeerCertificate>): string {
  const [name] = [issuer?.O ?? issuer?.CN ?? 'unknown'].flat()
  return String(name).slice(0, MAX_NAME)
}

/** Longest name of an issuer that is kept. */
const MAX_NAME = 80

/** A chain of certificates is shorter than this. */
const MAX_CHAIN = 16

/** An issuer that signed itself ends the chain; Node.js names it as its own issuer then. */
function isPublicRoot(leaf: DetailedPeerCertificate): boolean | null {
  let certificate = leaf
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    const { issuerCertificate } = certificate as Partial<DetailedPeerCertificate>
    if (issuerCertificate === undefined) return null
    if (issuerCertificate.fingerprint256 === certificate.fingerprint256) break
    certificate = issuerCertificate
  }
  const { fingerprint256 } = certificate
  return rootCertificates.some((pem) => new X509Certificate(pem).fingerprint256 === fingerprint256)
}
