import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Whether this machine has what it takes. */
export function canMakeCertificates(): boolean {
  return spawnSync('openssl', ['version']).status === 0
}

/** Makes `cert.pem` and `key.pem` of a private authority for `localhost` in a folder, and says where the first is. */
export function makeCertificate(folder: string): string {
  const path = join(folder, 'cert.pem')
  const made = spawnSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' '),
      '-subj',
      '/O=Inspecting Proxy Ltd/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      join(folder, 'key.pem'),
      '-out',
      path,
    ],
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`no certificate could be made: ${made.stderr}`)
  return path
}
