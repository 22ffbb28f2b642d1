import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { basename } from 'node:path'

/** A socket that somebody listens on. */
interface Listener {
  readonly inode: string
  /** Of the user whose process it is. */
  readonly uid: number
}

/** A process as one would look for it. */
export interface LinuxProcess {
  readonly pid: number
  /** Such as `otelcol`, or `node server.js`. No other argument: any of them may be a secret. */
  readonly name: string
}

/** `TCP_LISTEN` of the kernel's table. */
const LISTENING = '0A'

/** Who listens on this port at an address that the host's would meet; empty on anything but Linux. */
export function findListeners(port: number, host: string): readonly Listener[] {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readText(path).split('\n').slice(1))
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , uid, , inode = ''] = row.trim().split(/\s+/)
    const [address = '', hexPort = ''] = local.split(':')
    const isOurs = state === LISTENING && Number.parseInt(hexPort, 16) === port && meets(address, host)
    return isOurs ? [{ inode, uid: Number(uid) }] : []
  })
}

/** The process that holds a socket; undefined where this user may not see it. */
export function findProcess({ inode }: Listener): LinuxProcess | undefined {
  const link = `socket:[${inode}]`
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    if (list(`/proc/${pid}/fd`).some((fd) => readLink(`/proc/${pid}/fd/${fd}`) === link)) {
      return { pid: Number(pid), name: processName(pid) }
    }
  }
  return undefined
}

/** An address as the kernel's table has it, in hex: the same one, or every address. */
function meets(address: string, host: string): boolean {
  if (!isIPv4(host) || host === '0.0.0.0' || /^0+$/.test(address)) return true
  const bytes = host.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  const hex = bytes.toReversed().join('').toUpperCase()
  return address === hex || address === `0000000000000000FFFF0000${hex}`
}

const SCRIPT = /\.([cm]?[jt]s|py|rb|jar)$/

/** The command line tells more than the name that a process gave itself, which of Node.js is `MainThread`. */
function processName(pid: string): string {
  const [program = '', ...args] = readText(`/proc/${pid}/cmdline`).split('\0')
  const name = basename(program) || readText(`/proc/${pid}/comm`).trim() || 'a process without a name'
  const script = args.find((argument) => SCRIPT.test(argument))
  return script === undefined ? name : `${name} ${basename(script)}`
}

/** What can't be read has nothing in it: processes end, and others belong to other users. */
function orElse<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}

const readText = (path: string): string => orElse(() => readFileSync(path, 'utf8'), '')
const list = (path: string): readonly string[] => orElse(() => readdirSync(path), [])
const readLink = (path: string): string => orElse(() => readlinkSync(path), '')
